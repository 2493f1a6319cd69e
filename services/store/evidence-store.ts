import { gunzipSync, gzipSync } from 'node:zlib';
import type { Report } from '../../geo/report.ts';
import { storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { REPORT_COLUMN_NAMES, type ReportRow, readReport } from './report-columns.ts';

export interface PackSummary {
  readonly seq: number;
  readonly id: string;
  readonly alertId: string;
  readonly vehicle: string;
  readonly madeAt: number;
  readonly userId: string;
  readonly userName: string;
  readonly records: number;
  /** SHA-256 of the last record, hex. */
  readonly head: string;
}

export interface StoredPack extends PackSummary {
  /** The records, one a line. */
  readonly chain: string;
}

/** Positions of one vehicle that are kept beyond their retention. */
export interface PositionHold {
  readonly id: string;
  readonly vehicle: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly alertId: string | null;
  readonly heldAt: number;
  readonly heldBy: string;
  readonly releasedAt: number | null;
  readonly releasedBy: string | null;
}

/** A report as it was stored, with the message body that it was read from. */
export interface StoredReport {
  readonly report: Report;
  readonly body: Uint8Array;
}

/** Somebody looked at something or did something, as the audit log has it. */
export interface Look {
  readonly at: number;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: unknown;
}

export interface EvidenceStore {
  savePack(pack: Omit<StoredPack, 'seq'>): Promise<StoredPack>;
  pack(id: string): Promise<StoredPack | null>;
  /** Newest first. Of one alert, under any id that it went by, or of all. */
  packs(query: {
    readonly alert?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<PackSummary[]>;
  /** Null where the vehicle was never heard. */
  hold(hold: Omit<PositionHold, 'releasedAt' | 'releasedBy'>): Promise<PositionHold | null>;
  /** Null where there is no such hold; one that is released stays as it is. */
  release(id: string, by: string, at: number): Promise<PositionHold | null>;
  holdById(id: string): Promise<PositionHold | null>;
  holds(query: { readonly vehicle?: string; readonly limit: number }): Promise<PositionHold[]>;
  /** Of one vehicle in order of event time, held ones too; at most `limit`. */
  reports(vehicle: string, from: number, to: number, limit: number): Promise<StoredReport[]>;
  /** What the audit log has of these subjects, in order; at most `limit`. */
  looks(subjects: readonly string[], limit: number): Promise<Look[]>;
}

const SUMMARY = `seq, id, alert_id as "alertId", vehicle, made_at as "madeAt", user_id as "userId",
  user_name as "userName", records, head`;

const HOLD = `h.id, h.vehicle, h.from_at as "from", h.to_at as "to", h.reason, h.alert_id as "alertId",
  h.held_at as "heldAt", h.held_by as "heldBy", h.released_at as "releasedAt", h.released_by as "releasedBy"`;

const PUT_HOLD = `
insert into position_hold as h (id, vehicle_key, vehicle, from_at, to_at, reason, alert_id, held_at, held_by)
select $1, v.vehicle_key, v.vehicle, $3, $4, $5, $6, $7, $8 from vehicle_state v where v.vehicle = $2
returning ${HOLD}`;

const REPORT = REPORT_COLUMN_NAMES.map((name) => `p.${name}`).join(', ');

/** Of the days that are there, and of those that were dropped and held. */
const REPORTS = `
select ${REPORT}, p.body from (
  select * from positions
  where vehicle_key = (select vehicle_key from vehicle_state where vehicle = $1) and time between $2 and $3
  union all
  select * from held_position
  where vehicle_key = (select vehicle_key from vehicle_state where vehicle = $1) and time between $2 and $3
) p order by p.time, p.received_at, p.digest limit $4`;

/** Every id that the alert went by. */
const IDS_OF = `
array(select a.old_id from finding_alias a
  where a.id = coalesce((select b.id from finding_alias b where b.old_id = $1), $1))
|| coalesce((select b.id from finding_alias b where b.old_id = $1), $1)`;

const LOOKS = `
select l.at, l.user_id as "userId", a.display_name as "userName", l.action, l.subject, l.detail
from audit_log l left join account a on a.id = l.user_id
where l.subject = any($1) order by l.seq limit $2`;

export function makeEvidenceStore(database: Database): EvidenceStore {
  const one = async <T>(sql: string, values: readonly unknown[]): Promise<T | null> =>
    (await database.rows<T>(sql, values))[0] ?? null;
  return {
    async savePack(pack) {
      const [row] = await database.rows<{ seq: number }>(
        `insert into evidence_pack (id, alert_id, vehicle, made_at, user_id, user_name, records, head, chain)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning seq`,
        [
          pack.id,
          pack.alertId,
          pack.vehicle,
          timestamp(pack.madeAt),
          pack.userId,
          storableText(pack.userName),
          pack.records,
          pack.head,
          gzipSync(pack.chain),
        ],
      );
      return { ...pack, seq: row!.seq };
    },

    async pack(id) {
      const row = await one<PackSummary & { chain: Uint8Array }>(
        `select ${SUMMARY}, chain from evidence_pack where id = $1`,
        [id],
      );
      return row && { ...row, chain: gunzipSync(row.chain).toString('utf8') };
    },

    packs({ alert, before = Number.MAX_SAFE_INTEGER, limit }) {
      if (alert === undefined) {
        const sql = `select ${SUMMARY} from evidence_pack where seq < $1 order by seq desc limit $2`;
        return database.rows<PackSummary>(sql, [before, limit]);
      }
      return database.rows<PackSummary>(
        `select ${SUMMARY} from evidence_pack where alert_id = any(${IDS_OF}) and seq < $2
         order by seq desc limit $3`,
        [alert, before, limit],
      );
    },

    hold: ({ id, vehicle, from, to, reason, alertId, heldAt, heldBy }) =>
      one<PositionHold>(PUT_HOLD, [
        id,
        vehicle,
        timestamp(from),
        timestamp(to),
        storableText(reason),
        alertId,
        timestamp(heldAt),
        heldBy,
      ]),

    release: (id, by, at) =>
      one<PositionHold>(
        `update position_hold h set released_at = coalesce(h.released_at, $3), released_by = coalesce(h.released_by, $2)
         where h.id = $1 returning ${HOLD}`,
        [id, by, timestamp(at)],
      ),

    holdById: (id) => one<PositionHold>(`select ${HOLD} from position_hold h where h.id = $1`, [id]),

    holds: ({ vehicle, limit }) =>
      database.rows<PositionHold>(
        `select ${HOLD} from position_hold h where ($1::text is null or h.vehicle = $1)
         order by h.held_at desc, h.id limit $2`,
        [vehicle ?? null, limit],
      ),

    async reports(vehicle, from, to, limit) {
      const rows = await database.rows<ReportRow & { body: Uint8Array }>(REPORTS, [
        vehicle,
        timestamp(from),
        timestamp(to),
        limit,
      ]);
      return rows.map((row) => ({ report: readReport(vehicle, row), body: row.body }));
    },

    looks: (subjects, limit) => database.rows<Look>(LOOKS, [[...subjects], limit]),
  };
}
