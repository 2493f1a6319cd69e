import fc from 'fast-check';
import { condition } from '../../protocol/jt808/compile/source-text.ts';
import { encodeText } from '../../protocol/jt808/compile/text.ts';
import {
  type ChoiceField,
  type Extent,
  type FieldData,
  type Fields,
  type ItemsField,
  inVersion,
  type ListField,
  type NumberField,
  type TimeField,
} from '../../protocol/jt808/describe/field.ts';
import type { Version } from '../../protocol/jt808/index.ts';

/** Picks a value of an arbitrary; what `fc.gen()` gives. */
type Pick = <T>(arbitrary: fc.Arbitrary<T>) => T;
type Body = Record<string, unknown>;

interface Scope {
  readonly raw: Map<string, number>;
  readonly outer: Scope | null;
}

/** Bodies that a description allows, in one edition: canonical ones, as the encoder would have them. */
export function arbitraryBody(fields: Fields, version: Version): fc.Arbitrary<Body> {
  return fc.gen().map((g) => struct(fields, version, (arbitrary) => g(() => arbitrary), null));
}

/** Fields whose values are bounded by more than their width. */
const BOUNDS: { readonly [name: string]: number } = { totalPackets: 0xffff, packetNumber: 0xffff };

const HEX_LIMIT = 24;
const LIST_LIMIT = 3;

function struct(fields: Fields, version: Version, pick: Pick, outer: Scope | null): Body {
  const scope: Scope = { raw: new Map(), outer };
  const body: Body = {};
  fill(fields, version, pick, scope, body);
  sign(fields, version, scope, body);
  return body;
}

function lookUp(scope: Scope | null, name: string): number {
  for (let at = scope; at !== null; at = at.outer) {
    const raw = at.raw.get(name);
    if (raw !== undefined) return raw;
  }
  throw new Error(`no field ${name}`);
}

/** False once a field was left out that may be: nothing can follow it. */
function fill(fields: Fields, version: Version, pick: Pick, scope: Scope, body: Body): boolean {
  for (const field of fields) {
    if (!inVersion(field, version) || field.kind === 'count') continue;
    if (field.kind === 'when') {
      const test = new Function('raw', `return ${condition(field.test, 'raw')}`) as (raw: number) => boolean;
      if (test(lookUp(scope, field.field)) && !fill(field.fields, version, pick, scope, body)) return false;
      continue;
    }
    const optional = field.absent !== undefined && field.kind !== 'choice' && field.kind !== 'items';
    if (optional && pick(fc.integer({ min: 0, max: 4 })) === 0) return false;
    body[field.name] = value(field, version, pick, scope, optional);
  }
  return true;
}

/** Gives coordinates the sign that the bit says. */
function sign(fields: Fields, version: Version, scope: Scope, body: Body): void {
  for (const field of fields) {
    if (field.kind !== 'coordinate' || !inVersion(field, version) || field.sign === null) continue;
    const negative = ((lookUp(scope, field.sign.field) >>> field.sign.bit) & 1) === 1;
    const magnitude = body[field.name] as number;
    body[field.name] = negative && magnitude !== 0 ? -magnitude : magnitude;
  }
}

function value(
  field: Exclude<FieldData, { kind: 'when' | 'count' }>,
  version: Version,
  pick: Pick,
  scope: Scope,
  optional: boolean,
): unknown {
  switch (field.kind) {
    case 'number':
      return number(field, pick, scope);
    case 'bits': {
      const raw = pick(fc.nat(2 ** (8 * field.size) - 1));
      scope.raw.set(field.name, raw);
      const known = field.bits.filter((bit) => inVersion(bit, version));
      return Array.from({ length: 8 * field.size }, (_, bit) => bit)
        .filter((bit) => Math.floor(raw / 2 ** bit) % 2 === 1)
        .map((bit) => known.find((name) => name.bit === bit)?.name ?? `bit${bit}`);
    }
    case 'coordinate':
      return pick(fc.nat(field.limit * 1e6)) / 1e6;
    case 'time':
      return time(field, pick);
    case 'digits':
      if (field.scale !== undefined)
        return pick(fc.nat(10 ** Math.min(2 * field.bytes, 9) - 1)) / field.scale;
      return digits(pick, 2 * field.bytes);
    case 'text':
      // Capitals and digits by the table, which is how 2011 and 2013 are told apart.
      return text(field.extent, pick, optional ? 1 : 0, field.name === 'terminalId' ? IDS : WORDS);
    case 'bytes':
      return hexOf(pick, typeof field.extent === 'number' ? field.extent : null);
    case 'struct':
      return struct(field.fields, version, pick, scope);
    case 'list':
      return list(field, version, pick, scope);
    case 'choice':
      return choice(field, version, pick, scope);
    case 'items':
      return field.form === 'object'
        ? itemsByName(field, version, pick, scope)
        : itemsInOrder(field, version, pick, scope);
  }
}

function number(field: NumberField, pick: Pick, scope: Scope): unknown {
  const full = 2 ** (8 * field.size);
  const labels = Object.keys(field.labels ?? {}).map(Number);
  const most = BOUNDS[field.name] ?? full - 1;
  const raw = labels.length > 0 ? pick(fc.constantFrom(...labels)) : pick(fc.nat(most));
  scope.raw.set(field.name, raw);
  if (raw === field.none) return null;
  let shown = raw;
  if (field.signed && raw >= full / 2) shown = raw - full;
  if (field.negativeFrom !== undefined && raw >= full + field.negativeFrom) shown = raw - full;
  if (field.asId) {
    const width = field.size === 1 ? 2 : raw > 0xffff ? 8 : 4;
    return `0x${raw.toString(16).toUpperCase().padStart(width, '0')}`;
  }
  return shown / (field.scale ?? 1) - (field.bias ?? 0);
}

const two = (n: number) => String(n).padStart(2, '0');

function time(field: TimeField, pick: Pick): string | null {
  const ms =
    pick(fc.integer({ min: Date.UTC(2000, 0, 2) / 1000, max: Date.UTC(2099, 11, 30) / 1000 })) * 1000;
  const iso = new Date(ms).toISOString();
  if (field.form === 'day' || field.form === 'date') return pick(fc.boolean()) ? iso.slice(0, 10) : null;
  if (field.form === 'window' && pick(fc.boolean())) {
    const second = pick(fc.nat(86_399));
    return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  }
  if (field.form === 'bound' && pick(fc.boolean())) return null;
  return `${iso.slice(0, 19)}${field.utc ? 'Z' : '+08:00'}`;
}

function digits(pick: Pick, length: number): string {
  return Array.from({ length }, () => pick(fc.nat(9))).join('');
}

function hexOf(pick: Pick, width: number | null): string {
  const bytes = pick(fc.uint8Array({ minLength: width ?? 0, maxLength: width ?? HEX_LIMIT }));
  return Buffer.from(bytes).toString('hex');
}

const WORDS = [
  '京A7001学',
  '常州实验小学',
  'AUTH-01',
  '0123456789',
  'T000001',
  'v1.0.3',
  '校车',
  'a b',
  '€',
  '𠮷',
];

const IDS = ['T000001', 'AB12', '7654321', 'Z'];

function text(extent: Extent, pick: Pick, least: number, words: readonly string[]): string {
  const room = typeof extent === 'number' ? extent : 60;
  let out = '';
  for (let n = pick(fc.integer({ min: least, max: 3 })); n > 0; n--) {
    const word = pick(fc.constantFrom(...words));
    if (encodeText(out + word).length <= room) out += word;
  }
  return out === '' && least > 0 ? 'x' : out;
}

function list(field: ListField, version: Version, pick: Pick, scope: Scope): unknown[] {
  const times = typeof field.count === 'object' && 'times' in field.count ? field.count.times : null;
  const length = times ?? pick(fc.integer({ min: field.name === 'tyrePressure' ? 1 : 0, max: LIST_LIMIT }));
  return Array.from({ length }, () => {
    const entry = struct(field.fields, version, pick, scope);
    return field.single ? Object.values(entry)[0] : entry;
  });
}

function choice(field: ChoiceField, version: Version, pick: Pick, scope: Scope): unknown {
  const fields = field.cases[lookUp(scope, field.on)];
  return fields === undefined ? hexOf(pick, null) : struct(fields, version, pick, scope);
}

function itemsByName(field: ItemsField, version: Version, pick: Pick, scope: Scope): Body {
  const names = [...new Set(field.items.map((item) => item.field.name))];
  const body: Body = {};
  for (const name of pick(fc.subarray(names, { maxLength: 6 }))) {
    const item = field.items.find((one) => one.field.name === name)!;
    body[name] = struct([item.field], version, pick, scope)[name];
  }
  if (pick(fc.boolean())) {
    const id = pick(fc.constantFrom('0xE1', '0xF3', '0x00', '0xFE'));
    body.unknown = [{ id, hex: hexOf(pick, null) }];
  }
  return body;
}

function itemsInOrder(field: ItemsField, version: Version, pick: Pick, scope: Scope): unknown[] {
  return Array.from({ length: pick(fc.nat(6)) }, () => {
    if (pick(fc.nat(9)) === 0) return { id: '0xF999', hex: hexOf(pick, null) };
    const item = pick(fc.constantFrom(...field.items));
    const id = `0x${item.id.toString(16).toUpperCase().padStart(4, '0')}`;
    const { name } = item.field;
    return { id, name, value: struct([item.field], version, pick, scope)[name] };
  });
}
