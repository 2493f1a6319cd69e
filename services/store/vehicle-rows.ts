import type { ContactState, JudgeState, RunProgress } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import { IS_POSITION, REPORT_COLUMN_NAMES, type ReportRow, readReport } from './report-columns.ts';
import type { VehicleSnapshot } from './store.ts';

/** What a query of `vehicle_state v` selects. */
export const VEHICLE_COLUMNS = 'v.vehicle, v.vehicle_key, v.epoch, v.contact, v.progress, v.plan_version';

/**
 * The newest position of a vehicle, joined to `vehicle_state v`; its columns are `LAST_REPORT`. It is that of
 * `v.last_time` or, stored since that was kept, a newer one.
 */
export const LAST_REPORT = REPORT_COLUMN_NAMES.map((name) => `p.${name}`).join(', ');
export const JOIN_LAST = `
left join lateral (
  select * from positions p where p.vehicle_key = v.vehicle_key and p.time >= v.last_time and ${IS_POSITION}
  order by p.time desc, p.received_at desc limit 1
) p on true`;

export type LastReportRow = { readonly [K in keyof ReportRow]: ReportRow[K] | null };

export interface VehicleRow {
  readonly vehicle: string;
  readonly vehicle_key: number;
  readonly epoch: number;
  readonly contact: string | null;
  readonly progress: string | null;
  readonly plan_version: string;
}

/** What is kept of a vehicle beside its row. */
export interface KeptRow extends LastReportRow {
  readonly judge: string | null;
}

export function readSnapshot(row: VehicleRow, kept: KeptRow): VehicleSnapshot {
  return {
    judge: parsed<JudgeState>(kept.judge),
    contact: parsed<ContactState>(row.contact),
    progress: readProgress(row.progress),
    last: readLast(row.vehicle, kept),
    planVersion: row.plan_version,
  };
}

export const readProgress = (text: string | null): RunProgress | null => parsed<RunProgress>(text);

export function readLast(vehicle: string, row: LastReportRow): Report | null {
  // Nulls where there is no such row; with a time, all that a report must have is there.
  return row.time === null ? null : readReport(vehicle, row as ReportRow);
}

/** Our own JSON, written by `writeVehicles`. */
function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
