import { bareReport, type Report } from '../../geo/report.ts';

/** What a recorded row must have, and may have; everything else is unknown of it. */
export type RowReport = Pick<Report, 'vehicle' | 'time' | 'lat' | 'lon'> & Partial<Report>;

/** A report from a recorded row: received when it was made unless it says otherwise, with a fix unless it is 0/0. */
export function rowReport(row: RowReport): Report {
  return bareReport({ positioned: !(row.lat === 0 && row.lon === 0), ...row });
}

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** ISO 8601, without a zone +08:00 as terminals have it; or seconds or milliseconds since the epoch. Null if neither. */
export function readTime(text: string): number | null {
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const iso = ISO.exec(text);
  if (!iso) return null;
  const time = Date.parse(`${text.replace(' ', 'T')}${iso[3] ? '' : '+08:00'}`);
  return Number.isNaN(time) ? null : time;
}

/** Why these are no coordinates, or null. */
export function placeFault(lat: unknown, lon: unknown): string | null {
  if (typeof lat !== 'number' || !(Math.abs(lat) <= 90)) return `lat is not a latitude: ${String(lat)}`;
  if (typeof lon !== 'number' || !(Math.abs(lon) <= 180)) return `lon is not a longitude: ${String(lon)}`;
  return null;
}
