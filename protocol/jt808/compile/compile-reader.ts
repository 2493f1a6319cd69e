import { fixedSize } from '../describe/build.ts';
import {
  type BitName,
  type BitsField,
  type ChoiceField,
  type CoordinateField,
  type CountField,
  type DigitsField,
  type Extent,
  type FieldData,
  type Fields,
  type Item,
  type ItemsField,
  idsOf,
  inVersion,
  type ListField,
  type NumberField,
  type Test,
  type TimeField,
  type TimeForm,
  type WhenField,
} from '../describe/field.ts';
import type { Version } from '../message.ts';
import type { ReadContext } from './read-context.ts';
import { readerRuntime } from './reader-runtime.ts';

/** Reads the bytes `at` to `end` as an object; what went wrong is in the context, with where it stopped. */
export type Reader = (b: Uint8Array, at: number, end: number, c: ReadContext) => Record<string, unknown>;

/**
 * Compiles a description into one JavaScript function, so that nothing is interpreted per frame: fields become local
 * variables and the object one literal, whose hidden class V8 then knows. Descriptions are constants of ours, never
 * input; every name goes through JSON.stringify on its way into the source.
 */
export function compileReader(fields: Fields, version: Version, traced = false): Reader {
  const source = new ReaderSource(version, traced);
  const object = source.struct(fields, null, 'end', '""');
  const body = [...source.lines, 'c.at = at;', `return ${object};`].join('\n');
  const runtime = Object.keys(readerRuntime).join(', ');
  const make = new Function(
    'rt',
    'k',
    `const { ${runtime} } = rt;\nreturn function read(b, at, end, c) {\n${body}\n}`,
  );
  return make(readerRuntime, source.constants) as Reader;
}

/** A JavaScript expression of the path of a field; with the index of list entries only where every field is traced. */
type Path = string;

/** Names of the fields read so far, the raw variables behind them, and the structs around. */
interface Scope {
  readonly raw: Map<string, string>;
  readonly counts: Map<string, string>;
  readonly outer: Scope | null;
  /** Variables to declare beside those of the members. */
  readonly variables: string[];
}

interface Member {
  readonly name: string;
  readonly variable: string;
  readonly optional: boolean;
}

const quote = JSON.stringify;

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

const TIME_READERS: Record<TimeForm, string> = {
  moment: 'timeOf',
  window: 'windowOf',
  bound: 'boundOf',
  day: 'dayOf',
  date: 'dateOf',
};

/** The path of a field within a struct. */
function under(path: Path, name: string): Path {
  if (path === '""') return quote(name);
  return path.endsWith('"') ? `${path.slice(0, -1)}.${name}"` : `${path} + ${quote(`.${name}`)}`;
}

function lookUp(scope: Scope, name: string): string {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const variable = at.raw.get(name);
    if (variable !== undefined) return variable;
  }
  throw new Error(`no field ${name} before this one`);
}

/** 32 names by bit; the inverted ones are read where they are used. */
function bitTable(bits: readonly BitName[], version: Version): readonly string[] {
  return Array.from(
    { length: 32 },
    (_, bit) => bits.find((b) => b.bit === bit && inVersion(b, version))?.name ?? `bit${bit}`,
  );
}

/** What the raw number reads as. */
function numberValue(field: NumberField, raw: string): string {
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

class ReaderSource {
  readonly lines: string[] = [];
  readonly constants: unknown[] = [];
  private next = 0;
  private readonly version: Version;
  private readonly traced: boolean;

  constructor(version: Version, traced: boolean) {
    this.version = version;
    this.traced = traced;
  }

  private fresh(prefix: string): string {
    return `${prefix}${this.next++}`;
  }

  private constant(value: unknown): string {
    this.constants.push(value);
    return `k[${this.constants.length - 1}]`;
  }

  private emit(...lines: string[]): void {
    this.lines.push(...lines);
  }

  private trace(path: Path, end: string, value: string, field: unknown): void {
    if (this.traced) this.emit(`c.trace(${path}, at, ${end}, ${value}, ${this.constant(field)});`);
  }

  /** Emits the reading of a struct; returns the variable that holds the object. */
  struct(fields: Fields, outer: Scope | null, end: string, path: Path): string {
    const scope: Scope = { raw: new Map(), counts: new Map(), outer, variables: [] };
    const members: Member[] = [];
    const label = this.fresh('L');
    const object = this.fresh('o');
    const declaration = this.lines.length;
    this.emit('', `${label}: {`);
    this.fields(fields, scope, members, end, path, label, false);
    this.emit('}');
    const always = members.filter((member) => !member.optional);
    this.emit(`const ${object} = { ${always.map((m) => `${quote(m.name)}: ${m.variable}`).join(', ')} };`);
    for (const { name, variable, optional } of members) {
      if (optional) this.emit(`if (${variable} !== undefined) ${object}[${quote(name)}] = ${variable};`);
    }
    if (always.length > 0)
      this.emit(
        `if (c.missing !== null) for (const n in ${object}) if (${object}[n] === undefined) delete ${object}[n];`,
      );
    const variables = [...members.map((m) => m.variable), ...scope.variables];
    this.lines[declaration] = variables.length > 0 ? `let ${[...new Set(variables)].join(', ')};` : '';
    return object;
  }

  private variable(scope: Scope, prefix: string): string {
    const name = this.fresh(prefix);
    scope.variables.push(name);
    return name;
  }

  private fields(
    fields: Fields,
    scope: Scope,
    members: Member[],
    end: string,
    path: Path,
    label: string,
    conditional: boolean,
  ): void {
    for (const field of fields) {
      if (!inVersion(field, this.version)) continue;
      if (field.kind === 'when') {
        this.emit(`if (${condition(field.test, lookUp(scope, field.field))}) {`);
        this.fields(field.fields, scope, members, end, path, label, true);
        this.emit('}');
      } else if (field.kind === 'count') this.count(field, scope, end, path, label);
      else {
        const optional = conditional || field.absent !== undefined;
        const variable = this.fresh('v');
        members.push({ name: field.name, variable, optional });
        this.member(field, variable, scope, end, under(path, field.name), label);
        if (field.kind === 'number') this.views(field, scope, members, optional);
      }
    }
    this.coordinates(fields, scope, members, path);
  }

  /** Other readings of a number: names of bits, an object of booleans. */
  private views(field: NumberField, scope: Scope, members: Member[], optional: boolean): void {
    for (const view of field.views ?? []) {
      const variable = this.fresh('v');
      const raw = lookUp(scope, field.name);
      members.push({ name: view.name, variable, optional });
      if (view.kind === 'names') {
        this.emit(`${variable} = names(${this.constant(bitTable(view.bits, this.version))}, ${raw});`);
        continue;
      }
      const single = view.bits
        .filter((bit) => inVersion(bit, this.version))
        .map((bit) => `${quote(bit.name)}: (${raw} & ${2 ** bit.bit}) ${bit.inverted ? '===' : '!=='} 0`);
      const parts = view.parts.map((part) => {
        if (part.kind === 'word') {
          return `${quote(part.name)}: word(${this.constant(part.words)}, (${raw} >>> ${part.shift}) & ${part.mask})`;
        }
        const mask = part.bits.reduce((sum, bit) => sum + 2 ** bit.bit, 0);
        return `${quote(part.name)}: names(${this.constant(bitTable(part.bits, this.version))}, ${raw} & ${mask})`;
      });
      this.emit(`${variable} = { ${[...single, ...parts].join(', ')} };`);
    }
  }

  /** Signs, once everything is read: the sign bit may be in a field that follows the coordinate. */
  private coordinates(fields: Fields, scope: Scope, members: Member[], path: Path): void {
    for (const field of fields) {
      if (field.kind !== 'coordinate' || !inVersion(field, this.version)) continue;
      const raw = members.findLast((member) => member.name === field.name)!.variable;
      const negative =
        field.sign === null
          ? 'false'
          : `((${lookUp(scope, field.sign.field)} >>> ${field.sign.bit}) & 1) === 1`;
      const plain =
        field.sign === null ? `${raw} / 1e6` : `${negative} && ${raw} !== 0 ? -(${raw} / 1e6) : ${raw} / 1e6`;
      const name = under(path, field.name);
      this.emit(
        `${raw} = ${raw} > ${field.limit}e6 ? odd(${raw}, ${negative}, ${field.limit}, c, ${name}) : ${plain};`,
      );
    }
  }

  private count(field: CountField, scope: Scope, end: string, path: Path, label: string): void {
    const name = under(path, `${field.of}Count`);
    this.needs(field.size, end, name, undefined, label);
    const variable = this.variable(scope, 'n');
    if (field.role !== 'packet') scope.counts.set(field.of, variable);
    this.emit(`${variable} = ${integer(field.size, false)};`);
    this.trace(name, `at + ${field.size}`, variable, field);
    this.emit(`at += ${field.size};`);
  }

  /** Emits the check that `size` bytes are there. */
  private needs(
    size: number,
    end: string,
    path: Path,
    absent: 'allowed' | 'tolerated' | undefined,
    label: string,
  ): void {
    if (absent !== undefined) {
      const warn = absent === 'tolerated' ? `c.warn("missing: the body ends before " + ${path}); ` : '';
      this.emit(`if (at >= ${end}) { ${warn}break ${label}; }`);
      if (size === 1) return;
    }
    this.emit(`if (${end} - at < ${size}) { c.short(${path}); break ${label}; }`);
  }

  /** Emits what finds the end of a stretch; returns the variable that holds it. */
  private extent(
    extent: Extent,
    end: string,
    path: Path,
    absent: 'allowed' | 'tolerated' | undefined,
    label: string,
  ): string {
    if (extent === 'rest') return end;
    const stop = this.fresh('e');
    if (typeof extent === 'number') {
      this.needs(extent, end, path, absent, label);
      this.emit(`const ${stop} = at + ${extent};`);
      return stop;
    }
    const head = extent.prefix + (extent.gap ?? 0);
    this.needs(head, end, path, absent, label);
    this.emit(
      `let ${stop} = at + ${head} + ${integer(extent.prefix, false)};`,
      `at += ${head};`,
      `if (${stop} > ${end}) { c.warn("length: " + ${path} + " says " + (${stop} - at) + " bytes, there are " + (${end} - at)); ${stop} = ${end}; }`,
    );
    return stop;
  }

  private leftOver(stop: string, path: Path): void {
    this.emit(
      `if (at < ${stop}) { c.warn("trailing: " + ${path} + " has more than its table: " + hex(b, at, ${stop})); at = ${stop}; }`,
    );
  }

  private member(
    field: Exclude<FieldData, WhenField | CountField>,
    variable: string,
    scope: Scope,
    end: string,
    path: Path,
    label: string,
  ): void {
    switch (field.kind) {
      case 'text':
      case 'bytes': {
        const stop = this.extent(field.extent, end, path, field.absent, label);
        const reader = field.kind === 'bytes' ? 'hex' : typeof field.extent === 'number' ? 'padded' : 'text';
        this.emit(`${variable} = ${reader}(b, at, ${stop}${reader === 'hex' ? '' : `, c, ${path}`});`);
        this.trace(path, stop, variable, field);
        this.emit(`at = ${stop};`);
        return;
      }
      case 'struct': {
        if (field.extent === null && field.absent !== undefined)
          this.needs(1, end, path, field.absent, label);
        const stop = field.extent === null ? end : this.extent(field.extent, end, path, field.absent, label);
        const object = this.struct(field.fields, scope, stop, path);
        this.emit(`${variable} = ${object};`, `if (c.missing !== null) break ${label};`);
        if (field.extent !== null) this.leftOver(stop, path);
        return;
      }
      case 'list':
        this.list(field, variable, scope, end, path, label);
        return;
      case 'choice':
        this.choice(field, variable, scope, end, path, label);
        return;
      case 'items':
        if (field.form === 'object') this.itemsByName(field, variable, scope, end, path);
        else this.itemsInOrder(field, variable, scope, end, path, label);
        return;
      default:
        this.needs(fixedSize(field), end, path, field.absent, label);
        this.fixed(field, variable, scope, path);
    }
  }

  /** A field of one width, whose bytes are known to be there. */
  private fixed(
    field: NumberField | BitsField | CoordinateField | TimeField | DigitsField,
    variable: string,
    scope: Scope,
    path: Path,
  ): void {
    const size = fixedSize(field);
    switch (field.kind) {
      case 'number': {
        const read = integer(size, field.signed === true);
        const value = numberValue(field, variable);
        if (value === variable) {
          scope.raw.set(field.name, variable);
          this.emit(`${variable} = ${read};`);
        } else {
          const raw = this.variable(scope, 'r');
          scope.raw.set(field.name, raw);
          this.emit(`${raw} = ${read};`, `${variable} = ${numberValue(field, raw)};`);
        }
        break;
      }
      case 'bits': {
        const raw = this.variable(scope, 'r');
        scope.raw.set(field.name, raw);
        const table = this.constant(bitTable(field.bits, this.version));
        this.emit(`${raw} = ${integer(size, false)};`, `${variable} = names(${table}, ${raw});`);
        break;
      }
      case 'coordinate':
        this.emit(`${variable} = ${integer(4, false)};`);
        break;
      case 'time': {
        const zone = field.form === 'moment' ? `, ${quote(field.utc ? 'Z' : '+08:00')}` : '';
        this.emit(`${variable} = ${TIME_READERS[field.form]}(b, at, c, ${path}${zone});`);
        break;
      }
      case 'digits':
        this.emit(
          field.scale === undefined
            ? `${variable} = hex(b, at, at + ${size});`
            : `${variable} = scaledDigits(b, at, at + ${size}, ${field.scale}, c, ${path});`,
        );
    }
    this.trace(path, `at + ${size}`, variable, field);
    this.emit(`at += ${size};`);
  }

  private list(
    field: ListField,
    variable: string,
    scope: Scope,
    end: string,
    path: Path,
    label: string,
  ): void {
    const index = this.fresh('i');
    const entryPath = this.traced ? `${path} + "[" + ${index} + "]"` : `${path.slice(0, -1)}[]"`;
    let limit = 'Infinity';
    if (field.count !== 'rest') {
      if ('prefix' in field.count) {
        this.needs(field.count.prefix, end, path, field.absent, label);
        limit = this.fresh('n');
        this.emit(`const ${limit} = ${integer(field.count.prefix, false)};`);
        this.trace(`${path} + " count"`, `at + ${field.count.prefix}`, limit, field);
        this.emit(`at += ${field.count.prefix};`);
      } else if ('times' in field.count) limit = String(field.count.times);
      else limit = scope.counts.get(field.name)!;
    }
    this.emit(`${variable} = [];`);
    const test = field.count === 'rest' ? `at < ${end}` : `${index} < ${limit}`;
    this.emit(`for (let ${index} = 0; ${test}; ${index}++) {`);
    if (field.count !== 'rest') this.emit(`if (at >= ${end}) { c.short(${entryPath}); break ${label}; }`);
    const stop =
      field.entryLength === undefined
        ? end
        : this.extent({ prefix: field.entryLength }, end, entryPath, undefined, label);
    const start = this.fresh('s');
    if (field.keepUnreadable) this.emit(`const ${start} = at;`);
    const object = this.struct(field.fields, scope, stop, entryPath);
    const value = field.single ? `${object}[${quote((field.fields[0] as { name: string }).name)}]` : object;
    if (field.keepUnreadable) {
      this.emit(
        `if (c.missing !== null) { c.warn("entry: " + c.missing + " is missing, the entry is kept as hex"); c.missing = null; ${variable}.push({ unreadable: hex(b, ${start}, ${stop}) }); at = ${stop}; continue; }`,
      );
    }
    this.emit(`${variable}.push(${value});`, `if (c.missing !== null) break ${label};`);
    if (field.entryLength !== undefined) this.leftOver(stop, entryPath);
    this.emit('}');
    const counted = scope.counts.get(field.name);
    if (field.count === 'rest' && counted !== undefined) {
      this.emit(
        `if (${variable}.length !== ${counted}) c.warn("count: " + ${path} + " should be " + ${counted} + ", there are " + ${variable}.length);`,
      );
    }
  }

  private choice(
    field: ChoiceField,
    variable: string,
    scope: Scope,
    end: string,
    path: Path,
    label: string,
  ): void {
    const stop = this.extent(field.extent, end, path, undefined, label);
    const start = this.fresh('s');
    const plain = `${variable} = hex(b, at, ${stop});`;
    const mark = this.fresh('m');
    this.emit(`const ${start} = at, ${mark} = c.mark();`, `switch (${lookUp(scope, field.on)}) {`);
    for (const [code, fields] of Object.entries(field.cases)) {
      this.emit(`case ${code}: {`);
      const object = this.struct(fields, scope, stop, path);
      this.emit(
        `if (c.missing === null && at === ${stop}) { ${variable} = ${object}; break; }`,
        `at = ${start}; c.rollback(${mark}, at);`,
        `if (at < ${stop}) c.warn("layout: " + ${path} + " does not fit its table, kept as hex");`,
        plain,
        'break; }',
      );
    }
    this.emit('default:', plain);
    this.trace(path, stop, variable, field);
    this.emit('}', `at = ${stop};`);
  }

  /** Emits a test of an item's length. */
  private fits(item: Item, length: string): string {
    return 'min' in item.lengths
      ? `${length} >= ${item.lengths.min}`
      : `(${item.lengths.map((n) => `${length} === ${n}`).join(' || ')})`;
  }

  /** Emits the reading of one item's value between `at` and `stop`; falls through where it does not fit. */
  private itemValue(
    item: Item,
    scope: Scope,
    stop: string,
    length: string,
    path: Path,
    taken: (value: string) => string,
  ): void {
    const simple = ['number', 'bits', 'time'].includes(item.field.kind) && !('min' in item.lengths);
    if (simple) {
      // Its length says that it is all there: no object around it, nothing that can go wrong.
      const variable = this.fresh('v');
      const inner: Scope = { raw: new Map(), counts: new Map(), outer: scope, variables: [] };
      const declaration = this.lines.length;
      this.emit('');
      this.fixed(item.field as NumberField, variable, inner, under(path, item.field.name));
      this.lines[declaration] = `let ${[variable, ...inner.variables].join(', ')};`;
      this.emit(`${taken(variable)} continue;`);
      return;
    }
    const mark = this.fresh('m');
    this.emit(`const ${mark} = c.mark();`);
    const object = this.struct([item.field], scope, stop, path);
    this.emit(
      `if (c.missing === null && at === ${stop}) { ${taken(`${object}[${quote(item.field.name)}]`)} continue; }`,
      `at = ${stop} - ${length}; c.rollback(${mark}, at);`,
    );
  }

  private itemsByName(field: ItemsField, variable: string, scope: Scope, end: string, path: Path): void {
    const [id, length, start, stop] = ['x', 'n', 's', 'e'].map((prefix) => this.fresh(prefix));
    this.emit(`${variable} = {};`, `while (at < ${end}) {`);
    this.emit(
      `if (${end} - at < 2 || at + 2 + b[at + 1] > ${end}) { ${variable}.tail = hex(b, at, ${end}); c.warn("items: the list ends with bytes that are no whole item: " + ${variable}.tail);`,
    );
    this.trace(`${under(path, 'tail')}`, end, `${variable}.tail`, field);
    this.emit(`at = ${end}; break; }`);
    this.emit(
      `const ${id} = b[at], ${length} = b[at + 1], ${start} = at + 2, ${stop} = at + 2 + ${length};`,
      `at = ${start};`,
      `switch (${id}) {`,
    );
    const known = new Map<number, Item[]>();
    for (const item of field.items) known.set(item.id, [...(known.get(item.id) ?? []), item]);
    for (const [code, items] of known) {
      this.emit(`case ${code}: {`);
      for (const item of items) {
        const property = `${variable}.${item.field.name}`;
        this.emit(`if (${this.fits(item, length!)} && ${property} === undefined) {`);
        this.itemValue(item, scope, stop!, length!, path, (value) => `${property} = ${value};`);
        this.emit('}');
      }
      this.emit(
        `c.warn("item: " + id2(${id}) + " of " + ${length} + " bytes does not fit its table or is repeated, kept as unknown"); break; }`,
      );
    }
    this.emit('}');
    this.emit(
      `at = ${start};`,
      `const u${id} = { id: id2(${id}), hex: hex(b, at, ${stop}) };`,
      `if (${variable}.unknown === undefined) ${variable}.unknown = [u${id}]; else ${variable}.unknown.push(u${id});`,
    );
    this.trace(under(path, 'unknown'), stop!, `u${id}`, field);
    this.emit(`at = ${stop};`, '}');
  }

  private itemsInOrder(
    field: ItemsField,
    variable: string,
    scope: Scope,
    end: string,
    path: Path,
    label: string,
  ): void {
    const counted = scope.counts.get(field.name)!;
    const [id, length, start, stop, index] = ['x', 'n', 's', 'e', 'i'].map((prefix) => this.fresh(prefix));
    const headBytes = field.idSize + 1;
    this.emit(`${variable} = [];`, `for (let ${index} = 0; ${index} < ${counted}; ${index}++) {`);
    this.emit(`if (${end} - at < ${headBytes}) { c.short(${path} + "[" + ${index} + "]"); break ${label}; }`);
    this.emit(
      `const ${id} = ${integer(field.idSize, false)}, ${length} = b[at + ${field.idSize}], ${start} = at + ${headBytes}, ${stop} = ${start} + ${length};`,
      `if (${stop} > ${end}) { c.short(${path} + "[" + ${index} + "]"); break ${label}; }`,
      `at = ${start};`,
      `switch (${id}) {`,
    );
    for (const item of field.items) {
      const entry = (value: string) =>
        `${variable}.push({ id: ${field.idSize === 1 ? 'id2' : 'id4'}(${id}), name: ${quote(item.field.name)}, value: ${value} });`;
      this.emit(...idsOf(item).map((code) => `case ${code}:`), '{', `if (${this.fits(item, length!)}) {`);
      this.itemValue(item, scope, stop!, length!, path, entry);
      this.emit('}');
      this.emit(
        `c.warn("item: " + id4(${id}) + " of " + ${length} + " bytes does not fit its table, kept as hex"); break; }`,
      );
    }
    this.emit('}', `at = ${start};`);
    this.emit(
      `const u${id} = { id: ${field.idSize === 1 ? 'id2' : 'id4'}(${id}), hex: hex(b, at, ${stop}) };`,
      `${variable}.push(u${id});`,
    );
    this.trace(`${path} + "[" + ${index} + "]"`, stop!, `u${id}`, field);
    this.emit(`at = ${stop};`, '}');
  }
}
