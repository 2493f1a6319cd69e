import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { AccountStore } from '../../store/account-store.ts';

/** Of RFC 6238, as every authenticator app has it. */
const PERIOD_S = 30;
/** Steps before and after: a phone's clock may be half a minute off. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** What the picture holds that an app photographs. */
export const keyUri = (secret: string, login: string): string =>
  new TOTP({ issuer: 'Busguard', label: login, secret, period: PERIOD_S }).toString();

/** The step of 30 s whose code this is, or null. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const token = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const delta = new TOTP({ secret, period: PERIOD_S }).validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta;
}

/** `xxxx-xxxx-xxxx`: 59 bits each, shown once. */
export const recoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    Array.from({ length: 3 }, () => Array.from({ length: 4 }, letter).join('')).join('-'),
  );

/** Evenly: bytes beyond the last whole multiple of the alphabet are drawn again. */
function letter(): string {
  for (;;) {
    const byte = randomBytes(1)[0] ?? 255;
    if (byte < 256 - (256 % ALPHABET.length)) return ALPHABET[byte % ALPHABET.length] ?? '';
  }
}

const RECOVERY = /^[a-z2-9]{4}-?[a-z2-9]{4}-?[a-z2-9]{4}$/;

/** Is the code right, be it of the app or for recovery? A code that was taken once is taken no more. */
export async function takesCode(
  accounts: AccountStore,
  id: string,
  secret: string,
  code: string,
  now: number,
): Promise<boolean> {
  const step = stepOf(secret, code, now);
  if (step !== null) return accounts.takeTotpStep(id, step);
  const recovery = code.trim().toLowerCase();
  if (!RECOVERY.test(recovery)) return false;
  const groups = recovery.replaceAll('-', '').match(/.{4}/g) ?? [];
  return accounts.takeRecoveryCode(id, groups.join('-'));
}
