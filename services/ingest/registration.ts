import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TerminalRow, TerminalStore } from '../store/store.ts';

/** Random bytes of an authentication code: 16 characters on the wire, which every terminal has room for. */
const TOKEN_BYTES = 12;

/** What a terminal says of itself in 0x0100. */
export interface Registration {
  readonly phone: string;
  readonly plate: string;
  readonly plateColour: number;
  readonly manufacturer: string;
  readonly model: string;
  readonly terminalId: string;
  readonly version: string;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Registers a terminal and returns its authentication code, which is random and kept only as a hash. A terminal that
 * registers again gets a new one, and the old one is void.
 */
export async function register(
  terminals: TerminalStore,
  said: Registration,
  approved: boolean,
  now: number,
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const before = await terminals.get(said.phone);
  await terminals.save({
    ...said,
    tokenHash: hashOf(token),
    imei: before?.imei ?? null,
    approved,
    registeredAt: now,
    lastSeenAt: now,
  });
  return token;
}

/** The terminal's row if the code is the one it was given, else null. */
export async function authenticate(
  terminals: TerminalStore,
  phone: string,
  code: string,
): Promise<TerminalRow | null> {
  const row = await terminals.get(phone);
  if (!row?.tokenHash) return null;
  const given = Buffer.from(hashOf(code), 'hex');
  const kept = Buffer.from(row.tokenHash, 'hex');
  return given.length === kept.length && timingSafeEqual(given, kept) ? row : null;
}

/** 0x0003: the code is void until the terminal registers anew. */
export async function deregister(terminals: TerminalStore, phone: string): Promise<void> {
  const row = await terminals.get(phone);
  if (row) await terminals.save({ ...row, tokenHash: null });
}
