import { createHash } from 'node:crypto';
import type { SignInFailures, SignInStore } from '../../store/sign-in-store.ts';

export interface SignInLimits {
  /** Failures of one login from one address that cost no waiting; other addresses can still sign that login in. */
  readonly freePerLogin?: number;
  /** The same from one address, whatever the login: a whole school may sit behind one. */
  readonly freePerAddress?: number;
  /** The wait after the first failure that costs one; it doubles with each. */
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** Failures are forgotten when none came for this long. */
  readonly forgetMs?: number;
}

export const SIGN_IN_LIMITS = {
  freePerLogin: 5,
  freePerAddress: 60,
  firstWaitMs: 2_000,
  longestWaitMs: 15 * 60_000,
  forgetMs: 24 * 3_600_000,
} as const satisfies Required<SignInLimits>;

export interface SignInLimit {
  /** Seconds to wait before this address may try this login again; 0 is at once. */
  waitS(address: string, login: string, now: number): Promise<number>;
  failed(address: string, login: string, now: number): Promise<void>;
  succeeded(address: string, login: string): Promise<void>;
}

/**
 * Slows guessing without locking anybody out: failures count against where they come from, never against the login
 * alone, so that no stranger can shut another's account; each wait is twice the one before and ends by itself. They are
 * remembered in the database, so that neither a restart nor another process begins anew.
 */
export function signInLimit(store: SignInStore, limits: SignInLimits = {}): SignInLimit {
  const { freePerLogin, freePerAddress, firstWaitMs, longestWaitMs, forgetMs } = {
    ...SIGN_IN_LIMITS,
    ...limits,
  };
  const keysOf = (address: string, login: string) => ({
    ofAddress: hashed(`a ${network(address)}`),
    ofLogin: hashed(`l ${network(address)} ${login.toLowerCase()}`),
  });
  const wait = (failures: SignInFailures | undefined, free: number, now: number): number => {
    if (!failures || failures.count < free || now - failures.lastAt >= forgetMs) return 0;
    const ms = Math.min(firstWaitMs * 2 ** Math.min(failures.count - free, 30), longestWaitMs);
    return Math.max(0, failures.lastAt + ms - now);
  };

  return {
    async waitS(address, login, now) {
      const { ofAddress, ofLogin } = keysOf(address, login);
      const failures = await store.failures([ofAddress, ofLogin]);
      const ms = Math.max(
        wait(failures.get(ofAddress), freePerAddress, now),
        wait(failures.get(ofLogin), freePerLogin, now),
      );
      return Math.ceil(ms / 1000);
    },
    async failed(address, login, now) {
      await store.failed(Object.values(keysOf(address, login)), now, now - forgetMs);
    },
    async succeeded(address, login) {
      await store.forget([keysOf(address, login).ofLogin]);
    },
  };
}

/** Neither addresses nor what somebody typed as a login, which may be a password, are kept in clear. */
const hashed = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 24);

/** One subscriber has a whole /64 of IPv6 to guess from. */
function network(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((g) => g !== '').length;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? '').split(':')];
  return all.slice(0, 4).join(':');
}
