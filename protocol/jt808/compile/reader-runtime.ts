import { hex, id2, id4 } from './bytes.ts';
import { gunzip } from './gunzip.ts';
import type { ReadContext } from './read-context.ts';
import { decodePadded, decodeText } from './text.ts';
import { dateText, dayText, isZero, moment, windowText } from './time.ts';

/** What compiled readers call. */
const NO_NAMES: readonly string[] = Object.freeze([]);

/** Names of the bits set; shared and frozen where there is none. */
function names(table: readonly string[], mask: number): readonly string[] {
  if (mask === 0) return NO_NAMES;
  const out: string[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) out.push(table[31 - Math.clz32(rest & -rest)]!);
  return out;
}

function notADate(c: ReadContext, path: string, b: Uint8Array, at: number, width: number): null {
  c.warn(`time: ${path} is no date: ${hex(b, at, at + width)}`);
  return null;
}

function timeOf(b: Uint8Array, at: number, c: ReadContext, path: string, zone: string): string | null {
  return moment(b, at, zone) ?? notADate(c, path, b, at, 6);
}

function windowOf(b: Uint8Array, at: number, c: ReadContext, path: string): string | null {
  return windowText(b, at) ?? notADate(c, path, b, at, 6);
}

function boundOf(b: Uint8Array, at: number, c: ReadContext, path: string): string | null {
  return isZero(b, at, 6) ? null : timeOf(b, at, c, path, '+08:00');
}

function dayOf(b: Uint8Array, at: number, c: ReadContext, path: string): string | null {
  return isZero(b, at, 3) ? null : (dayText(b, at) ?? notADate(c, path, b, at, 3));
}

function dateOf(b: Uint8Array, at: number, c: ReadContext, path: string): string | null {
  return isZero(b, at, 4) ? null : (dateText(b, at) ?? notADate(c, path, b, at, 4));
}

function checked(value: string, c: ReadContext, path: string): string {
  if (value.includes('\ufffd')) c.warn(`text: ${path} is not all GB 18030`);
  return value;
}

/** Text of variable width: a terminator that should not be there is dropped. */
function text(b: Uint8Array, start: number, end: number, c: ReadContext, path: string): string {
  let to = end;
  while (to > start && b[to - 1] === 0) to--;
  return checked(decodeText(b, start, to), c, path);
}

function padded(b: Uint8Array, start: number, end: number, c: ReadContext, path: string): string {
  return checked(decodePadded(b, start, end), c, path);
}

/** A decimal number of BCD digits; NaN never: a nibble above 9 is a warning and null. */
function scaledDigits(
  b: Uint8Array,
  start: number,
  end: number,
  scale: number,
  c: ReadContext,
  path: string,
): number | null {
  const digits = hex(b, start, end);
  if (/[a-f]/.test(digits)) {
    c.warn(`digits: ${path} is no number: ${digits}`);
    return null;
  }
  return Number(digits) / scale;
}

/**
 * Degrees of a DWORD of 1e-6 degree. Some terminals write two's complement instead of, or beside, setting the sign
 * bit: the magnitude is taken and the sign kept, with a warning.
 */
function odd(raw: number, negative: boolean, limit: number, c: ReadContext, path: string): number {
  if (raw > 0x7fffffff) {
    c.warn(`sign: ${path} is in two's complement${negative ? ' beside the sign bit' : ' with no sign bit'}`);
    return (raw - 0x100000000) / 1e6;
  }
  const value = raw / 1e6;
  if (value > limit) c.warn(`range: ${path} ${value} is beyond ${limit} degrees`);
  return negative && raw !== 0 ? -value : value;
}

function unzip(
  b: Uint8Array,
  start: number,
  end: number,
  maxBytes: number,
  c: ReadContext,
  path: string,
): string | undefined {
  const content = gunzip(b.subarray(start, end), maxBytes);
  if (typeof content !== 'string') return hex(content);
  c.warn(`gzip: ${path} ${content}`);
  return undefined;
}

function word(words: readonly string[], code: number): string {
  return words[code] ?? `code${code}`;
}

export const readerRuntime = {
  names,
  timeOf,
  windowOf,
  boundOf,
  dayOf,
  dateOf,
  text,
  padded,
  hex,
  scaledDigits,
  odd,
  unzip,
  word,
  id2,
  id4,
};
