import { type BitName, inVersion, type NumberField, type Test, type TimeForm } from '../describe/field.ts';
import type { Version } from '../message.ts';

/** Pieces of JavaScript that compiled readers and writers are made of. */

/** A JavaScript expression of the path of a field; with the index of list entries only where every field is traced. */
export type Path = string;

interface RawScope {
  readonly raw: Map<string, string>;
  readonly outer: RawScope | null;
}

/** A JavaScript string of a name. */
export const quote = JSON.stringify;

/** An integer of `size` bytes at `at + offset`. */
export function integer(size: number, signed: boolean, at = 'at'): string {
  const byte = (offset: number) => (offset === 0 ? `b[${at}]` : `b[${at} + ${offset}]`);
  switch (size) {
    case 1:
      return signed ? `(${byte(0)} << 24 >> 24)` : byte(0);
    case 2:
      return signed ? `((${byte(0)} << 24 >> 16) | ${byte(1)})` : `((${byte(0)} << 8) | ${byte(1)})`;
    case 3:
      return `((${byte(0)} << 16) | (${byte(1)} << 8) | ${byte(2)})`;
    default: {
      const all = `(${byte(0)} << 24) | (${byte(1)} << 16) | (${byte(2)} << 8) | ${byte(3)}`;
      return signed ? `(${all})` : `((${all}) >>> 0)`;
    }
  }
}

/** Condition over the raw variable of an earlier field. */
export function condition(test: Test, raw: string): string {
  if ('bit' in test) return `((${raw} >>> ${test.bit}) & 1) === ${test.is ?? 1}`;
  const [codes, operator, join] = 'equals' in test ? [test.equals, '===', ' || '] : [test.not, '!==', ' && '];
  return `(${codes.map((code) => `${raw} ${operator} ${code}`).join(join)})`;
}

/** Functions of the runtime that read a time of each form. */
export const TIME_READERS: Record<TimeForm, string> = {
  moment: 'timeOf',
  window: 'windowOf',
  bound: 'boundOf',
  day: 'dayOf',
  date: 'dateOf',
};

/** The path of a field within a struct. */
export function under(path: Path, name: string): Path {
  if (path === '""') return quote(name);
  return path.endsWith('"') ? `${path.slice(0, -1)}.${name}"` : `${path} + ${quote(`.${name}`)}`;
}

/** The raw variable of an earlier field, of this struct or one around it. */
export function lookUp(scope: RawScope, name: string): string {
  for (let at: RawScope | null = scope; at !== null; at = at.outer) {
    const variable = at.raw.get(name);
    if (variable !== undefined) return variable;
  }
  throw new Error(`no field ${name} before this one`);
}

/** 32 names by bit; the inverted ones are read where they are used. */
export function bitTable(bits: readonly BitName[], version: Version): readonly string[] {
  return Array.from(
    { length: 32 },
    (_, bit) => bits.find((b) => b.bit === bit && inVersion(b, version))?.name ?? `bit${bit}`,
  );
}

/** What the raw number reads as. */
export function numberValue(field: NumberField, raw: string): string {
  let value = raw;
  if (field.negativeFrom !== undefined) {
    const full = 2 ** (8 * field.size);
    value = `(${raw} >= ${full + field.negativeFrom} ? ${raw} - ${full} : ${raw})`;
  }
  if (field.asId) value = field.size === 1 ? `id2(${raw})` : `id4(${raw})`;
  if (field.scale !== undefined) value = `${value} / ${field.scale}`;
  if (field.bias !== undefined) value = `${value} - ${field.bias}`;
  return field.none === undefined ? value : `${raw} === ${field.none} ? null : ${value}`;
}

/**
 * A switch over names, by their length first: a name is then compared with the one or two that are as long, rather
 * than with all before it. What follows the switch is for names that are none of them.
 */
export function switchOnName(
  variable: string,
  cases: readonly { readonly name: string; readonly lines: readonly string[] }[],
): string[] {
  const lengths = [...new Set(cases.map(({ name }) => name.length))];
  return [
    `switch (${variable}.length) {`,
    ...lengths.flatMap((length) => [
      `case ${length}: switch (${variable}) {`,
      ...cases.filter(({ name }) => name.length === length).flatMap(({ lines }) => lines),
      '} break;',
    ]),
    '}',
  ];
}
