import type { Version } from '../message.ts';

/**
 * The vocabulary in which messages are described. A description is plain data: decoder, encoder, `explain`, the
 * TypeScript type, the documentation and the generators of the property tests all come from it.
 * Offsets and lengths follow from the order and the widths; all integers are big-endian (JT/T 808-2019, 4.2).
 */
export type FieldData =
  | NumberField
  | BitsField
  | CoordinateField
  | TimeField
  | DigitsField
  | TextField
  | BytesField
  | StructField
  | ListField
  | WhenField
  | CountField
  | ChoiceField
  | ItemsField;

interface Named {
  readonly name: string;
  /** What a reader of the bench tool should know of it. */
  readonly note?: string;
  readonly since?: Version;
  readonly until?: Version;
  /** `allowed`: the table lets the body end before it. `tolerated`: real terminals leave it out; that is a warning. */
  readonly absent?: 'allowed' | 'tolerated';
}

export type Size = 1 | 2 | 3 | 4;

export interface NumberField extends Named {
  readonly kind: 'number';
  readonly size: Size;
  readonly signed?: boolean;
  /** Unsigned by the table, but a raw value that would be from this up to -1 as two's complement is meant so. */
  readonly negativeFrom?: number;
  /** The value is raw / scale - bias. */
  readonly scale?: number;
  readonly bias?: number;
  readonly unit?: string;
  /** Raw value that stands for "none"; read as null. */
  readonly none?: number;
  /** Written as "0x0200" in JSON. */
  readonly asId?: boolean;
  /** Meanings of the codes, for people. */
  readonly labels?: { readonly [code: number]: string };
  /** Readings of the same bits under names of their own; the number itself stays the truth. */
  readonly views?: readonly View[];
}

export interface BitName {
  readonly bit: number;
  readonly name: string;
  readonly since?: Version;
  readonly until?: Version;
  /** 1 means that it is not so. */
  readonly inverted?: boolean;
}

export type View =
  | { readonly kind: 'names'; readonly name: string; readonly bits: readonly BitName[] }
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly bits: readonly BitName[];
      readonly parts: readonly ViewPart[];
    };

export type ViewPart =
  | {
      readonly kind: 'word';
      readonly name: string;
      readonly shift: number;
      readonly mask: number;
      readonly words: readonly string[];
    }
  | { readonly kind: 'set'; readonly name: string; readonly bits: readonly BitName[] };

/** A bit mask read as the names of the bits set; a bit without a name is `bit<n>`. */
export interface BitsField extends Named {
  readonly kind: 'bits';
  readonly size: Size;
  readonly bits: readonly BitName[];
}

/** Degrees as an unsigned DWORD of 1e-6 degree; the sign is a bit of another field. */
export interface CoordinateField extends Named {
  readonly kind: 'coordinate';
  /** Field that holds the sign bit: of this struct or of one around it. */
  readonly sign: { readonly field: string; readonly bit: number } | null;
  /** Largest magnitude that makes sense, degrees. */
  readonly limit: 90 | 180;
}

/** BCD time, GMT+8 unless `utc`; JSON has ISO 8601, null where the digits are not a date. */
export interface TimeField extends Named {
  readonly kind: 'time';
  /**
   * `moment` YYMMDDhhmmss (6 bytes); `window` the same, where a zero date means every day ("08:30:00");
   * `bound` the same, where all zero means no limit (null); `day` YYMMDD (3 bytes); `date` YYYYMMDD (4 bytes).
   */
  readonly form: TimeForm;
  readonly utc?: boolean;
}

export type TimeForm = 'moment' | 'window' | 'bound' | 'day' | 'date';

/** BCD digits as they are; with `scale` a decimal number. */
export interface DigitsField extends Named {
  readonly kind: 'digits';
  readonly bytes: number;
  readonly scale?: number;
  readonly unit?: string;
}

/**
 * Bytes fixed in number, the rest of what is around them, or preceded by their count in so many bytes, with `gap`
 * reserved bytes between count and content.
 */
export type Extent = number | 'rest' | { readonly prefix: 1 | 2 | 4; readonly gap?: number };

/** GB 18030 text. Fixed widths are padded with `fill` (0x00) on the right, or on the left; read trimmed on both sides. */
export interface TextField extends Named {
  readonly kind: 'text';
  readonly extent: Extent;
  readonly fill?: number;
  readonly padLeft?: boolean;
}

/** Bytes with no public meaning, or none of ours to give: hex. */
export interface BytesField extends Named {
  readonly kind: 'bytes';
  readonly extent: Extent;
  /** The bytes are GZIP: read under this name too, as far as they are no longer than so many bytes. */
  readonly unzipped?: { readonly name: string; readonly maxBytes: number };
}

export interface StructField extends Named {
  readonly kind: 'struct';
  readonly fields: Fields;
  /** Bytes that say how long it is, or `rest`; null where its fields alone say it. */
  readonly extent: Extent | null;
}

export interface ListField extends Named {
  readonly kind: 'list';
  /** Of one entry: a single field gives a list of its values, several a list of objects. */
  readonly fields: Fields;
  readonly single: boolean;
  /** A count before the list, the name of the count field, always so many, or until the end. */
  readonly count:
    | { readonly prefix: 1 | 2 | 4 }
    | { readonly field: string }
    | { readonly times: number }
    | 'rest';
  /** Width of a length before every entry, if there is one. */
  readonly entryLength?: 1 | 2 | 4;
  /** An entry that cannot be read is kept as `{unreadable: hex}`, so that it does not lose the others. */
  readonly keepUnreadable?: boolean;
}

export type Test =
  | { readonly bit: number; readonly is?: 0 | 1 }
  | { readonly equals: readonly number[] }
  | { readonly not: readonly number[] };

/** Fields that are there only when an earlier one says so. */
export interface WhenField {
  readonly kind: 'when';
  readonly field: string;
  readonly test: Test;
  readonly fields: Fields;
  readonly since?: Version;
  readonly until?: Version;
}

/** Number of entries of a list that does not follow at once. Not in the JSON: the list has it. */
export interface CountField {
  readonly kind: 'count';
  readonly of: string;
  readonly size: 1 | 2 | 4;
  readonly since?: Version;
  readonly until?: Version;
  /** `packet`: the number in this packet, which real terminals leave 0 or wrong (2011 only). */
  readonly role?: 'total' | 'packet';
}

/** Bytes whose layout an earlier field chooses; hex where it is none of the known. */
export interface ChoiceField extends Named {
  readonly kind: 'choice';
  readonly on: string;
  readonly extent: Extent;
  readonly cases: { readonly [code: number]: Fields };
}

/** One kind of id-length-value item. */
export interface Item {
  readonly id: number;
  /** Last of a range of ids that mean the same. */
  readonly last?: number;
  /** Lengths that fit; others are kept as unknown. */
  readonly lengths: readonly number[] | { readonly min: number };
  readonly field: FieldData & Named;
  readonly source: string;
}

/** Every id of an item. */
export function idsOf(item: Item): number[] {
  return Array.from({ length: (item.last ?? item.id) - item.id + 1 }, (_, i) => item.id + i);
}

/** Items of id, length, value up to the end or a count. */
export interface ItemsField extends Named {
  readonly kind: 'items';
  readonly idSize: 1 | 4;
  readonly count: 'rest' | { readonly field: string };
  readonly items: readonly Item[];
  /** `object`: keyed by name, the rest under `unknown`. `list`: in order, `{id, name, value}`; ids may repeat. */
  readonly form: 'object' | 'list';
}

export type Fields = readonly FieldData[];

/** Carries the TypeScript type of what a field adds to its object; never there at run time. */
export interface Typed<Shape> {
  readonly shape?: Shape;
}

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void
  ? I
  : never;
type Flat<T> = { readonly [K in keyof T]: T[K] };
type ShapeOf<F> = F extends Typed<infer S> ? NonNullable<S> : never;

/** The object that a list of fields reads as. */
export type BodyOf<F extends readonly unknown[]> = Flat<UnionToIntersection<ShapeOf<F[number]>>>;

const ORDER: Record<Version, number> = { '2011': 0, '2013': 1, '2019': 2 };

/** Is this part of that edition? */
export function inVersion(
  part: { readonly since?: Version; readonly until?: Version },
  version: Version,
): boolean {
  return (
    (part.since === undefined || ORDER[version] >= ORDER[part.since]) &&
    (part.until === undefined || ORDER[version] <= ORDER[part.until])
  );
}
