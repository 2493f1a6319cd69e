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

/** Writes the BCD bytes of an ISO time, in GMT+8 (or UTC), at `at`; false where it is none. */
export function writeMoment(target: Uint8Array, at: number, iso: string, offsetHours: number): boolean {
  const ms = ISO.test(iso) ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(ms)) return false;
  const moved = new Date(ms + offsetHours * HOUR_MS).toISOString();
  return moved.startsWith('20') && writeEast8(target, at, `${moved.slice(0, 19)}+08:00`);
}

const ISO = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The same of "20yy-mm-ddThh:mm:ss+08:00" alone, which is how we print times ourselves and needs no calendar. It is
 * done for every report, hence without branches.
 */
export function writeEast8(target: Uint8Array, at: number, iso: unknown): boolean {
  if (typeof iso !== 'string' || iso.length !== 25) return false;
  const y1 = iso.charCodeAt(2) - 48;
  const y2 = iso.charCodeAt(3) - 48;
  const m1 = iso.charCodeAt(5) - 48;
  const m2 = iso.charCodeAt(6) - 48;
  const d1 = iso.charCodeAt(8) - 48;
  const d2 = iso.charCodeAt(9) - 48;
  const h1 = iso.charCodeAt(11) - 48;
  const h2 = iso.charCodeAt(12) - 48;
  const n1 = iso.charCodeAt(14) - 48;
  const n2 = iso.charCodeAt(15) - 48;
  const s1 = iso.charCodeAt(17) - 48;
  const s2 = iso.charCodeAt(18) - 48;
  const other =
    (iso.charCodeAt(0) ^ 50) |
    (iso.charCodeAt(1) ^ 48) |
    (iso.charCodeAt(4) ^ 45) |
    (iso.charCodeAt(7) ^ 45) |
    (iso.charCodeAt(10) ^ 84) |
    (iso.charCodeAt(13) ^ 58) |
    (iso.charCodeAt(16) ^ 58) |
    (iso.charCodeAt(19) ^ 43) |
    (iso.charCodeAt(20) ^ 48) |
    (iso.charCodeAt(21) ^ 56) |
    (iso.charCodeAt(22) ^ 58) |
    (iso.charCodeAt(23) ^ 48) |
    (iso.charCodeAt(24) ^ 48);
  // Negative where a character is below 0, or above 9 (above 5 of minutes and seconds).
  const digits = y1 | y2 | m1 | m2 | d1 | d2 | h1 | h2 | n1 | n2 | s1 | s2;
  const above =
    (9 - y1) | (9 - y2) | (9 - m2) | (9 - d2) | (9 - h2) | (5 - n1) | (9 - n2) | (5 - s1) | (9 - s2);
  const month = m1 * 10 + m2;
  const day = d1 * 10 + d2;
  if (other !== 0 || (digits | above) < 0 || month < 1 || month > 12 || day < 1 || h1 * 10 + h2 > 23)
    return false;
  if (day > 28 && !isDay(y1 * 10 + y2, month, day)) return false;
  target[at] = (y1 << 4) | y2;
  target[at + 1] = (m1 << 4) | m2;
  target[at + 2] = (d1 << 4) | d2;
  target[at + 3] = (h1 << 4) | h2;
  target[at + 4] = (n1 << 4) | n2;
  target[at + 5] = (s1 << 4) | s2;
  return true;
}

/** Writes the BCD bytes of the digits of a date or a time of day. */
export function writeDigits(target: Uint8Array, at: number, text: string): void {
  const packed = text.replace(/\D/g, '');
  for (let i = 0; i < packed.length; i += 2) {
    target[at + i / 2] = Number.parseInt(packed.slice(i, i + 2), 16);
  }
}
