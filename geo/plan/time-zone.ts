/** What the clocks of one IANA time zone show. */
export interface ZoneClock {
  /** Milliseconds that local time is ahead of UTC at `time`. */
  offsetMs(time: number): number;
  /** Local calendar date `YYYYMMDD` and seconds since local midnight (as the clock shows) at `time`. */
  localTime(time: number): { readonly date: string; readonly secondsOfDay: number };
  /**
   * GTFS's zero of a service date: local noon minus 12 h, in milliseconds since the epoch. It is midnight but for the
   * days on which clocks are changed, when it is an hour off, so that times of day keep their length.
   */
  serviceDayStart(serviceDate: string): number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Every zone's clock has changed on a quarter of an hour since 1972. */
const OFFSET_STEP_MS = HOUR_MS / 4;
const CACHED_OFFSETS = 4096;

/** Is this an IANA time zone that we know the rules of? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function zoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Intl takes microseconds; the offset of a quarter of an hour is asked for once.
  const offsets = new Map<number, number>();

  function offsetMs(time: number): number {
    const step = Math.floor(time / OFFSET_STEP_MS);
    const cached = offsets.get(step);
    if (cached !== undefined) return cached;
    if (offsets.size >= CACHED_OFFSETS) offsets.clear();
    const offset = computeOffset(step * OFFSET_STEP_MS);
    offsets.set(step, offset);
    return offset;
  }

  function computeOffset(time: number): number {
    const shown: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(time)) shown[type] = Number(value);
    const { year, month, day, hour, minute, second } = shown;
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - time;
  }

  return {
    offsetMs,
    localTime(time) {
      const local = time + offsetMs(time);
      const day = Math.floor(local / DAY_MS);
      return { date: dateOfDay(day), secondsOfDay: (local - day * DAY_MS) / 1000 };
    },
    serviceDayStart(serviceDate) {
      const noon = dayOfDate(serviceDate) * DAY_MS + DAY_MS / 2;
      const guess = noon - offsetMs(noon);
      return noon - offsetMs(guess) - DAY_MS / 2;
    },
  };
}

/** Days from 1970-01-01 to the date `YYYYMMDD`. */
export function dayOfDate(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / DAY_MS;
}

/** `YYYYMMDD` of a day counted from 1970-01-01. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}
