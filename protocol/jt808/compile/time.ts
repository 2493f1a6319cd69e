/** BCD times (YYMMDDhhmmss, GMT+8). Years are 2000 to 2099, as the two digits cannot say more. */

const TWO: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
/** BCD byte to number, -1 where a nibble is above 9. */
const FROM_BCD = Int8Array.from({ length: 256 }, (_, byte) =>
  byte >> 4 > 9 || (byte & 15) > 9 ? -1 : (byte >> 4) * 10 + (byte & 15),
);
const DAYS_IN_MONTH = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Days from 1970-01-01 to the first of each month of 2000 to 2099; one look-up instead of calendar arithmetic. */
const FIRST_OF_MONTH = Int32Array.from(
  { length: 100 * 13 },
  (_, i) => Date.UTC(2000 + Math.floor(i / 13), (i % 13) - 1, 1) / DAY_MS,
);

function isDay(year: number, month: number, day: number): boolean {
  return (
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= DAYS_IN_MONTH[month]! &&
    (month !== 2 || day < 29 || year % 4 === 0)
  );
}

/** Milliseconds since the epoch of a GMT+8 BCD time at `at`; NaN where it is not a date. */
export function momentMs(b: Uint8Array, at: number): number {
  const year = FROM_BCD[b[at]!]!;
  const month = FROM_BCD[b[at + 1]!]!;
  const day = FROM_BCD[b[at + 2]!]!;
  const hour = FROM_BCD[b[at + 3]!]!;
  const minute = FROM_BCD[b[at + 4]!]!;
  const second = FROM_BCD[b[at + 5]!]!;
  if (!isDay(year, month, day)) return Number.NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN;
  return (
    (FIRST_OF_MONTH[year * 13 + month]! + day - 1) * DAY_MS +
    (hour - 8) * HOUR_MS +
    minute * 60_000 +
    second * 1000
  );
}

let lastDay = -1;
let lastDayText = '';

/** "2026-03-02T07:30:15+08:00"; null where it is not a date. Reports of one moment share the text of their day. */
export function moment(b: Uint8Array, at: number, zone = '+08:00'): string | null {
  const key = (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!;
  if (key !== lastDay) {
    const day = dayText(b, at);
    if (day === null) return null;
    lastDay = key;
    lastDayText = `${day}T`;
  }
  const hour = FROM_BCD[b[at + 3]!]!;
  const minute = FROM_BCD[b[at + 4]!]!;
  const second = FROM_BCD[b[at + 5]!]!;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  return `${lastDayText + CLOCK[hour * 60 + minute]!}${TWO[second]!}${zone}`;
}

const CLOCK: readonly string[] = Array.from(
  { length: 24 * 60 },
  (_, n) => `${TWO[Math.floor(n / 60)]}:${TWO[n % 60]}:`,
);

/** "2026-03-02" of YYMMDD. */
export function dayText(b: Uint8Array, at: number): string | null {
  const year = FROM_BCD[b[at]!]!;
  const month = FROM_BCD[b[at + 1]!]!;
  const day = FROM_BCD[b[at + 2]!]!;
  return isDay(year, month, day) ? `20${TWO[year]}-${TWO[month]}-${TWO[day]}` : null;
}

/** "2026-03-02" of YYYYMMDD. */
export function dateText(b: Uint8Array, at: number): string | null {
  const century = FROM_BCD[b[at]!]!;
  const year = FROM_BCD[b[at + 1]!]!;
  const month = FROM_BCD[b[at + 2]!]!;
  const day = FROM_BCD[b[at + 3]!]!;
  return century >= 0 &&
    isDay(year, month, day) &&
    !(day === 29 && month === 2 && century % 4 !== 0 && year === 0)
    ? `${TWO[century]}${TWO[year]}-${TWO[month]}-${TWO[day]}`
    : null;
}

/** As `moment`, but a zero date is every day: "08:30:00". */
export function windowText(b: Uint8Array, at: number): string | null {
  if ((b[at]! | b[at + 1]! | b[at + 2]!) !== 0) return moment(b, at);
  const hour = FROM_BCD[b[at + 3]!]!;
  const minute = FROM_BCD[b[at + 4]!]!;
  const second = FROM_BCD[b[at + 5]!]!;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  return `${TWO[hour]}:${TWO[minute]}:${TWO[second]}`;
}

export function isZero(b: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (b[i] !== 0) return false;
  return true;
}

const ISO = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Where the two digits of year, month, day, hour, minute and second begin in an ISO time. */
const DIGITS_AT = [2, 5, 8, 11, 14, 17] as const;

/** Writes the BCD bytes of an ISO time, in GMT+8 (or UTC), at `at`; false where it is none. */
export function writeMoment(target: Uint8Array, at: number, iso: string, offsetHours: number): boolean {
  let digits = iso;
  // What we print ourselves needs no calendar: the digits are those of the zone asked for.
  if (iso.length !== 25 || !iso.endsWith('+08:00') || offsetHours !== 8) {
    if (!ISO.test(iso)) return false;
    const ms = Date.parse(iso);
    if (Number.isNaN(ms)) return false;
    digits = new Date(ms + offsetHours * HOUR_MS).toISOString();
  }
  if (digits.charCodeAt(0) !== 50 || digits.charCodeAt(1) !== 48) return false;
  for (let i = 0; i < 6; i++) {
    const from = DIGITS_AT[i]!;
    target[at + i] = (digits.charCodeAt(from) - 48) * 16 + digits.charCodeAt(from + 1) - 48;
  }
  return !Number.isNaN(momentMs(target, at));
}

/** The BCD bytes of "2026-03-02" (3 bytes, or 4 with the century) or of "08:30:00" (3 bytes). */
export function digitBytes(digits: string): Uint8Array {
  const packed = digits.replace(/\D/g, '');
  return Uint8Array.from({ length: packed.length / 2 }, (_, i) =>
    Number.parseInt(packed.slice(2 * i, 2 * i + 2), 16),
  );
}
