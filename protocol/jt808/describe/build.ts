import type { Version } from '../message.ts';
import type {
  BitName,
  BitsField,
  BodyOf,
  BytesField,
  ChoiceField,
  CoordinateField,
  CountField,
  DigitsField,
  Extent,
  FieldData,
  Fields,
  Item,
  ItemsField,
  ListField,
  NumberField,
  Size,
  StructField,
  Test,
  TextField,
  TimeField,
  Typed,
  WhenField,
} from './field.ts';

/** Builders of the description vocabulary: each returns plain data that also carries its TypeScript type. */

interface Common {
  readonly note?: string;
  readonly since?: Version;
  readonly until?: Version;
  readonly absent?: 'allowed' | 'tolerated';
}

/** Fields of some editions only, or that a body may end before, may be missing from the object. */
type Has<N extends string, T, O> = O extends { since: Version } | { until: Version } | { absent: string }
  ? { readonly [K in N]?: T }
  : { readonly [K in N]: T };

type NumberOptions = Common &
  Pick<NumberField, 'scale' | 'bias' | 'unit' | 'none' | 'labels' | 'views' | 'asId' | 'negativeFrom'>;
type NumberValue<O> = O extends { asId: true } ? string : O extends { none: number } ? number | null : number;

const number =
  (size: Size, signed = false) =>
  <const N extends string, const O extends NumberOptions = object>(
    name: N,
    options?: O,
  ): NumberField & Typed<Has<N, NumberValue<O>, O>> => ({
    kind: 'number',
    name,
    size,
    ...(signed && { signed }),
    ...(options as NumberOptions),
  });

export const u8 = number(1);
export const u16 = number(2);
export const u24 = number(3);
export const u32 = number(4);
export const i8 = number(1, true);
export const i16 = number(2, true);
export const i32 = number(4, true);

export function bits<const N extends string, const O extends Common = object>(
  name: N,
  size: Size,
  names: readonly BitName[] | { readonly [bit: number]: string },
  options?: O,
): BitsField & Typed<Has<N, readonly string[], O>> {
  return { kind: 'bits', name, size, bits: bitNames(names), ...(options as Common) };
}

/** `{0: 'gps', 1: 'beidou'}` as a table. */
export function bitNames(names: readonly BitName[] | { readonly [bit: number]: string }): readonly BitName[] {
  return Array.isArray(names)
    ? (names as readonly BitName[])
    : Object.entries(names).map(([bit, name]) => ({ bit: Number(bit), name: name as string }));
}

export function latitude<const N extends string>(
  name: N,
  sign: CoordinateField['sign'],
  note?: string,
): CoordinateField & Typed<{ readonly [K in N]: number }> {
  return { kind: 'coordinate', name, sign, limit: 90, ...(note !== undefined && { note }) };
}

export function longitude<const N extends string>(
  name: N,
  sign: CoordinateField['sign'],
  note?: string,
): CoordinateField & Typed<{ readonly [K in N]: number }> {
  return { kind: 'coordinate', name, sign, limit: 180, ...(note !== undefined && { note }) };
}

export function time<const N extends string, const O extends Common & { utc?: boolean } = object>(
  name: N,
  form: TimeField['form'] = 'moment',
  options?: O,
): TimeField & Typed<Has<N, string | null, O>> {
  return { kind: 'time', name, form, ...(options as Common) };
}

export function digits<
  const N extends string,
  const O extends Common & { scale?: number; unit?: string } = object,
>(
  name: N,
  bytes: number,
  options?: O,
): DigitsField & Typed<Has<N, O extends { scale: number } ? number : string, O>> {
  return { kind: 'digits', name, bytes, ...(options as Common) };
}

export function text<
  const N extends string,
  const O extends Common & Pick<TextField, 'fill' | 'padLeft'> = object,
>(name: N, extent: Extent = 'rest', options?: O): TextField & Typed<Has<N, string, O>> {
  return { kind: 'text', name, extent, ...(options as Common) };
}

export function bytes<const N extends string, const O extends Common & Pick<BytesField, 'unzipped'> = object>(
  name: N,
  extent: Extent = 'rest',
  options?: O,
): BytesField & Typed<Has<N, string, O> & Unzipped<O>> {
  return { kind: 'bytes', name, extent, ...(options as Common) };
}

/** The second reading of bytes that are GZIP; missing where they cannot be unpacked. */
type Unzipped<O> = O extends { unzipped: { name: infer N extends string } }
  ? { readonly [K in N]?: string }
  : object;

export function struct<
  const N extends string,
  const F extends Fields,
  const O extends Common & { extent?: Extent } = object,
>(name: N, fields: F, options?: O): StructField & Typed<Has<N, BodyOf<F>, O>> {
  return { kind: 'struct', name, fields, extent: null, ...(options as Common) };
}

type ListOptions = Common & Pick<ListField, 'entryLength' | 'keepUnreadable'>;

/** A list of objects. */
export function list<const N extends string, const F extends Fields, const O extends ListOptions = object>(
  name: N,
  count: ListField['count'],
  fields: F,
  options?: O,
): ListField & Typed<Has<N, readonly BodyOf<F>[], O>> {
  return { kind: 'list', name, count, fields, single: false, ...(options as ListOptions) };
}

/** A list of plain values. */
export function values<
  const N extends string,
  const F extends FieldData,
  const O extends ListOptions = object,
>(
  name: N,
  count: ListField['count'],
  field: F,
  options?: O,
): ListField & Typed<Has<N, readonly BodyOf<[F]>[keyof BodyOf<[F]>][], O>> {
  return { kind: 'list', name, count, fields: [field], single: true, ...(options as ListOptions) };
}

/** How many entries `of` has, where the list does not follow its count at once. */
export function count(
  of: string,
  size: 1 | 2 | 4,
  options?: Pick<CountField, 'since' | 'until' | 'role'>,
): CountField & Typed<object> {
  return { kind: 'count', of, size, ...options };
}

/** Fields that are there only when `field` passes the test. */
export function when<const F extends Fields>(
  field: string,
  test: Test,
  fields: F,
  options?: { since?: Version; until?: Version },
): WhenField & Typed<Partial<BodyOf<F>>> {
  return { kind: 'when', field, test, fields, ...options };
}

export function choice<const N extends string>(
  name: N,
  on: string,
  cases: ChoiceField['cases'],
  extent: Extent = 'rest',
): ChoiceField & Typed<{ readonly [K in N]?: string | { readonly [field: string]: unknown } }> {
  return { kind: 'choice', name, on, cases, extent, absent: 'allowed' };
}

/** One id-length-value item; the lengths that fit are those of its field unless given. */
export function item<const F extends FieldData & { readonly name: string }>(
  id: number,
  source: string,
  field: F,
  lengths?: readonly number[] | { readonly min: number },
): Item & { readonly field: F } {
  return { id, source, field, lengths: lengths ?? [fixedSize(field)] };
}

type ItemShapes<I extends readonly { readonly field: unknown }[]> = Partial<
  BodyOf<{ [K in keyof I]: I[K]['field'] }>
> & { readonly unknown?: readonly UnknownItem[]; readonly tail?: string };

/** An item that no table explains, as it came. */
export interface UnknownItem {
  readonly id: string;
  readonly hex: string;
}

/** Items keyed by field name, in the order they came. */
export function items<
  const N extends string,
  const I extends readonly (Item & { readonly field: FieldData })[],
>(name: N, known: I): ItemsField & Typed<{ readonly [K in N]: ItemShapes<I> }> {
  return { kind: 'items', name, idSize: 1, count: 'rest', items: known, form: 'object', absent: 'allowed' };
}

/** A parameter as it stands in a list: its name where we know it, `hex` where we do not. */
export type ListedItem =
  | { readonly id: string; readonly name: string; readonly value: unknown }
  | { readonly id: string; readonly hex: string };

export function listedItems<const N extends string>(
  name: N,
  countField: string,
  known: readonly Item[],
): ItemsField & Typed<{ readonly [K in N]: readonly ListedItem[] }> {
  return { kind: 'items', name, idSize: 4, count: { field: countField }, items: known, form: 'list' };
}

/** Width of a field that always has the same; throws for one that has not. */
export function fixedSize(field: FieldData): number {
  switch (field.kind) {
    case 'number':
    case 'bits':
    case 'count':
      return field.size;
    case 'coordinate':
      return 4;
    case 'time':
      return field.form === 'day' ? 3 : field.form === 'date' ? 4 : 6;
    case 'digits':
      return field.bytes;
    case 'text':
    case 'bytes':
      if (typeof field.extent === 'number') return field.extent;
      break;
    case 'struct':
      return field.fields.reduce((sum, inner) => sum + fixedSize(inner), 0);
    default:
  }
  throw new Error(`${'name' in field ? field.name : field.kind} has no fixed width`);
}
