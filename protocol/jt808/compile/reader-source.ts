import { fixedSize } from '../describe/build.ts';
import {
  type BitsField,
  type ChoiceField,
  type CoordinateField,
  type CountField,
  type DigitsField,
  type Extent,
  type FieldData,
  type Fields,
  inVersion,
  type ListField,
  type NumberField,
  type TimeField,
  type WhenField,
} from '../describe/field.ts';
import type { Version } from '../message.ts';
import { itemsByName, itemsInOrder } from './item-source.ts';
import {
  bitTable,
  condition,
  integer,
  lookUp,
  numberValue,
  type Path,
  quote,
  TIME_READERS,
  under,
} from './source-text.ts';

/** Names of the fields read so far, the raw variables behind them, and the structs around. */
export interface Scope {
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

/** The source of one reader as it grows. */
export class ReaderSource {
  readonly lines: string[] = [];
  readonly constants: unknown[] = [];
  private next = 0;
  private readonly version: Version;
  private readonly traced: boolean;

  constructor(version: Version, traced: boolean) {
    this.version = version;
    this.traced = traced;
  }

  fresh(prefix: string): string {
    return `${prefix}${this.next++}`;
  }

  constant(value: unknown): string {
    this.constants.push(value);
    return `k[${this.constants.length - 1}]`;
  }

  emit(...lines: string[]): void {
    this.lines.push(...lines);
  }

  trace(path: Path, end: string, value: string, field: unknown): void {
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
    this.coordinates(fields, scope, members, path);
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
        this.member(field, variable, scope, members, end, under(path, field.name), label);
        if (field.kind === 'number') this.views(field, scope, members, optional);
      }
    }
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

  /** Signs, once all is read that there is: the sign bit may be in a field that follows the coordinate. */
  private coordinates(fields: Fields, scope: Scope, members: Member[], path: Path): void {
    for (const field of fields) {
      if (!inVersion(field, this.version)) continue;
      if (field.kind === 'when') this.coordinates(field.fields, scope, members, path);
      if (field.kind !== 'coordinate') continue;
      const raw = members.findLast((member) => member.name === field.name)!.variable;
      const negative =
        field.sign === null
          ? 'false'
          : `((${lookUp(scope, field.sign.field)} >>> ${field.sign.bit}) & 1) === 1`;
      const plain =
        field.sign === null ? `${raw} / 1e6` : `${negative} && ${raw} !== 0 ? -(${raw} / 1e6) : ${raw} / 1e6`;
      const name = under(path, field.name);
      this.emit(
        `if (${raw} !== undefined) ${raw} = ${raw} > ${field.limit}e6 ? odd(${raw}, ${negative}, ${field.limit}, c, ${name}) : ${plain};`,
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
    members: Member[],
    end: string,
    path: Path,
    label: string,
  ): void {
    switch (field.kind) {
      case 'text':
      case 'bytes': {
        const stop = this.extent(field.extent, end, path, field.absent, label);
        if (field.extent === 'rest' && field.absent === 'tolerated')
          this.emit(`if (at >= ${end}) c.warn("missing: the body ends before " + ${path});`);
        const reader = field.kind === 'bytes' ? 'hex' : typeof field.extent === 'number' ? 'padded' : 'text';
        this.emit(`${variable} = ${reader}(b, at, ${stop}${reader === 'hex' ? '' : `, c, ${path}`});`);
        if (field.kind === 'bytes' && field.unzipped !== undefined) {
          const { name, maxBytes } = field.unzipped;
          const unzipped = this.fresh('v');
          members.push({ name, variable: unzipped, optional: true });
          this.emit(`${unzipped} = unzip(b, at, ${stop}, ${maxBytes}, c, ${path});`);
        }
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
        if (field.form === 'object') itemsByName(this, field, variable, scope, end, path);
        else itemsInOrder(this, field, variable, scope, end, path);
        return;
      default:
        this.needs(fixedSize(field), end, path, field.absent, label);
        this.fixed(field, variable, scope, path);
    }
  }

  /** A field of one width, whose bytes are known to be there. */
  fixed(
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
}
