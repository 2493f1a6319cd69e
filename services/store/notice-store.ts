import type { NoticeKind } from '../notify/notice-kinds.ts';
import type { ChannelName } from '../notify/settings.ts';
import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Database, Session } from './database.ts';
import { dashed, makeDatedTable } from './dated-table.ts';
import { guardiansOf, type NotifyPerson, staffOf } from './notify-people.ts';

export type NoticeState =
  | 'due'
  | 'sending'
  | 'accepted'
  | 'delivered'
  | 'opened'
  | 'failed'
  | 'expired'
  | 'superseded'
  | 'limited'
  | 'quiet'
  | 'unreachable';

/** What is to be rendered: ids, numbers and times. JSON values. */
export type NoticePayload = { readonly [name: string]: string | number | boolean | null | readonly string[] };

/** One notice for one person, as it is made. */
export interface NoticeDraft {
  /** Day of service, `YYYYMMDD`. */
  readonly date: string;
  /** Two of one date and key are the same notice. */
  readonly key: string;
  readonly person: string;
  readonly rider: string | null;
  /** `trip date`, by which a person's notices keep their order; null for those of no run. */
  readonly run: string | null;
  readonly kind: NoticeKind;
  readonly safety: boolean;
  readonly payload: NoticePayload;
  /** When what it tells of was committed. */
  readonly causedAt: number;
  readonly expiresAt: number;
  /** To be tried in order. */
  readonly channels: readonly ChannelName[];
  readonly state: 'due' | 'quiet' | 'limited' | 'unreachable';
}

/** A notice that this process sends now. */
export interface ClaimedNotice extends Omit<NoticeDraft, 'state' | 'date' | 'key'> {
  readonly id: NoticeId;
  /** This one included. */
  readonly attempts: number;
  /** A later notice of the run has reached the person while this one was tried again. */
  readonly overtaken: boolean;
}

/** Names a notice to the world: `20261124-831`. */
export type NoticeId = string;

/** How sending went. */
export interface NoticeResult {
  readonly id: NoticeId;
  readonly state: NoticeState;
  readonly channel: ChannelName | null;
  readonly channels: readonly ChannelName[];
  readonly providerId: string | null;
  readonly reason: string | null;
  /** When it was given to the channel; null where it was not. */
  readonly handedAt: number | null;
  readonly at: number;
  /** Of one that is to be tried again. */
  readonly nextTryAt: number | null;
}

export interface StoredNotice {
  readonly id: NoticeId;
  readonly kind: NoticeKind;
  readonly rider: string | null;
  readonly payload: NoticePayload;
  readonly createdAt: number;
  readonly state: NoticeState;
  readonly channel: ChannelName | null;
  readonly causedAt: number;
  readonly handedAt: number | null;
  readonly acceptedAt: number | null;
  readonly deliveredAt: number | null;
  readonly openedAt: number | null;
}

/** What families were told of a run, kept from cause to cause. */
export interface ToldRun {
  /** Seconds of delay they were told of last; null: of none. */
  readonly delayS: number | null;
  /** How many times they were told of a delay, and of what dispatch did. */
  readonly delays: number;
  readonly dispatch: string;
  readonly dispatches: number;
  /** They were told that it has not started. */
  readonly notStarted?: boolean;
  /** It is, or was, under way. */
  readonly started?: boolean;
}

export interface OutboxRow {
  readonly id: number;
  readonly topic: string;
  readonly payload: unknown;
  readonly createdAt: number;
}

/** What may be asked and done while causes are worked into notices: one transaction. */
export interface NoticeWork {
  readonly causes: readonly OutboxRow[];
  /** Not now: the cause stays where it is. */
  leave(id: number): void;
  guardiansOf(riders: readonly string[]): Promise<NotifyPerson[]>;
  staff(): Promise<NotifyPerson[]>;
  /** Of all runs of these days, as `trip date`; not locked. */
  toldOn(serviceDates: readonly string[]): Promise<ReadonlyMap<string, ToldRun>>;
  /** Locked until the end, so that one process after the other tells of a run. */
  told(trip: string, serviceDate: string): Promise<ToldRun | null>;
  tell(trip: string, serviceDate: string, told: ToldRun): Promise<void>;
  setAbsent(trip: string, serviceDate: string, rider: string, absent: boolean): Promise<void>;
  absentees(trip: string, serviceDate: string): Promise<ReadonlySet<string>>;
  /** Notices that are no matter of safety, made for each person since then. */
  madeSince(people: readonly string[], since: number): Promise<ReadonlyMap<string, number>>;
  /** Which of these keys of a date are there already. */
  known(date: string, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those that are new; the others were made before. */
  add(drafts: readonly NoticeDraft[]): Promise<number>;
}

export interface NoticeStatus {
  readonly kind: NoticeKind;
  readonly state: NoticeState;
  readonly channel: ChannelName | null;
  readonly count: number;
  /** Commit to hand-over, milliseconds. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

export interface NoticeStore {
  /**
   * Takes the oldest causes of these topics that nobody else works on, lets `work` make notices of them, and removes
   * them, in one transaction. Returns how many there were. With none `work` is called all the same where `always`.
   */
  work(
    topics: readonly string[],
    limit: number,
    at: number,
    work: (session: NoticeWork) => Promise<void>,
    always?: boolean,
  ): Promise<number>;
  /** Takes notices that are due for this process alone until `holdUntil`; of one person and run one at a time. */
  claim(now: number, holdUntil: number, limit: number): Promise<ClaimedNotice[]>;
  settle(results: readonly NoticeResult[]): Promise<void>;
  /** A provider's word on what became of a message. False where no notice has that number. */
  receipt(
    channel: ChannelName,
    providerId: string,
    state: 'delivered' | 'failed',
    at: number,
    reason: string | null,
  ): Promise<boolean>;
  /** The person opened it. False where it is not theirs. */
  opened(person: string, id: NoticeId, at: number): Promise<boolean>;
  ofPerson(person: string, limit: number): Promise<StoredNotice[]>;
  ofRider(rider: string, limit: number): Promise<StoredNotice[]>;
  status(from: number, to: number): Promise<NoticeStatus[]>;
  /** Causes and notices that wait, and the age of the oldest cause. */
  waiting(now: number): Promise<{ causes: number; notices: number; oldestMs: number }>;
}

const TAKE = `
select id, topic, payload, created_at as "createdAt" from outbox
where topic = any($1) order by id limit $2 for update skip locked`;
const REMOVE = 'delete from outbox where id = any($1)';

const TOLD = `
insert into notify_run (trip, service_date, told) values ($1, $2, 'null') on conflict (service_date, trip) do nothing`;
const LOCK_TOLD = 'select told from notify_run where trip = $1 and service_date = $2 for update';
const TELL = `
update notify_run set told = $3, updated_at = now() where trip = $1 and service_date = $2`;

const MADE = `
select person, count(*)::int as n from notification
where person = any($1) and created_at > $2 and not safety and state not in ('limited', 'quiet', 'unreachable')
group by person`;

const ADD = `
insert into notification (day, key, person, rider, run, kind, safety, payload, caused_at, created_at, expires_at,
  channels, state, next_try_at)
select r.day, r.key, r.person, r.rider, r.run, r.kind, r.safety, r.payload, r.caused_at, $2, r.expires_at,
  r.channels, r.state, $2
from jsonb_to_recordset($1::jsonb) as r (day date, key text, person text, rider text, run text, kind text,
  safety boolean, payload jsonb, caused_at timestamptz, expires_at timestamptz, channels text[], state text)
on conflict (day, key) do nothing`;

const CLAIM = `
with ready as (
  select n.day, n.key from notification n
  where n.state in ('due', 'sending') and n.next_try_at <= $1 and (n.claimed_until is null or n.claimed_until <= $1)
    and not exists (
      select from notification p
      where p.person = n.person and p.seq < n.seq and p.state in ('due', 'sending')
        and p.run is not distinct from n.run and p.expires_at > $1
        and ((p.state = 'sending' and p.claimed_until > $1)
          or (p.attempts = 0 and p.next_try_at <= $1)))
  order by n.next_try_at, n.seq limit $3
  for update skip locked)
update notification n set state = 'sending', claimed_until = $2, attempts = n.attempts + 1
from ready where n.day = ready.day and n.key = ready.key
returning n.day::text as day, n.seq, n.person, n.rider, n.run, n.kind, n.safety, n.payload, n.caused_at as "causedAt",
  n.expires_at as "expiresAt", n.channels, n.attempts,
  n.attempts > 1 and exists (
    select from notification l where l.person = n.person and l.seq > n.seq and l.run is not distinct from n.run
      and l.created_at >= n.created_at and l.accepted_at is not null) as overtaken`;

const SETTLE = `
update notification n set state = r.state, channel = coalesce(r.channel, n.channel), channels = r.channels,
  provider_id = coalesce(r.provider_id, n.provider_id), reason = coalesce(r.reason, n.reason), claimed_until = null,
  handed_at = coalesce(n.handed_at, r.handed_at),
  accepted_at = case when r.state = 'accepted' then r.at else n.accepted_at end,
  next_try_at = coalesce(r.next_try_at, n.next_try_at)
from jsonb_to_recordset($1::jsonb) as r (day date, seq int8, state text, channel text, channels text[],
  provider_id text, reason text, handed_at timestamptz, at timestamptz, next_try_at timestamptz)
where n.day = r.day and n.seq = r.seq`;

const RECEIPT = `
update notification set
  state = case when state = 'opened' then state else $3 end,
  delivered_at = case when $3 = 'delivered' then coalesce(delivered_at, $4) else delivered_at end,
  reason = coalesce($5, reason)
where provider_id = $1 and channel = $2`;

const OPENED = `
update notification set state = 'opened', opened_at = coalesce(opened_at, $4),
  delivered_at = coalesce(delivered_at, $4)
where person = $1 and day = $2 and seq = $3`;

const COLUMNS = `day::text as day, seq, kind, rider, payload, created_at as "createdAt", state, channel,
  caused_at as "causedAt", handed_at as "handedAt", accepted_at as "acceptedAt", delivered_at as "deliveredAt",
  opened_at as "openedAt"`;

const STATUS = `
select kind, state, channel, count(*)::int as count,
  round(1000 * percentile_cont(0.5) within group (order by extract(epoch from handed_at - caused_at)))::float8
    as "medianMs",
  round(1000 * percentile_cont(0.95) within group (order by extract(epoch from handed_at - caused_at)))::float8
    as "p95Ms"
from notification where day between $1 and $2 and created_at >= $3 and created_at < $4
group by kind, state, channel order by kind, state, channel`;

const WAITING = `
select (select count(*)::int from outbox where topic = any($2)) as causes,
  (select count(*)::int from notification where state in ('due', 'sending')) as notices,
  coalesce((select extract(epoch from $1::timestamptz - min(created_at)) * 1000 from outbox where topic = any($2)), 0)
    ::float8 as "oldestMs"`;

interface Dated {
  readonly day: string;
  readonly seq: number;
}

const idOf = ({ day, seq }: Dated): NoticeId => `${day.replaceAll('-', '')}-${seq}`;
const ID = /^(\d{4})(\d\d)(\d\d)-(\d{1,15})$/;

function readId(id: NoticeId): Dated | null {
  const [, year, month, day, seq] = ID.exec(id) ?? [];
  return seq === undefined ? null : { day: `${year}-${month}-${day}`, seq: Number(seq) };
}

export const isNoticeId = (id: string): boolean => ID.test(id);

const DAY_MS = 86_400_000;
const utcDay = (time: number): string => new Date(time).toISOString().slice(0, 10);

export interface NoticeStoreOptions {
  /** Topics that are causes of notices, for the count of those that wait. */
  readonly topics?: readonly string[];
}

export function makeNoticeStore(database: Database, options: NoticeStoreOptions = {}): NoticeStore {
  const table = makeDatedTable(database, 'notification');

  const workOn = (
    session: Session,
    causes: readonly OutboxRow[],
    left: Set<number>,
    at: number,
    days: ReadonlySet<string>,
  ): NoticeWork => ({
    causes,
    leave: (id) => void left.add(id),
    async toldOn(serviceDates) {
      const sql = `
select trip, service_date as date, told from notify_run where service_date = any($1) and told <> 'null'`;
      const rows = await session.rows<{ trip: string; date: string; told: ToldRun }>(sql, [
        [...serviceDates],
      ]);
      return new Map(rows.map(({ trip, date, told }) => [`${trip} ${date}`, told]));
    },
    guardiansOf: (riders) => guardiansOf(session, riders),
    staff: () => staffOf(session),
    async told(trip, serviceDate) {
      await session.run(TOLD, [trip, serviceDate]);
      return (await session.rows<{ told: ToldRun | null }>(LOCK_TOLD, [trip, serviceDate]))[0]?.told ?? null;
    },
    async tell(trip, serviceDate, told) {
      await session.run(TELL, [trip, serviceDate, storableJson(told)]);
    },
    async setAbsent(trip, serviceDate, rider, absent) {
      const sql = absent
        ? 'insert into notify_absence (service_date, trip, rider) values ($1, $2, $3) on conflict do nothing'
        : 'delete from notify_absence where service_date = $1 and trip = $2 and rider = $3';
      await session.run(sql, [serviceDate, trip, storableText(rider)]);
    },
    async absentees(trip, serviceDate) {
      const sql = 'select rider from notify_absence where service_date = $1 and trip = $2';
      return new Set(
        (await session.rows<{ rider: string }>(sql, [serviceDate, trip])).map((row) => row.rider),
      );
    },
    async madeSince(people, since) {
      const rows = await session.rows<{ person: string; n: number }>(MADE, [[...people], timestamp(since)]);
      return new Map(rows.map((row) => [row.person, row.n]));
    },
    async known(date, keys) {
      const sql = 'select key from notification where day = $1 and key = any($2)';
      return new Set(
        (await session.rows<{ key: string }>(sql, [dashed(date), [...keys]])).map((row) => row.key),
      );
    },
    async add(drafts) {
      // Of a day that is neither near nor had a partition made for it there is nothing to be told any more.
      const near = drafts.filter(({ date }) => days.has(dashed(date)));
      if (near.length === 0) return 0;
      const rows = near.map((draft) => ({
        day: dashed(draft.date),
        key: draft.key,
        person: draft.person,
        rider: draft.rider,
        run: draft.run,
        kind: draft.kind,
        safety: draft.safety,
        payload: draft.payload,
        caused_at: timestamp(draft.causedAt),
        expires_at: timestamp(draft.expiresAt),
        channels: draft.channels,
        state: draft.state,
      }));
      return session.run(ADD, [storableJson(rows), timestamp(at)]);
    },
  });

  return {
    async work(topics, limit, at, work, always = false) {
      const days = new Set([-2, -1, 0, 1, 2].map((offset) => utcDay(at + offset * DAY_MS)));
      await table.ensure(days);
      return database.transaction(async (session) => {
        const causes = await session.rows<OutboxRow>(TAKE, [[...topics], limit]);
        if (causes.length === 0 && !always) return 0;
        const left = new Set<number>();
        await work(workOn(session, causes, left, at, days));
        const done = causes.map((cause) => cause.id).filter((id) => !left.has(id));
        if (done.length > 0) await session.run(REMOVE, [done]);
        return done.length;
      });
    },
    async claim(now, holdUntil, limit) {
      const rows = await database.rows<Omit<ClaimedNotice, 'id'> & Dated>(CLAIM, [
        timestamp(now),
        timestamp(holdUntil),
        limit,
      ]);
      return rows
        .sort((a, b) => a.seq - b.seq)
        .map(({ day, seq, ...notice }) => ({ id: idOf({ day, seq }), ...notice }));
    },
    async settle(results) {
      if (results.length === 0) return;
      const rows = results.map(({ id, providerId, handedAt, at, nextTryAt, ...result }) => ({
        ...readId(id),
        ...result,
        provider_id: providerId,
        handed_at: handedAt === null ? null : timestamp(handedAt),
        at: timestamp(at),
        next_try_at: nextTryAt === null ? null : timestamp(nextTryAt),
      }));
      await database.run(SETTLE, [storableJson(rows)]);
    },
    async receipt(channel, providerId, state, at, reason) {
      const values = [providerId, channel, state, timestamp(at), reason && storableText(reason)];
      return (await database.run(RECEIPT, values)) > 0;
    },
    async opened(person, id, at) {
      const dated = readId(id);
      if (!dated) return false;
      return (await database.run(OPENED, [person, dated.day, dated.seq, timestamp(at)])) > 0;
    },
    async ofPerson(person, limit) {
      const sql = `select ${COLUMNS} from notification where person = $1 order by created_at desc, seq desc limit $2`;
      const rows = await database.rows<Omit<StoredNotice, 'id'> & Dated>(sql, [person, limit]);
      return rows.map(({ day, seq, ...notice }) => ({ id: idOf({ day, seq }), ...notice }));
    },
    async ofRider(rider, limit) {
      const sql = `select ${COLUMNS} from notification where rider = $1 order by day desc, seq desc limit $2`;
      const rows = await database.rows<Omit<StoredNotice, 'id'> & Dated>(sql, [rider, limit]);
      return rows.map(({ day, seq, ...notice }) => ({ id: idOf({ day, seq }), ...notice }));
    },
    status: (from, to) =>
      database.rows<NoticeStatus>(STATUS, [
        utcDay(from - 2 * DAY_MS),
        utcDay(to + 2 * DAY_MS),
        timestamp(from),
        timestamp(to),
      ]),
    async waiting(now) {
      const sql = WAITING;
      const [row] = await database.rows<{ causes: number; notices: number; oldestMs: number }>(sql, [
        timestamp(now),
        [...(options.topics ?? [])],
      ]);
      return row!;
    },
  };
}
