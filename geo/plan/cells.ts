/** How the text of one cell becomes a value; null where it does not. */

export const SECONDS_PER_DAY = 86_400;

/** `H:MM:SS` or `HH:MM:SS` of GTFS: seconds after noon minus 12 h, may pass 24 h. `HH:MM` is taken too. */
export function parseTime(text: string): number | null {
  const match = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0) : null;
}

/** As `parseTime` for the usual `HH:MM:SS`, without a regular expression: a feed has millions of them. -1 where it is not one. */
export function parseTimeFast(text: string): number {
  const length = text.length;
  if (
    (length === 8 || length === 7) &&
    text.charCodeAt(length - 3) === 58 &&
    text.charCodeAt(length - 6) === 58
  ) {
    const hours = length === 8 ? twoDigits(text, 0) : digit(text, 0);
    const minutes = twoDigits(text, length - 5);
    const seconds = twoDigits(text, length - 2);
    if (hours >= 0 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60) {
      return hours * 3600 + minutes * 60 + seconds;
    }
  }
  return parseTime(text) ?? -1;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : -1000;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** `YYYYMMDD`, or with hyphens `YYYY-MM-DD`; a day that exists. Returns `YYYYMMDD`. */
export function parseDate(text: string): string | null {
  const match = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900;
  return exists ? `${match[1]}${match[3]}${match[4]}` : null;
}

/** A decimal number; no hexadecimal, no blanks, no `Infinity`, which `Number` would take. */
export function parseDecimal(text: string): number | null {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) digits++;
    // A point, a sign, or the e of an exponent: `Number` knows where each may stand.
    else if (code !== 46 && code !== 43 && code !== 45 && code !== 101 && code !== 69) return null;
  }
  const value = Number(text);
  return digits > 0 && !Number.isNaN(value) ? value : null;
}

const ZERO = 48;
const NINE = 57;
const SAFE_DIGITS = 15;

/** A whole number, with a sign or without. */
export function parseInteger(text: string): number | null {
  const first = text.charCodeAt(0);
  const from = first === 43 || first === 45 ? 1 : 0;
  if (text.length === from || text.length > from + SAFE_DIGITS) return null;
  let value = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) return null;
    value = value * 10 + code - ZERO;
  }
  return first === 45 ? -value : value;
}

/**
 * A window of the day such as `06:30-08:00`, in seconds after midnight. Takes the dashes and colons that a Chinese
 * keyboard gives. One that passes midnight has its end before its start.
 */
export function parseWindow(text: string): readonly [number, number] | null {
  const ends = text.replaceAll('：', ':').split(/\s*[-–—~～至]\s*/);
  if (ends.length !== 2) return null;
  const from = parseTime(ends[0]!);
  const to = parseTime(ends[1]!);
  if (from === null || to === null || from === to || from >= SECONDS_PER_DAY || to > SECONDS_PER_DAY)
    return null;
  return [from, to];
}

/** `a; b;c`, also with the wide semicolon. */
export function parseList(text: string): string[] {
  return text
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
