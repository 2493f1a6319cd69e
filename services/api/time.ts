import { type ZoneClock, zoneClock } from '../../geo/plan/time-zone.ts';

const DAY_MS = 86_400_000;
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** ISO 8601 with +08:00, as every time at the edge is written. */
export function isoTime(time: number): string {
  return `${new Date(time + CHINA_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;
}

export const isoTimeOrNull = (time: number | null): string | null => (time === null ? null : isoTime(time));

/**
 * Milliseconds since the epoch of an ISO 8601 date-time with a zone, or null. A `+` that came through a query string
 * as a blank is taken for what it was.
 */
export function parseTime(text: string): number | null {
  const repaired = text.trim().replace(/ (?=\d\d:?\d\d$)/, '+');
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.test(repaired)) return null;
  const time = Date.parse(repaired);
  return Number.isNaN(time) ? null : time;
}

export interface LocalDay {
  /** `YYYYMMDD` */
  readonly date: string;
  /** Midnight to midnight, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** The calendar day of `time` in the zone (IANA name). */
export function localDay(time: number, timeZone: string): LocalDay {
  const from = localMidnight(time, timeZone);
  // A day may have 23 or 25 hours; its successor holds the moment 26 h on.
  const to = localMidnight(from + 26 * 3_600_000, timeZone);
  const date = new Date(from + zoneOffset(from, timeZone)).toISOString().slice(0, 10).replaceAll('-', '');
  return { date, from, to };
}

/** A moment about noon of the date `YYYYMMDD` in the zone, or null where there is no such date. */
export function noonOf(date: string, timeZone: string): number | null {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number);
  const noon = Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0, 12);
  if (new Date(noon).toISOString().slice(0, 10).replaceAll('-', '') !== date) return null;
  return noon - zoneOffset(noon, timeZone);
}

function localMidnight(time: number, timeZone: string): number {
  const local = time + zoneOffset(time, timeZone);
  const midnight = local - (((local % DAY_MS) + DAY_MS) % DAY_MS);
  const guess = midnight - zoneOffset(time, timeZone);
  return midnight - zoneOffset(guess, timeZone);
}

const clocks = new Map<string, ZoneClock>();

/** Milliseconds that the zone's clock is ahead of UTC at `time`. */
function zoneOffset(time: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = zoneClock(timeZone);
    clocks.set(timeZone, clock);
  }
  return clock.offsetMs(time);
}
