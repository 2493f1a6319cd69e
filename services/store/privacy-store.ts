import { storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { type Erased, eraseRider } from './erase-rider.ts';
import type { DataCipher } from './personal-files.ts';
import type { Role } from './store.ts';

/** Consent as it was given or withdrawn last. */
export interface ConsentNow {
  readonly purpose: string;
  readonly version: string;
  readonly granted: boolean;
  readonly riders: readonly string[];
  readonly at: number;
}

export interface ConsentRecord extends Omit<ConsentNow, 'at'> {
  readonly at: number;
  readonly userId: string;
  readonly textSha256: string;
  readonly remote: string;
}

/** One look at a child's data. */
export interface Look {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  /** Null where the account is gone. */
  readonly userId: string | null;
  readonly role: Role | null;
}

export type PrivacyRequestKind = 'export' | 'erase';
export type PrivacyRequestState = 'asked' | 'refused' | 'withdrawn' | 'confirmed' | 'done';

export interface PrivacyRequest {
  readonly id: string;
  readonly kind: PrivacyRequestKind;
  readonly rider: string;
  readonly schoolId: string;
  readonly askedBy: string;
  readonly askedAt: number;
  readonly note: string | null;
  readonly state: PrivacyRequestState;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly reason: string | null;
  readonly doneAt: number | null;
}

export interface PrivacyStore {
  consents(userId: string): Promise<ConsentNow[]>;
  recordConsent(record: ConsentRecord): Promise<void>;
  /** Newest first; before `seq` where that is given. */
  looks(rider: string, limit: number, before?: number): Promise<Look[]>;
  /** Null where the same is asked for already and not yet decided. */
  ask(
    request: Omit<PrivacyRequest, 'state' | 'decidedBy' | 'decidedAt' | 'reason' | 'doneAt'>,
  ): Promise<boolean>;
  request(id: string): Promise<PrivacyRequest | null>;
  requestsOf(userId: string, limit: number): Promise<PrivacyRequest[]>;
  requestsIn(state: PrivacyRequestState, limit: number): Promise<PrivacyRequest[]>;
  /** From one state to the next; false where it was in another. */
  decide(
    id: string,
    from: PrivacyRequestState,
    to: PrivacyRequestState,
    by: string,
    at: number,
    reason: string | null,
  ): Promise<boolean>;
  /** Removes who the child is from everything that is kept. */
  eraseRider(rider: string): Promise<Erased>;
}

const REQUESTS = `
select id, kind, rider, school_id as "schoolId", asked_by as "askedBy", asked_at as "askedAt", note, state,
  decided_by as "decidedBy", decided_at as "decidedAt", reason, done_at as "doneAt"
from privacy_request`;

const RECORD_CONSENT = `
insert into consent_record (at, user_id, purpose, version, granted, riders, text_sha256, remote)
values ($1, $2, $3, $4, $5, $6, $7, $8)`;

const LOOKS = `
select l.seq, l.at, l.action, l.user_id as "userId", a.role
from audit_log l left join account a on a.id = l.user_id
where l.detail -> 'riders' ? $1 and l.seq < $3 order by l.seq desc limit $2`;

const ASK = `
insert into privacy_request (id, kind, rider, school_id, asked_by, asked_at, note, state)
values ($1, $2, $3, $4, $5, $6, $7, 'asked') on conflict do nothing`;

const DECIDE = `
update privacy_request set state = $3, decided_by = coalesce(decided_by, $4), decided_at = coalesce(decided_at, $5),
  reason = coalesce($6, reason), done_at = case when $3 = 'done' then $5::timestamptz end
where id = $1 and state = $2`;

export function makePrivacyStore(database: Database, cipher: DataCipher): PrivacyStore {
  return {
    consents: (userId) =>
      database.rows<ConsentNow>(
        'select purpose, version, granted, riders, at from consent_now where user_id = $1 order by purpose',
        [userId],
      ),
    async recordConsent({ at, userId, purpose, version, granted, riders, textSha256, remote }) {
      await database.run(RECORD_CONSENT, [
        timestamp(at),
        userId,
        purpose,
        version,
        granted,
        [...riders],
        textSha256,
        storableText(remote),
      ]);
    },
    looks: (rider, limit, before = Number.MAX_SAFE_INTEGER) =>
      database.rows<Look>(LOOKS, [rider, limit, before]),
    async ask({ id, kind, rider, schoolId, askedBy, askedAt, note }) {
      const values = [id, kind, rider, schoolId, askedBy, timestamp(askedAt), note && storableText(note)];
      return (await database.run(ASK, values)) > 0;
    },
    async request(id) {
      return (await database.rows<PrivacyRequest>(`${REQUESTS} where id = $1`, [id]))[0] ?? null;
    },
    requestsOf: (userId, limit) =>
      database.rows<PrivacyRequest>(`${REQUESTS} where asked_by = $1 order by asked_at desc, id limit $2`, [
        userId,
        limit,
      ]),
    requestsIn: (state, limit) =>
      database.rows<PrivacyRequest>(`${REQUESTS} where state = $1 order by asked_at desc, id limit $2`, [
        state,
        limit,
      ]),
    async decide(id, from, to, by, at, reason) {
      const values = [id, from, to, by, timestamp(at), reason && storableText(reason)];
      return (await database.run(DECIDE, values)) > 0;
    },
    eraseRider: (rider) => eraseRider(database, cipher, rider),
  };
}
