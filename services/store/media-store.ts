import type { RuleName } from '../../geo/finding.ts';
import { storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { StoreUnavailable } from './store.ts';

/** What a terminal photographed or recorded. */
export type MediaKind = 'photo' | 'audio' | 'video' | 'text' | 'other';

/** The message that it came by: event without file, upload of JT/T 808, attachment of T/JSATL 12. */
export type MediaMessage = '0x0800' | '0x0801' | '0x1212';

/** One medium, as it comes. Times are milliseconds since the epoch. */
export interface MediaDraft {
  readonly id: string;
  readonly vehicle: string;
  /** Of the terminal, without leading zeros. */
  readonly phone: string;
  readonly kind: MediaKind;
  readonly message: MediaMessage;
  readonly channel: number;
  /** Why it was made: event code of 0x0801; null for attachments. */
  readonly event: number | null;
  /** The terminal's own number for it; null for attachments. */
  readonly terminalMediaId: number | null;
  /** The terminal's own name of the file; null where it has none. */
  readonly name: string | null;
  /** Number under which the platform asked for it; null where it did not. */
  readonly alarmNumber: string | null;
  readonly time: number;
  readonly receivedAt: number;
  /** WGS-84 degrees; null: as the vehicle's reports of that time say. */
  readonly lat: number | null;
  readonly lon: number | null;
}

/** The bytes of a medium. */
export interface MediaFile {
  readonly contentType: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Under which the store of files has it. */
  readonly key: string;
}

export interface StoredMedia extends MediaDraft {
  /** Null while it is only announced. */
  readonly file: MediaFile | null;
  readonly findingId: string | null;
  readonly legalHold: boolean;
}

export interface MediaQuery {
  readonly vehicles?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  /** Of this alert, under any id that it ever had. */
  readonly finding?: string;
  readonly limit: number;
  /** Media after this one in the order of the list (newest first, then id). */
  readonly before?: { readonly time: number; readonly id: string };
}

export interface MediaStore {
  /** Remembers what a terminal says it has. Done twice it changes nothing. */
  announce(draft: MediaDraft): Promise<void>;
  /**
   * Before the file is stored. The key to store it under, which is that of an earlier try where there was one; null
   * where the very same medium is stored already.
   */
  begin(draft: MediaDraft, file: MediaFile): Promise<string | null>;
  /**
   * The file is durable: the medium may be seen from now on. Places it, and finds the alert that it belongs to: of
   * `rules` where any is given, else the gravest of the vehicle that lasts at its time.
   */
  finish(id: string, rules: readonly RuleName[]): Promise<StoredMedia | null>;
  get(id: string): Promise<StoredMedia | null>;
  list(query: MediaQuery): Promise<StoredMedia[]>;
  /** Null where there is no such medium. */
  hold(id: string, held: boolean): Promise<StoredMedia | null>;
  /** What may go: received before, not held; and what was begun before `begunBefore` and never finished. */
  expired(
    receivedBefore: number,
    begunBefore: number,
    limit: number,
  ): Promise<{ id: string; key: string | null }[]>;
  remove(id: string): Promise<void>;
}

const DRAFT_COLUMNS =
  'id, vehicle, phone, kind, message, channel, event, terminal_media_id, name, alarm_number, time, received_at, lat, lon';

const SELECT = `
select m.id, m.state, m.vehicle, m.phone, m.kind, m.message, m.channel, m.event,
  m.terminal_media_id as "terminalMediaId", m.name, m.alarm_number as "alarmNumber", m.time,
  m.received_at as "receivedAt", m.lat, m.lon, m.content_type as "contentType", m.bytes, m.sha256, m.key,
  coalesce((select a.id from finding_alias a where a.old_id = m.finding_id), m.finding_id) as "findingId",
  m.legal_hold as "legalHold"
from media m`;

const ANNOUNCE = `
insert into media (${DRAFT_COLUMNS}, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'announced') on conflict (id) do nothing`;

const BEGIN = `
insert into media (${DRAFT_COLUMNS}, content_type, bytes, sha256, key, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'storing')
on conflict (id) do nothing`;

/** The report nearest in time, where there is one within a minute. */
const PLACE = `
select p.lat, p.lon from positions p join vehicle_state v using (vehicle_key)
where v.vehicle = $1 and p.positioned
  and p.time between $2::timestamptz - interval '1 minute' and $2::timestamptz + interval '1 minute'
order by abs(extract(epoch from p.time - $2::timestamptz)) limit 1`;

/** A terminal's photo may be a moment before the report that raised the alert, and is sent for a while after it. */
const BELONGS = `
select f.id from finding f
where f.vehicle = $1 and f.retracted_at is null
  and f.start_at <= $2::timestamptz + interval '1 minute'
  and (f.end_at is null or f.end_at >= $2::timestamptz - interval '1 minute')
  and (cardinality($3::text[]) = 0 or f.rule = any($3))
order by f.severity, f.start_at desc, f.id limit 1`;

const FINISH = `
update media set state = 'stored', lat = $2, lon = $3, finding_id = $4 where id = $1 and state <> 'announced'`;

/** What was announced under the same number has now come. */
const DROP_ANNOUNCED = `
delete from media a using media m
where m.id = $1 and a.state = 'announced' and a.phone = m.phone and a.terminal_media_id = m.terminal_media_id`;

const EXPIRED = `
select id, key from media
where (received_at < $1 and not legal_hold) or (state = 'storing' and received_at < $2)
order by received_at limit $3`;

/** An alert raised after its photo came has it all the same, by vehicle and time. */
const OF_FINDING = `
(m.finding_id = f.id or m.finding_id in (select a.old_id from finding_alias a where a.id = f.id)
 or (m.finding_id is null and m.vehicle = f.vehicle and m.time >= f.start_at - interval '1 minute'
     and m.time <= coalesce(f.end_at, f.start_at + interval '1 hour') + interval '1 minute'))`;

interface Row extends Omit<StoredMedia, 'file'>, Partial<MediaFile> {
  readonly state: 'announced' | 'storing' | 'stored';
}

export function makeMediaStore(database: Database): MediaStore {
  const one = async (id: string): Promise<StoredMedia | null> => {
    const [row] = await database.rows<Row>(`${SELECT} where m.id = $1 and m.state <> 'storing'`, [id]);
    return row ? readMedia(row) : null;
  };
  return {
    async announce(draft) {
      await database.run(ANNOUNCE, draftValues(draft));
    },
    async begin(draft, { contentType, bytes, sha256, key }) {
      const made = await database.run(BEGIN, [...draftValues(draft), contentType, bytes, sha256, key]);
      if (made > 0) return key;
      const [row] = await database.rows<Row>('select state, key from media where id = $1', [draft.id]);
      // Gone between the two only where it was past its retention: the next try makes it anew.
      if (!row?.key) throw new StoreUnavailable(`medium ${draft.id} is being removed`);
      return row.state === 'stored' ? null : row.key;
    },
    async finish(id, rules) {
      await database.transaction(async (session) => {
        const [row] = await session.rows<Row>(`${SELECT} where m.id = $1 and m.state = 'storing'`, [id]);
        if (!row) return;
        const at = [row.vehicle, timestamp(row.time)];
        const placed = row.lat !== null && row.lon !== null;
        const [place] = placed ? [row] : await session.rows<Pick<Row, 'lat' | 'lon'>>(PLACE, at);
        const [finding] = await session.rows<{ id: string }>(BELONGS, [...at, [...rules]]);
        await session.run(FINISH, [id, place?.lat ?? null, place?.lon ?? null, finding?.id ?? null]);
        await session.run(DROP_ANNOUNCED, [id]);
      });
      return one(id);
    },
    get: one,
    async list(query) {
      const { sql, bindings } = listQuery(query);
      const rows = await database.rows<Row>(sql, bindings);
      return rows.map(readMedia);
    },
    async hold(id, held) {
      await database.run('update media set legal_hold = $2 where id = $1', [id, held]);
      return one(id);
    },
    expired: (receivedBefore, begunBefore, limit) =>
      database.rows(EXPIRED, [timestamp(receivedBefore), timestamp(begunBefore), limit]),
    async remove(id) {
      await database.run('delete from media where id = $1', [id]);
    },
  };
}

function listQuery(query: MediaQuery): { sql: string; bindings: readonly unknown[] } {
  const where: string[] = ["m.state <> 'storing'"];
  const bindings: unknown[] = [];
  const bind = (value: unknown): string => `$${bindings.push(value)}`;
  let from = '';
  if (query.finding !== undefined) {
    from = `
join finding f on f.id = coalesce((select a.id from finding_alias a where a.old_id = ${bind(query.finding)}), ${bind(query.finding)})`;
    where.push(OF_FINDING);
  }
  if (query.vehicles) where.push(`m.vehicle = any(${bind([...query.vehicles])})`);
  if (query.from !== undefined) where.push(`m.time >= ${bind(timestamp(query.from))}`);
  if (query.to !== undefined) where.push(`m.time <= ${bind(timestamp(query.to))}`);
  if (query.before) {
    const time = bind(timestamp(query.before.time));
    where.push(`(m.time < ${time} or (m.time = ${time} and m.id > ${bind(query.before.id)}))`);
  }
  const sql = `${SELECT}${from}
where ${where.join(' and ')}
order by m.time desc, m.id limit ${bind(query.limit)}`;
  return { sql, bindings };
}

const draftValues = (draft: MediaDraft): unknown[] => [
  draft.id,
  storableText(draft.vehicle),
  draft.phone,
  draft.kind,
  draft.message,
  draft.channel,
  draft.event,
  draft.terminalMediaId,
  draft.name === null ? null : storableText(draft.name),
  draft.alarmNumber,
  timestamp(draft.time),
  timestamp(draft.receivedAt),
  draft.lat,
  draft.lon,
];

function readMedia({ state, contentType, bytes, sha256, key, ...rest }: Row): StoredMedia {
  const file =
    state === 'stored' && contentType && sha256 && key ? { contentType, bytes, sha256, key } : null;
  return { ...rest, file: file as MediaFile | null };
}
