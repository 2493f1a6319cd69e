import type { Report } from '../../geo/report.ts';
import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { IS_POSITION, REPORT_COLUMN_NAMES, type ReportRow, readReport } from './report-columns.ts';
import type { PositionStore } from './store.ts';
import { JOIN_LAST, LAST_REPORT, type LastReportRow, readLast, readProgress } from './vehicle-rows.ts';

const LATEST = `
select v.vehicle, v.progress, ${LAST_REPORT} from vehicle_state v ${JOIN_LAST}
where p.time is not null order by v.vehicle`;

const REPORT = REPORT_COLUMN_NAMES.map((name) => `p.${name}`).join(', ');

/** Of the days that are there, and of those that were dropped and held. */
const TRACK = `
select ${REPORT} from (select * from positions union all select * from held_position) p
where p.vehicle_key = (select vehicle_key from vehicle_state where vehicle = $1) and p.time between $2 and $3
  and ${IS_POSITION}
order by p.time, p.received_at, p.digest limit $4`;

const WINDOW = `
select v.vehicle, ${REPORT} from positions p join vehicle_state v using (vehicle_key)
where p.time >= $1 and p.time < $2
order by p.time, p.received_at, v.vehicle, p.digest limit $3`;

/** Earliest report at or after a time, found in the partitions in turn. */
const NEXT = 'select min(time) as time from positions where time >= $1 and time <= $2';

export interface PositionStoreOptions {
  /** About how many reports one chunk of `all` holds. */
  readonly chunkReports?: number;
  /** First span of time that `all` asks for; it adapts to how dense the reports are. */
  readonly firstWindowMs?: number;
}

export const POSITION_STORE_DEFAULTS = { chunkReports: 5_000, firstWindowMs: 600_000 } as const;

export function makePositionStore(database: Database, options: PositionStoreOptions = {}): PositionStore {
  const { chunkReports, firstWindowMs } = { ...POSITION_STORE_DEFAULTS, ...options };
  return {
    async latest() {
      const rows = await database.rows<LastReportRow & { vehicle: string; progress: string | null }>(
        LATEST,
        [],
      );
      return rows.map((row) => ({
        vehicle: row.vehicle,
        last: readLast(row.vehicle, row)!,
        progress: readProgress(row.progress),
      }));
    },

    async track(vehicle, from, to, limit) {
      const rows = await database.rows<ReportRow>(TRACK, [vehicle, timestamp(from), timestamp(to), limit]);
      return rows.map((row) => readReport(vehicle, row));
    },

    /** Window after window of time, each asked for by itself: a slow reader holds no connection and no snapshot. */
    async *all(from, to) {
      let windowMs = firstWindowMs;
      let limit = chunkReports;
      let at = from;
      while (at <= to) {
        const end = Math.min(at + windowMs, to + 1);
        const rows = await database.rows<ReportRow & { vehicle: string }>(WINDOW, [
          timestamp(at),
          timestamp(end),
          limit + 1,
        ]);
        if (rows.length <= limit) {
          if (rows.length > 0) yield reports(rows);
          limit = chunkReports;
          if (rows.length > 0) at = end;
          else {
            const next = await database.rows<{ time: number | null }>(NEXT, [timestamp(end), timestamp(to)]);
            at = next[0]?.time ?? to + 1;
          }
          if (rows.length < chunkReports / 2) windowMs *= 2;
          continue;
        }
        // Cut off: the last millisecond may go on beyond the limit, so it is left for the next window.
        const lastTime = rows.at(-1)!.time;
        const whole = rows.filter((row) => row.time < lastTime);
        if (whole.length === 0) {
          limit *= 2;
          continue;
        }
        yield reports(whole);
        limit = chunkReports;
        at = lastTime;
        windowMs = Math.max(1, Math.floor(windowMs / 2));
      }
    },
  };
}

const reports = (rows: readonly (ReportRow & { vehicle: string })[]): Report[] =>
  rows.map((row) => readReport(row.vehicle, row));
