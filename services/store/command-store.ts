import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';

export const COMMAND_STATES = ['queued', 'sent', 'answered', 'failed', 'expired', 'cancelled'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

/** What one terminal is asked for, and how it stands. */
export interface CommandRow {
  /** The order in which a terminal gets its commands. */
  readonly seq: number;
  readonly id: string;
  readonly phone: string;
  readonly vehicle: string;
  readonly type: string;
  readonly request: unknown;
  readonly state: CommandState;
  /** Why it ended without an answer that counts. */
  readonly reason: string | null;
  readonly userId: string | null;
  readonly userName: string;
  readonly queuedAt: number;
  readonly expiresAt: number;
  readonly sentAt: number | null;
  readonly endedAt: number | null;
  /** Sendings so far. Whoever writes of another than the last is refused. */
  readonly attempt: number;
  /** Messages answered, of so many; null until it is known how many there are. */
  readonly step: number;
  readonly steps: number | null;
  readonly answers: readonly unknown[];
}

export interface NewCommand
  extends Pick<
    CommandRow,
    'id' | 'phone' | 'vehicle' | 'type' | 'request' | 'userId' | 'userName' | 'queuedAt' | 'expiresAt'
  > {
  readonly remote: string;
}

/** One thing that happened to a command; never changed afterwards. */
export interface CommandEvent {
  readonly at: number;
  readonly event: string;
  readonly detail: { readonly [name: string]: unknown };
}

/** The ownership under which a process speaks to a vehicle; see `VehicleWrite`. */
export interface Fence {
  readonly vehicleKey: number;
  readonly epoch: number;
}

/** A sending as a holder knows it. Its writes count only while this is the last one. */
export interface Sending {
  readonly id: string;
  readonly attempt: number;
}

type Detail = CommandEvent['detail'];

/**
 * Commands, their queue and their history. Whatever changes a command writes down in the same statement that it did;
 * `null` means that it was not the caller's to change any more.
 */
export interface CommandStore {
  /** Null where as many as may wait for this terminal already do. */
  queue(command: NewCommand): Promise<CommandRow | null>;
  get(id: string): Promise<CommandRow | null>;
  events(id: string): Promise<CommandEvent[]>;
  /** Newest first. */
  list(query: {
    readonly phone: string;
    readonly type?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<CommandRow[]>;
  /** Queued, or sent by a connection that may be gone; in the order of the queue. */
  pending(phone: string, limit: number): Promise<CommandRow[]>;
  /** Terminals that have something waiting, those with the newest first. */
  waiting(limit: number): Promise<string[]>;
  /** Makes the next sending the caller's, if the vehicle is. */
  begin(last: Sending, fence: Fence, steps: number, at: number, detail: Detail): Promise<CommandRow | null>;
  /** One more message is answered; with the last of them the command is. */
  answered(sending: Sending, answer: unknown, at: number, detail: Detail): Promise<CommandRow | null>;
  /** An answer to the last message of a command that was given up for want of one. */
  answeredLate(sending: Sending, answer: unknown, at: number): Promise<CommandRow | null>;
  failed(sending: Sending, reason: string, at: number, detail: Detail): Promise<CommandRow | null>;
  /** Back into the queue: the connection ended before the terminal answered. */
  released(sending: Sending, at: number, detail: Detail): Promise<CommandRow | null>;
  cancelled(id: string, at: number, detail: Detail): Promise<CommandRow | null>;
  /** Ends what expired in the queue, and what was sent and has had no holder for `heldMs` since. */
  expire(now: number, heldMs: number): Promise<CommandRow[]>;
  /** Writes down what changes nothing. */
  note(id: string, at: number, event: string, detail: Detail): Promise<void>;
}

/** Commands that may wait for one terminal; one more is refused. */
const MAX_WAITING = 100;

const COLUMNS = `seq, id, phone, vehicle, type, request, state, reason, user_id as "userId", user_name as "userName",
  queued_at as "queuedAt", expires_at as "expiresAt", sent_at as "sentAt", ended_at as "endedAt", attempt, step, steps,
  answers`;

/** Makes a change and its event one statement. `$1` is the id, `$2` the moment, `$3` the event, `$4` its detail. */
const change = (set: string, where: string): string => `
with changed as (update terminal_command set ${set} where id = $1 and ${where} returning *),
noted as (
  insert into terminal_command_event (command_id, at, event, detail)
  select id, $2::timestamptz, $3::text, $4::jsonb from changed)
select ${COLUMNS} from changed`;

const QUEUE = `
with put as (
  insert into terminal_command (id, phone, vehicle, type, request, state, user_id, user_name, queued_at, expires_at)
  select $1::text, $2::text, $3::text, $4::text, $5::jsonb, 'queued', $6::text, $7::text, $8::timestamptz, $9::timestamptz
  where (select count(*) from terminal_command where phone = $2 and state in ('queued', 'sent')) < ${MAX_WAITING}
  returning *),
noted as (
  insert into terminal_command_event (command_id, at, event, detail)
  select id, queued_at, 'queued', $10::jsonb from put)
select ${COLUMNS} from put`;

const BEGIN = change(
  `state = 'sent', attempt = attempt + 1, sent_at = coalesce(sent_at, $2::timestamptz), steps = $8`,
  `attempt = $5 and state in ('queued', 'sent')
    and exists (select 1 from vehicle_state where vehicle_key = $6 and epoch = $7)`,
);
const ANSWERED = change(
  `step = step + 1, answers = answers || $6::jsonb,
   state = case when step + 1 >= steps then 'answered' else state end,
   ended_at = case when step + 1 >= steps then $2::timestamptz end`,
  `attempt = $5 and state = 'sent'`,
);
const ANSWERED_LATE = change(
  `step = step + 1, answers = answers || $6::jsonb, state = 'answered', reason = null, ended_at = $2::timestamptz`,
  `attempt = $5 and state = 'failed' and reason = 'no_answer' and step + 1 >= steps`,
);
const FAILED = change(
  `state = 'failed', reason = $6, ended_at = $2::timestamptz`,
  `attempt = $5 and state in ('queued', 'sent')`,
);
const RELEASED = change(`state = 'queued'`, `attempt = $5 and state = 'sent'`);
const CANCELLED = change(`state = 'cancelled', ended_at = $2::timestamptz`, `state = 'queued'`);

const EXPIRE = `
with changed as (
  update terminal_command set state = 'expired', ended_at = $1::timestamptz
  where (state = 'queued' and expires_at <= $1::timestamptz) or (state = 'sent' and expires_at <= $2::timestamptz)
  returning *),
noted as (
  insert into terminal_command_event (command_id, at, event, detail)
  select id, $1::timestamptz, 'expired', '{}' from changed)
select ${COLUMNS} from changed`;

const NOTE = 'insert into terminal_command_event (command_id, at, event, detail) values ($1, $2, $3, $4)';
const GET = `select ${COLUMNS} from terminal_command where id = $1`;
const EVENTS = 'select at, event, detail from terminal_command_event where command_id = $1 order by seq';
const LIST = `select ${COLUMNS} from terminal_command
where phone = $1 and seq < $2 and ($3::text is null or type = $3) order by seq desc limit $4`;
const PENDING = `select ${COLUMNS} from terminal_command
where phone = $1 and state in ('queued', 'sent') order by seq limit $2`;
const WAITING = `select phone from terminal_command where state in ('queued', 'sent')
group by phone order by max(seq) desc limit $1`;

const NEWEST = Number.MAX_SAFE_INTEGER;

export function makeCommandStore(database: Database): CommandStore {
  const one = async (sql: string, values: readonly unknown[]): Promise<CommandRow | null> =>
    (await database.rows<CommandRow>(sql, values))[0] ?? null;
  /** The first four parameters of every change. */
  const noted = (id: string, at: number, event: string, detail: Detail) => [
    id,
    timestamp(at),
    event,
    storableJson(detail),
  ];
  return {
    queue: (command) =>
      one(QUEUE, [
        command.id,
        command.phone,
        storableText(command.vehicle),
        command.type,
        storableJson(command.request),
        command.userId,
        storableText(command.userName),
        timestamp(command.queuedAt),
        timestamp(command.expiresAt),
        storableJson({ user: command.userName, remote: command.remote }),
      ]),
    get: (id) => one(GET, [id]),
    events: (id) => database.rows<CommandEvent>(EVENTS, [id]),
    list: ({ phone, type, before, limit }) =>
      database.rows<CommandRow>(LIST, [phone, before ?? NEWEST, type ?? null, limit]),
    pending: (phone, limit) => database.rows<CommandRow>(PENDING, [phone, limit]),
    async waiting(limit) {
      return (await database.rows<{ phone: string }>(WAITING, [limit])).map(({ phone }) => phone);
    },
    begin: ({ id, attempt }, { vehicleKey, epoch }, steps, at, detail) =>
      one(BEGIN, [...noted(id, at, 'sent', detail), attempt, vehicleKey, epoch, steps]),
    answered: ({ id, attempt }, answer, at, detail) =>
      one(ANSWERED, [...noted(id, at, 'answered', detail), attempt, storableJson([answer])]),
    answeredLate: ({ id, attempt }, answer, at) =>
      one(ANSWERED_LATE, [...noted(id, at, 'answered_late', {}), attempt, storableJson([answer])]),
    failed: ({ id, attempt }, reason, at, detail) =>
      one(FAILED, [...noted(id, at, 'failed', { reason, ...detail }), attempt, reason]),
    released: ({ id, attempt }, at, detail) =>
      one(RELEASED, [...noted(id, at, 'connection_lost', detail), attempt]),
    cancelled: (id, at, detail) => one(CANCELLED, noted(id, at, 'cancelled', detail)),
    expire: (now, heldMs) => database.rows<CommandRow>(EXPIRE, [timestamp(now), timestamp(now - heldMs)]),
    async note(id, at, event, detail) {
      await database.run(NOTE, noted(id, at, event, detail));
    },
  };
}
