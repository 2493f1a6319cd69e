import type { Finding } from '../../geo/finding.ts';
import type { JudgeState } from '../../geo/judge.ts';
import { storableText, timestamp } from './column-types.ts';
import { makeCommit } from './commit.ts';
import type { NewestStored } from './commit-positions.ts';
import type { Database } from './database.ts';
import { FINDING_COLUMNS, type FindingRow, readFinding } from './finding-rows.ts';
import { takeLease } from './lease.ts';
import type { PositionDays } from './position-days.ts';
import { REPORT_COLUMN_NAMES, type ReportRow, readReport } from './report-columns.ts';
import type { IngestStore } from './store.ts';
import {
  JOIN_LAST,
  type KeptRow,
  LAST_REPORT,
  readSnapshot,
  VEHICLE_COLUMNS,
  type VehicleRow,
} from './vehicle-rows.ts';

export interface IngestStoreOptions {
  /**
   * How long one commit waits for the database before it fails with `StoreUnavailable`: longer than a stall or a
   * restart, short enough that a host which vanished in the middle is given up for its successor.
   */
  readonly commitTimeoutMs?: number;
}

export const INGEST_STORE_DEFAULTS = { commitTimeoutMs: 120_000 } as const;

const TAKE_OVER = `
update vehicle_state v set epoch = v.epoch + 1 where v.vehicle = $1 returning ${VEHICLE_COLUMNS}`;
/** Another process may have made the row meanwhile; then this is a take-over too. */
const CREATE = `
insert into vehicle_state as v (vehicle, epoch) values ($1, 1)
on conflict (vehicle) do update set epoch = v.epoch + 1
returning ${VEHICLE_COLUMNS}`;

const KEPT = `
select j.judge, ${LAST_REPORT}
from vehicle_state v left join judge_state j using (vehicle_key) ${JOIN_LAST}
where v.vehicle_key = $1`;

const CHECKPOINT = `
select vehicle_key, time, judge from checkpoint
where vehicle_key = $1 and time < $2 order by time desc limit 1`;

const REPORTS = `
select v.vehicle, p.body, ${REPORT_COLUMN_NAMES.map((name) => `p.${name}`).join(', ')}
from positions p join vehicle_state v using (vehicle_key)
where p.vehicle_key = $1 and p.time between $2 and $3
order by p.time, p.received_at, p.digest`;

const SILENT = `
select ${VEHICLE_COLUMNS}, j.judge, ${LAST_REPORT}, exists (
  select from positions q
  where q.vehicle_key = v.vehicle_key and q.time >= v.last_time and q.received_at > v.contact_at) as "heardSince"
from vehicle_state v left join judge_state j using (vehicle_key) ${JOIN_LAST}
where v.contact_at < $1 order by v.vehicle_key`;

const FINDINGS = `
select ${FINDING_COLUMNS} from finding
where vehicle_key = $1 and start_at <= $3 and (end_at is null or end_at >= $2) and retracted_at is null
order by start_at, id`;

export function makeIngestStore(
  database: Database,
  days: PositionDays,
  options: IngestStoreOptions = {},
): IngestStore {
  const newest: NewestStored = new Map();
  return {
    commit: makeCommit({
      database,
      days,
      newest,
      timeoutMs: options.commitTimeoutMs ?? INGEST_STORE_DEFAULTS.commitTimeoutMs,
    }),

    async claim(vehicle) {
      const name = storableText(vehicle);
      const taken = await database.rows<VehicleRow>(TAKE_OVER, [name]);
      const row = taken[0] ?? (await database.rows<VehicleRow>(CREATE, [name]))[0]!;
      // Asked once the row is ours: a commit of the owner before has then either been done or been refused.
      const [kept] = await database.rows<KeptRow>(KEPT, [row.vehicle_key]);
      const snapshot = readSnapshot(row, kept!);
      newest.set(row.vehicle_key, snapshot.last?.time ?? Number.NEGATIVE_INFINITY);
      return { vehicleKey: row.vehicle_key, epoch: row.epoch, snapshot };
    },

    async checkpointBefore(vehicleKey, time) {
      const rows = await database.rows<{ time: number; judge: string }>(CHECKPOINT, [
        vehicleKey,
        timestamp(time),
      ]);
      const row = rows[0];
      return row ? { vehicleKey, time: row.time, judge: JSON.parse(row.judge) as JudgeState } : null;
    },

    async reportsBetween(vehicleKey, from, to) {
      const rows = await database.rows<ReportRow & { vehicle: string; body: Buffer }>(REPORTS, [
        vehicleKey,
        timestamp(from),
        timestamp(to),
      ]);
      return rows.map((row) => ({
        vehicleKey,
        report: readReport(row.vehicle, row),
        body: new Uint8Array(row.body),
      }));
    },

    async silentSince(lastReceivedAt) {
      const rows = await database.rows<VehicleRow & KeptRow & { heardSince: boolean }>(SILENT, [
        timestamp(lastReceivedAt),
      ]);
      return rows.map((row) => ({
        vehicle: row.vehicle,
        vehicleKey: row.vehicle_key,
        snapshot: readSnapshot(row, row),
        heardSince: row.heardSince,
      }));
    },

    lease: (name, holder, ttlMs) => takeLease(database, name, holder, ttlMs),

    async findingsBetween(vehicleKey, from, to): Promise<Finding[]> {
      const rows = await database.rows<FindingRow>(FINDINGS, [vehicleKey, timestamp(from), timestamp(to)]);
      return rows.map(readFinding);
    },
  };
}
