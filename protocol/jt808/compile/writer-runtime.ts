import type { BitName, View } from '../describe/field.ts';
import { EncodeError, type Writer } from './writer.ts';

/** What compiled writers call. Every value is checked: what cannot be sent is an `EncodeError` that names the field. */

function int(value: unknown, low: number, high: number, path: string): number {
  if (typeof value !== 'number' || !(value >= low && value <= high) || value !== Math.floor(value)) {
    throw new EncodeError(path, `takes a whole number from ${low} to ${high}, not ${JSON.stringify(value)}`);
  }
  return value;
}

function scaled(value: unknown, scale: number, low: number, high: number, path: string): number {
  const raw = typeof value === 'number' ? Math.round(value * scale) : Number.NaN;
  if (!(raw >= low && raw <= high)) {
    throw new EncodeError(
      path,
      `takes a number from ${low / scale} to ${high / scale}, not ${JSON.stringify(value)}`,
    );
  }
  return raw;
}

function idOf(value: unknown, high: number, path: string): number {
  const id = typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? Number.parseInt(value, 16) : value;
  return int(id, 0, high, path);
}

/** Magnitude in 1e-6 degree; `signed` where another field has the sign. */
function degrees(value: unknown, signed: boolean, path: string): number {
  const raw = typeof value === 'number' ? Math.round(Math.abs(value) * 1e6) : Number.NaN;
  if (!(raw <= 0xffffffff) || (!signed && (value as number) < 0))
    throw new EncodeError(path, `takes degrees, not ${JSON.stringify(value)}`);
  return raw;
}

function missing(path: string): never {
  throw new EncodeError(path, 'is missing');
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
function maskOf(value: unknown, table: readonly BitName[], size: number, path: string): number {
  let mask = 0;
  for (const name of array(value, path, 32)) {
    const bit = table.find((b) => b.name === name)?.bit ?? Number(/^bit(\d+)$/.exec(String(name))?.[1] ?? -1);
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
  let mask = 0;
  let found = false;
  for (const view of views) {
    const value = source[view.name];
    if (value === undefined) continue;
    found = true;
    if (view.kind === 'names') {
      mask |= maskOf(value, view.bits, size, view.name);
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
      if (part.kind === 'set') mask |= maskOf(said, part.bits, size, `${view.name}.${part.name}`);
      else {
        const code = part.words.indexOf(String(said));
        if (code < 0) throw new EncodeError(`${view.name}.${part.name}`, `has no ${JSON.stringify(said)}`);
        mask |= code << part.shift;
      }
    }
  }
  if (!found) missing(path);
  return mask >>> 0;
}

/** Does a coordinate of any entry lie south or west? */
function anyNegative(entries: unknown, name: string): boolean {
  return (
    Array.isArray(entries) && entries.some((entry) => Number((entry as Record<string, unknown>)?.[name]) < 0)
  );
}

function unknownItems(w: Writer, value: unknown, path: string): void {
  for (const entry of array(value, path, 65535)) {
    const given = object(entry, path);
    w.u8(idOf(given.id, 255, `${path}.id`));
    const start = w.reserve(1);
    w.hex(given.hex, `${path}.hex`);
    w.patch(start, 1, path);
  }
}

export const writerRuntime = {
  int,
  scaled,
  idOf,
  degrees,
  missing,
  unannounced,
  object,
  array,
  exactly,
  maskOf,
  fromViews,
  anyNegative,
  unknownItems,
  EncodeError,
};
