import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readCsv } from '../../geo/plan/csv.ts';
import type { Report } from '../../geo/report.ts';
import { readTime, rowReport } from '../../services/replay/track-row.ts';

export function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Rows of a CSV as objects; the files read here are small. */
export function csvRows(text: string): { readonly [column: string]: string }[] {
  const reader = readCsv(text, () => undefined);
  reader.next();
  const header = [...reader.cells];
  const rows: { [column: string]: string }[] = [];
  while (reader.next()) rows.push(Object.fromEntries(header.map((name, i) => [name, reader.cells[i] ?? ''])));
  return rows;
}

export interface RecordedRow {
  readonly report: Report;
  readonly row: { readonly [column: string]: string };
}

/** Recorded positions, each with the row it came from, in order of vehicle and time; rows without a fix are left out. */
export function recordedRows(file: string): RecordedRow[] {
  const rows = csvRows(textOf(file)).flatMap((row) => {
    const time = readTime(row.time_iso ?? '');
    const [lat, lon] = [Number(row.lat), Number(row.lon)];
    if (time === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) return [];
    const report = rowReport({
      vehicle: row.vehicle!,
      time,
      lat,
      lon,
      speedKmh: row.speed_kmh ? Number(row.speed_kmh) : null,
      directionDeg: row.bearing ? Number(row.bearing) % 360 : null,
    });
    return [{ report, row }];
  });
  return rows.sort(
    (a, b) =>
      (a.report.vehicle < b.report.vehicle ? -1 : a.report.vehicle > b.report.vehicle ? 1 : 0) ||
      a.report.time - b.report.time,
  );
}
