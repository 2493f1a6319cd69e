import type { View } from '../describe/field.ts';
import { fromHex } from './bytes.ts';
import { encodeText } from './text.ts';
import { dateText, dayText, windowText, writeDigits, writeEast8, writeMoment } from './time.ts';
import { EncodeError, type Writer } from './writer.ts';

/**
 * What compiled writers call. Every value is checked: what cannot be sent is an `EncodeError` that names the field.
 * Those that take `b` and `at` write a known number of bytes, for which there is room.
 */

function notWhole(value: unknown, low: number, high: number, path: string): never {
  throw new EncodeError(path, `takes a whole number from ${low} to ${high}, not ${JSON.stringify(value)}`);
}

function outOfRange(
  value: unknown,
  low: number,
  high: number,
  scale: number,
  bias: number,
  path: string,
): never {
  const range = `${low / scale - bias} to ${high / scale - bias}`;
  throw new EncodeError(path, `takes a number from ${range}, not ${JSON.stringify(value)}`);
}

function tooLong(most: number, path: string): never {
  throw new EncodeError(path, `longer than ${most} bytes`);
}

function idOf(value: unknown, high: number, path: string): number {
  const id = typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? Number.parseInt(value, 16) : value;
  if (typeof id !== 'number' || Math.floor(id) !== id || !(id >= 0 && id <= high))
    notWhole(value, 0, high, path);
  return id;
}

/** Magnitude in 1e-6 degree; `signed` where another field has the sign. */
function degrees(value: unknown, signed: boolean, path: string): number {
  const raw = typeof value === 'number' ? (value < 0 ? -value : value) * 1e6 + 0.5 : Number.NaN;
  if (!(raw < 0x100000000) || (!signed && (value as number) < 0))
    throw new EncodeError(path, `takes degrees, not ${JSON.stringify(value)}`);
  return raw >>> 0;
}

function unannounced(value: unknown, path: string, by: string): void {
  if (value !== undefined) throw new EncodeError(path, `is given, but ${by} says that it is not there`);
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new EncodeError(path, 'takes an object');
  return value as Record<string, unknown>;
}

function array(value: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new EncodeError(path, value === undefined ? 'is missing' : 'takes a list');
  if (value.length > most) throw new EncodeError(path, `takes up to ${most} entries`);
  return value;
}

function exactly(entries: readonly unknown[], times: number, path: string): void {
  if (entries.length !== times) throw new EncodeError(path, `takes ${times} entries, not ${entries.length}`);
}

/** Bits of a list of names. */
function maskOf(value: unknown, table: ReadonlyMap<unknown, number>, size: number, path: string): number {
  const names = array(value, path, 32);
  let mask = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const bit = table.get(name) ?? Number(/^bit(\d+)$/.exec(String(name))?.[1] ?? -1);
    if (!(bit >= 0 && bit < 8 * size)) throw new EncodeError(path, `has no ${JSON.stringify(name)}`);
    mask |= 1 << bit;
  }
  return mask >>> 0;
}

/** The number that its readings say, for whoever gives `status` rather than `statusFlags`. */
function fromViews(
  source: Record<string, unknown>,
  views: readonly View[],
  size: number,
  path: string,
): number {
  const named = (bits: View['bits']) => new Map<unknown, number>(bits.map((bit) => [bit.name, bit.bit]));
  let mask = 0;
  let found = false;
  for (const view of views) {
    const value = source[view.name];
    if (value === undefined) continue;
    found = true;
    if (view.kind === 'names') {
      mask |= maskOf(value, named(view.bits), size, view.name);
      continue;
    }
    const given = object(value, view.name);
    for (const bit of view.bits) {
      const on = given[bit.name];
      if (on !== undefined && Boolean(on) !== (bit.inverted === true)) mask |= 1 << bit.bit;
    }
    for (const part of view.parts) {
      const said = given[part.name];
      if (said === undefined) continue;
      if (part.kind === 'set') mask |= maskOf(said, named(part.bits), size, `${view.name}.${part.name}`);
      else {
        const code = part.words.indexOf(String(said));
        if (code < 0) throw new EncodeError(`${view.name}.${part.name}`, `has no ${JSON.stringify(said)}`);
        mask |= code << part.shift;
      }
    }
  }
  if (!found) throw new EncodeError(path, 'is missing');
  return mask >>> 0;
}

/** Does a coordinate of any entry lie south or west? */
function anyNegative(entries: unknown, name: string): boolean {
  return (
    Array.isArray(entries) && entries.some((entry) => Number((entry as Record<string, unknown>)?.[name]) < 0)
  );
}

/** A time of GMT+8 (`offsetHours` 8) or UTC (0) in six bytes. */
function moment(b: Uint8Array, at: number, value: unknown, offsetHours: number, path: string): void {
  if (value === null) b.fill(0, at, at + 6);
  else if (typeof value !== 'string' || !writeMoment(b, at, value, offsetHours))
    throw new EncodeError(path, 'takes an ISO 8601 time of 2000 to 2099 with its offset, or null');
}

/** The same, or a time of every day in the last three of them. */
function window(b: Uint8Array, at: number, value: unknown, path: string): void {
  if (typeof value !== 'string' || !/^\d\d:\d\d:\d\d$/.test(value)) {
    moment(b, at, value, 8, path);
    return;
  }
  b.fill(0, at, at + 3);
  writeDigits(b, at + 3, value);
  if (windowText(b, at) === null) throw new EncodeError(path, `has no time of day like ${value}`);
}

/** A date in three bytes (of this century), or with its century in four. */
function date(b: Uint8Array, at: number, value: unknown, width: 3 | 4, path: string): void {
  if (value === null) {
    b.fill(0, at, at + width);
    return;
  }
  const form = width === 3 ? /^20\d\d-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\d$/;
  if (typeof value === 'string' && form.test(value)) {
    writeDigits(b, at, width === 3 ? value.slice(2) : value);
    if ((width === 3 ? dayText(b, at) : dateText(b, at)) !== null) return;
  }
  throw new EncodeError(path, 'takes a date like 2026-03-02, or null');
}

function fixedHex(b: Uint8Array, at: number, value: unknown, width: number, path: string): void {
  const raw = typeof value === 'string' ? fromHex(value) : null;
  if (raw === null) throw new EncodeError(path, 'takes a string of hex digits');
  if (raw.length !== width) throw new EncodeError(path, `takes ${width} bytes of hex`);
  b.set(raw, at);
}

/** Digits of a BCD field, padded with zeros on the left. */
function digits(b: Uint8Array, at: number, value: unknown, width: number, path: string): void {
  if (typeof value !== 'string' || !/^[0-9a-fA-F]*$/.test(value) || value.length > 2 * width)
    throw new EncodeError(path, `takes up to ${2 * width} digits`);
  fixedHex(b, at, value.padStart(2 * width, '0'), width, path);
}

function scaledDigits(
  b: Uint8Array,
  at: number,
  value: unknown,
  width: number,
  scale: number,
  path: string,
): void {
  const raw = typeof value === 'number' ? Math.round(value * scale) : -1;
  if (!(raw >= 0 && String(raw).length <= 2 * width)) throw new EncodeError(path, 'out of range');
  digits(b, at, String(raw), width, path);
}

function paddedText(
  b: Uint8Array,
  at: number,
  value: unknown,
  width: number,
  fill: number,
  left: boolean,
  path: string,
): void {
  if (typeof value !== 'string') throw new EncodeError(path, 'takes a text');
  const encoded = encodeText(value);
  const pad = width - encoded.length;
  if (pad < 0) tooLong(width, path);
  const start = left ? at + pad : at;
  b.fill(fill, at, at + width);
  b.set(encoded, start);
}

/** The count of the bytes after it, once they are written; it ends at `end`. */
function patch(b: Uint8Array, end: number, size: number, written: number, path: string): void {
  if (size < 4 && written >= 1 << (8 * size)) tooLong(2 ** (8 * size) - 1, path);
  for (let i = 1; i <= size; i++) b[end - i] = written >>> (8 * (i - 1));
}

function unknownItems(w: Writer, value: unknown, path: string): void {
  for (const entry of array(value, path, 65535)) {
    const given = object(entry, path);
    w.u8(idOf(given.id, 255, `${path}.id`));
    w.u8(0);
    const start = w.length;
    w.hex(given.hex, `${path}.hex`);
    patch(w.buffer, start, 1, w.length - start, path);
  }
}

export const writerRuntime = {
  notWhole,
  outOfRange,
  tooLong,
  idOf,
  degrees,
  unannounced,
  object,
  array,
  exactly,
  maskOf,
  fromViews,
  anyNegative,
  writeEast8,
  moment,
  window,
  date,
  fixedHex,
  digits,
  scaledDigits,
  paddedText,
  patch,
  unknownItems,
  EncodeError,
};
