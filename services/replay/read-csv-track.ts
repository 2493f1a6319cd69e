import { readCsv } from '../../geo/plan/csv.ts';
import type { Report } from '../../geo/report.ts';
import { placeFault, readTime, rowReport } from './track-row.ts';

/** A row that could not be used. */
export type OnBadRow = (line: number, reason: string) => void;

const COLUMNS = ['vehicle', 'time', 'lat', 'lon', 'speed_kmh', 'bearing', 'serial'] as const;

/** Reads `vehicle,time,lat,lon[,speed_kmh][,bearing][,serial]`; other columns are passed over, `time_iso` is a time too. */
export function readCsvTrack(text: string, onBadRow: OnBadRow): Report[] {
  const reports: Report[] = [];
  const rows = readCsv(text, onBadRow);
  if (!rows.next()) {
    onBadRow(1, 'no header');
    return reports;
  }
  const header = rows.cells.map((cell) => cell.trim().toLowerCase());
  const at = COLUMNS.map((name) => header.indexOf(name));
  if (at[1] === -1) at[1] = header.indexOf('time_iso');
  const missing = COLUMNS.slice(0, 4).filter((_, i) => at[i] === -1);
  if (missing.length > 0) {
    onBadRow(1, `header lacks ${missing.join(', ')}`);
    return reports;
  }
  rows.want(at);
  while (rows.next()) {
    const [vehicle, timeText, latText, lonText, speedText, bearingText, serialText] = rows.cells as string[];
    const time = readTime(timeText!);
    const lat = numberOf(latText!);
    const lon = numberOf(lonText!);
    const speedKmh = numberOf(speedText ?? '');
    const bearing = numberOf(bearingText ?? '');
    const serial = numberOf(serialText ?? '');
    const fault =
      vehicle === ''
        ? 'vehicle is empty'
        : time === null
          ? `time is not a time: ${timeText}`
          : (placeFault(lat, lon) ??
            badNumber('speed_kmh', speedKmh) ??
            badNumber('bearing', bearing) ??
            badNumber('serial', serial));
    if (fault !== null || time === null || lat === null || lon === null) {
      onBadRow(rows.line, fault ?? 'lat or lon is empty');
      continue;
    }
    reports.push(
      rowReport({
        vehicle: vehicle!,
        time,
        lat,
        lon,
        speedKmh,
        directionDeg: bearing === null ? null : ((bearing % 360) + 360) % 360,
        serial,
      }),
    );
  }
  return reports;
}

/** Null where the cell is empty, NaN where it holds no number. */
const numberOf = (text: string): number | null => (text === '' ? null : Number(text));

const badNumber = (name: string, value: number | null): string | null =>
  value !== null && !Number.isFinite(value) ? `${name} is not a number` : null;
