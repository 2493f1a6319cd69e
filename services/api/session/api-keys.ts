import { createHash, randomBytes } from 'node:crypto';
import { type ApiKey, userOfKey } from '../../store/api-key-store.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from './sessions.ts';

/** Begins every key, so that one that leaked is found by those who look for leaks. */
const PREFIX = 'busguard_';
const KEY = /^busguard_[A-Za-z0-9_-]{43}$/;
/** The store is told of use no more often than this. */
const NOTE_USE_EVERY_MS = 60_000;

/** A new key and what is kept of it: its hash alone. 256 random bits need no slow hash. */
export function newKey(): { readonly key: string; readonly hash: Uint8Array } {
  const key = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { key, hash: hashOf(key) };
}

const hashOf = (key: string): Uint8Array => createHash('sha256').update(key).digest();

export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];

const holds = (key: ApiKey, now: number): boolean => key.revokedAt === null && key.expiresAt > now;

/** The session of a key for the time of one request or one stream, or null. */
export async function sessionOfKey(
  { apiKeys }: Pick<Store, 'apiKeys'>,
  text: string,
  now: number,
  remote: string,
): Promise<Session | null> {
  if (!KEY.test(text)) return null;
  const key = await apiKeys.byHash(hashOf(text));
  if (!key || !holds(key, now)) return null;
  if (key.lastUsedAt === null || now - key.lastUsedAt >= NOTE_USE_EVERY_MS || key.lastUsedFrom !== remote)
    await apiKeys.used(key.id, now, remote);
  return { id: `key:${key.id}`, user: userOfKey(key), expiresAt: key.expiresAt, viaKey: true };
}

/** The user behind a key's session as it is now, or null where the key holds no longer. */
export async function recheckKey({ apiKeys }: Pick<Store, 'apiKeys'>, id: string, now: number) {
  const key = await apiKeys.byId(id.replace(/^key:/, ''));
  return key && holds(key, now) ? userOfKey(key) : null;
}
