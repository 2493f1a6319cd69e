import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { recordedRows } from './read-recorded.ts';
import { lines, planOf, type RecordedDay } from './recorded-day.ts';

/** WMATA buses of 2026-02-16 on their own GTFS; duties, where wanted, from the trip each bus said it was on. */
export function wmataDay(shared: string, duties: boolean): RecordedDay {
  const folder = join(shared, 'data', 'wmata-bus-2026');
  const zip = unzipSync(readFileSync(join(folder, 'gtfs.zip')));
  const files = new Map(Object.entries(zip).map(([name, bytes]) => [name, strFromU8(bytes)]));
  const rows = recordedRows(join(folder, 'positions.csv.gz'));
  if (duties) {
    const pairs = new Set(rows.map(({ report, row }) => `20260216,${row.trip_id},${report.vehicle},,`));
    files.set(
      'duties.csv',
      lines(['service_date,trip_id,vehicle_id,driver_id,escort_id', ...[...pairs].sort()]),
    );
  }
  return {
    name: `wmata-bus-2026, ${duties ? 'duties' : 'no duties'}`,
    plan: planOf(files),
    reports: rows.map((row) => row.report),
    tripOf: new Map(rows.map(({ report, row }) => [report, row.trip_id ?? ''])),
    sequenceOf: new Map(rows.map(({ report, row }) => [report, Number(row.stop_sequence)])),
  };
}
