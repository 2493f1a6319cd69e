import pg from 'pg';

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/**
 * How column values become JavaScript values on both databases: int8 a number (none of ours passes 2^53), timestamptz
 * milliseconds since the epoch, everything else as the driver does it.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: unknown): (text: string) => unknown {
    if (format !== 'binary') {
      if (oid === INT8) return Number;
      if (oid === TIMESTAMPTZ) return parseTimestamp;
    }
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  },
};

const ZERO = 48;

/** `2026-11-24 07:30:05.123+00`, as PostgreSQL writes it in a session whose time zone is UTC. */
export function parseTimestamp(text: string): number {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(text)) {
    throw new RangeError(`a timestamp that is not of the years 1 to 9999 in UTC: ${text}`);
  }
  const digit = (at: number) => text.charCodeAt(at) - ZERO;
  const pair = (at: number) => digit(at) * 10 + digit(at + 1);
  const year = pair(0) * 100 + pair(2);
  let ms = 0;
  if (text.length > 22) {
    const fraction = text.slice(20, -3).padEnd(3, '0');
    ms = Number(fraction.slice(0, 3));
  }
  const time = Date.UTC(year, pair(5) - 1, pair(8), pair(11), pair(14), pair(17), ms);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return year > 99 ? time : new Date(time).setUTCFullYear(year);
}

/** A timestamptz parameter. Whole milliseconds: the database holds microseconds, so nothing is lost. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();

/**
 * Text that PostgreSQL can hold: it refuses U+0000 and half surrogate pairs, and a terminal may send either. One bad
 * character must not hold up a batch for ever.
 */
export const storableText = (text: string): string => text.replace(/[\0\p{Surrogate}]/gu, '\uFFFD');

/** JSON that a jsonb column can hold, by the same rule. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return /\\u(0000|[dD][89a-fA-F])/.test(text) ? JSON.stringify(storable(JSON.parse(text))) : text;
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storable(item)]));
}
