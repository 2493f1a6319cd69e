import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Store, User } from '../../store/store.ts';
import { recheckKey } from './api-keys.ts';

export interface SessionLimits {
  /** A session unused for this long ends. */
  readonly idleMs?: number;
  /** No session outlives this, used or not. */
  readonly absoluteMs?: number;
  /** The store is told of use no more often than this. */
  readonly touchEveryMs?: number;
}

export interface Session {
  /** Names the session in the store and on the bus; nothing can be done with it. */
  readonly id: string;
  readonly user: User;
  readonly expiresAt: number;
  /** Another system's key and no person: it has no account to change. */
  readonly viaKey?: true;
}

export interface SessionData {
  readonly userId: string;
  readonly createdAt: number;
  /** Where it was begun, for the person to recognise. */
  readonly remote?: string;
  readonly agent?: string;
}

export interface Sessions {
  /** The session of a cookie's token, or null; prolongs it. Users are read afresh, so a disabled one has none. */
  find(token: string | undefined, now: number): Promise<Session | null>;
  /** Is the session still there, and its user? */
  recheck(id: string, now: number): Promise<User | null>;
  /** Always under a new token, so that one planted before the sign-in is worth nothing. */
  start(
    user: User,
    now: number,
    from?: Pick<SessionData, 'remote' | 'agent'>,
  ): Promise<{ token: string; session: Session; maxAgeS: number }>;
  end(id: string): Promise<void>;
}

/** Random bytes of a token, then the bytes that prove it is one of ours. */
const RANDOM_BYTES = 24;
const PROOF_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{54}$/;

/**
 * Sessions in the database, so that they can be ended and hold on every web process. The browser has a random token;
 * the store has only its keyed hash, so that reading the table opens no session. A made-up token is known for one
 * without asking the store.
 */
export function makeSessions(store: Store, secret: string, limits: SessionLimits = {}): Sessions {
  const { idleMs = 12 * 3_600_000, absoluteMs = 7 * 86_400_000, touchEveryMs = 5 * 60_000 } = limits;
  const idOf = (token: string): string => createHmac('sha256', secret).update(`id ${token}`).digest('hex');
  const proofOf = (random: Uint8Array): Buffer =>
    createHmac('sha256', secret).update('token ').update(random).digest().subarray(0, PROOF_BYTES);

  const isOurs = (token: string): boolean => {
    if (!TOKEN.test(token)) return false;
    const bytes = Buffer.from(token, 'base64url');
    return timingSafeEqual(bytes.subarray(RANDOM_BYTES), proofOf(bytes.subarray(0, RANDOM_BYTES)));
  };

  const load = async (id: string, now: number): Promise<{ session: Session; data: SessionData } | null> => {
    const row = await store.sessions.get(id);
    if (!row || row.expiresAt <= now || !isSessionData(row.data)) return null;
    if (now >= row.data.createdAt + absoluteMs) return null;
    const user = await store.users.byId(row.data.userId);
    if (!user || user.disabled) return null;
    return { session: { id, user, expiresAt: row.expiresAt }, data: row.data };
  };

  return {
    async find(token, now) {
      if (token === undefined || !isOurs(token)) return null;
      const found = await load(idOf(token), now);
      if (!found) return null;
      const { session, data } = found;
      const expiresAt = Math.min(now + idleMs, data.createdAt + absoluteMs);
      if (expiresAt - session.expiresAt < touchEveryMs) return session;
      await store.sessions.set(session.id, data.userId, data, expiresAt);
      return { ...session, expiresAt };
    },
    async recheck(id, now) {
      if (id.startsWith('key:')) return recheckKey(store, id, now);
      return (await load(id, now))?.session.user ?? null;
    },
    async start(user, now, from = {}) {
      const random = randomBytes(RANDOM_BYTES);
      const token = Buffer.concat([random, proofOf(random)]).toString('base64url');
      const session = { id: idOf(token), user, expiresAt: now + idleMs };
      const data: SessionData = { userId: user.id, createdAt: now, ...from };
      await store.sessions.set(session.id, user.id, data, session.expiresAt);
      return { token, session, maxAgeS: Math.floor(absoluteMs / 1000) };
    },
    end: (id) => store.sessions.destroy(id),
  };
}

export function isSessionData(data: unknown): data is SessionData {
  if (typeof data !== 'object' || data === null) return false;
  return (
    'userId' in data &&
    typeof data.userId === 'string' &&
    'createdAt' in data &&
    typeof data.createdAt === 'number'
  );
}
