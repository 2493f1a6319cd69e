import type { Report } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import type { CopyRows } from './copy-rows.ts';

/** The columns of a report, in the order in which `writeReport` writes them, with their types. */
export const REPORT_COLUMNS = {
  time: 'timestamptz',
  received_at: 'timestamptz',
  lat: 'float8',
  lon: 'float8',
  positioned: 'boolean',
  speed_kmh: 'float8',
  recorder_speed_kmh: 'float8',
  direction_deg: 'float8',
  altitude_m: 'float8',
  acc_on: 'boolean',
  alarm_flags: 'int8',
  status_flags: 'int8',
  satellites: 'int4',
  mileage_km: 'float8',
  backfill: 'boolean',
  serial: 'int4',
  events: 'text',
} as const;

export const REPORT_COLUMN_NAMES = Object.keys(REPORT_COLUMNS) as readonly (keyof typeof REPORT_COLUMNS)[];

/** What a query gives for these columns. */
export interface ReportRow {
  readonly time: number;
  readonly received_at: number;
  readonly lat: number;
  readonly lon: number;
  readonly positioned: boolean;
  readonly speed_kmh: number | null;
  readonly recorder_speed_kmh: number | null;
  readonly direction_deg: number | null;
  readonly altitude_m: number | null;
  readonly acc_on: boolean | null;
  readonly alarm_flags: number;
  readonly status_flags: number;
  readonly satellites: number | null;
  readonly mileage_km: number | null;
  readonly backfill: boolean;
  readonly serial: number | null;
  readonly events: string | null;
}

export function writeReport(rows: CopyRows, report: Report): void {
  rows.timestamp(report.time);
  rows.timestamp(report.receivedAt);
  rows.float8(report.lat);
  rows.float8(report.lon);
  rows.bool(report.positioned);
  rows.float8(report.speedKmh);
  rows.float8(report.recorderSpeedKmh);
  rows.float8(report.directionDeg);
  rows.float8(report.altitudeM);
  rows.bool(report.accOn);
  rows.int8(report.alarmFlags);
  rows.int8(report.statusFlags);
  rows.int4(report.satellites);
  rows.float8(report.mileageKm);
  rows.bool(report.backfill);
  rows.int4(report.serial);
  rows.text(writeEvents(report));
}

/** As a condition on `p`: the row has a position, or at least the terminal's word on it. */
export const IS_POSITION = `(p.events is null or p.events not like '{%')`;

/** A list beside a position; wrapped where the report is nothing but its events. */
function writeEvents({ events, eventsOnly }: Report): string | null {
  if (events === undefined || events.length === 0) return null;
  return JSON.stringify(eventsOnly ? { only: events } : events);
}

function readEvents(text: string | null): Pick<Report, 'events' | 'eventsOnly'> {
  if (text === null) return {};
  const value = JSON.parse(text) as readonly VehicleEvent[] | { readonly only: readonly VehicleEvent[] };
  return 'only' in value ? { events: value.only, eventsOnly: true } : { events: value };
}

export function readReport(vehicle: string, row: ReportRow): Report {
  return {
    vehicle,
    time: row.time,
    receivedAt: row.received_at,
    lat: row.lat,
    lon: row.lon,
    positioned: row.positioned,
    speedKmh: row.speed_kmh,
    recorderSpeedKmh: row.recorder_speed_kmh,
    directionDeg: row.direction_deg,
    altitudeM: row.altitude_m,
    accOn: row.acc_on,
    alarmFlags: row.alarm_flags,
    statusFlags: row.status_flags,
    satellites: row.satellites,
    mileageKm: row.mileage_km,
    backfill: row.backfill,
    serial: row.serial,
    ...readEvents(row.events),
  };
}

const words = new Uint32Array(6);
const degrees = new Float64Array(words.buffer, 0, 2);

/**
 * 64 bits over what, with vehicle and time, tells one report from another: place, alarm word, status word. Two
 * independent 32-bit hashes (murmur's mixing steps), since BigInt arithmetic would cost more than the row itself.
 */
export function writeDigest(rows: CopyRows, report: Report): void {
  // Adding 0 makes -0 the 0 that it equals.
  degrees[0] = report.lat + 0;
  degrees[1] = report.lon + 0;
  words[4] = report.alarmFlags;
  words[5] = report.statusFlags;
  let high = 0x9e3779b9 | 0;
  let low = 0x85ebca6b | 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    high = Math.imul(high ^ word, 0xcc9e2d51);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ word, 0x1b873593) + high;
    low = (low << 13) | (low >>> 19);
  }
  rows.int8Words(mixed(high), mixed(low));
}

function mixed(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
