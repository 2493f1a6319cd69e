import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { strFromU8, unzipSync } from 'fflate';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import { readCsv } from '../../geo/plan/csv.ts';
import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { readTime, rowReport } from '../../services/replay/track-row.ts';
import type { RecordedDay } from './recorded-day.ts';

/** WMATA buses of 2026-02-16 on their own GTFS; duties, where wanted, from the trip each bus said it was on. */
export function wmataDay(shared: string, duties: boolean): RecordedDay {
  const folder = join(shared, 'data', 'wmata-bus-2026');
  const files = new Map(
    Object.entries(unzipSync(readFileSync(join(folder, 'gtfs.zip')))).map(([name, bytes]) => [
      name,
      strFromU8(bytes),
    ]),
  );
  const text = gunzipSync(readFileSync(join(folder, 'positions.csv.gz'))).toString('utf8');
  const rows = rowsOf(text);
  if (duties) files.set('duties.csv', dutiesOf(rows));
  return {
    name: `wmata-bus-2026, ${duties ? 'duties' : 'no duties'}`,
    plan: planOf(files),
    reports: rows.map((row) => row.report),
    said: new Map(rows.map((row) => [row.report, row.trip])),
  };
}

interface Row {
  readonly report: Report;
  readonly trip: string;
}

function rowsOf(text: string): Row[] {
  const reader = readCsv(text, () => undefined);
  reader.next();
  const header = [...reader.cells];
  const at = (name: string): number => header.indexOf(name);
  const columns = ['vehicle', 'time_iso', 'lat', 'lon', 'speed_kmh', 'bearing', 'trip_id'].map(at);
  reader.want(columns);
  const rows: Row[] = [];
  while (reader.next()) {
    const [vehicle, time, lat, lon, speed, bearing, trip] = reader.cells as string[];
    rows.push({
      trip: trip ?? '',
      report: rowReport({
        vehicle: vehicle!,
        time: readTime(time!)!,
        lat: Number(lat),
        lon: Number(lon),
        speedKmh: speed === '' ? null : Number(speed),
        directionDeg: bearing === '' ? null : Number(bearing) % 360,
      }),
    });
  }
  return rows;
}

function dutiesOf(rows: readonly Row[]): string {
  const pairs = new Set(
    rows.filter((row) => row.trip).map((row) => `20260216,${row.trip},${row.report.vehicle},,`),
  );
  return `service_date,trip_id,vehicle_id,driver_id,escort_id\n${[...pairs].sort().join('\n')}\n`;
}

export function planOf(files: PlanFiles): Plan {
  const result = buildPlan(files, 'evaluation');
  if (!result.ok)
    throw new Error(
      result.problems
        .slice(0, 3)
        .map((p) => `${p.file}:${p.line} ${p.reason}`)
        .join('; '),
    );
  return result.plan;
}
