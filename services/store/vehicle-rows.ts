import type { ContactState, JudgeState, RunProgress } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import { REPORT_COLUMN_NAMES, type ReportRow, readReport } from './report-columns.ts';
import type { VehicleSnapshot } from './store.ts';

/** The last report's columns under the names that `readReport` knows. */
export const LAST_REPORT = REPORT_COLUMN_NAMES.map((name) => `last_${name} as ${name}`).join(', ');

/** What a query of `vehicle_state` selects. */
export const VEHICLE_COLUMNS = `vehicle, vehicle_key, epoch, contact, progress, plan_version, ${LAST_REPORT}`;

export type LastReportRow = { readonly [K in keyof ReportRow]: ReportRow[K] | null };

export interface VehicleRow extends LastReportRow {
  readonly vehicle: string;
  readonly vehicle_key: number;
  readonly epoch: number;
  readonly contact: string | null;
  readonly progress: string | null;
  readonly plan_version: string;
}

export function readSnapshot(row: VehicleRow, judge: string | null): VehicleSnapshot {
  return {
    judge: parsed<JudgeState>(judge),
    contact: parsed<ContactState>(row.contact),
    progress: readProgress(row.progress),
    last: readLast(row.vehicle, row),
    planVersion: row.plan_version,
  };
}

export const readProgress = (text: string | null): RunProgress | null => parsed<RunProgress>(text);

export function readLast(vehicle: string, row: LastReportRow): Report | null {
  // The columns are written together: with a time, all that a report must have is there.
  return row.time === null ? null : readReport(vehicle, row as ReportRow);
}

/** Our own JSON, written by `writeVehicles`. */
function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
