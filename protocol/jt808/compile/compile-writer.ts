import { fixedSize } from '../describe/build.ts';
import {
  type ChoiceField,
  type Extent,
  type FieldData,
  type Fields,
  type ItemsField,
  idsOf,
  inVersion,
  type ListField,
  type NumberField,
  type TextField,
  type TimeField,
  type WhenField,
} from '../describe/field.ts';
import type { Version } from '../message.ts';
import { condition, lookUp, type Path, quote, under } from './source-text.ts';
import type { Writer } from './writer.ts';
import { writerRuntime } from './writer-runtime.ts';

/** Appends the bytes of an object; throws `EncodeError` where the object cannot be sent. */
export type BodyWriter = (w: Writer, o: Record<string, unknown>) => void;

/** Compiles a description into the function that writes it; see `compileReader`. */
export function compileWriter(fields: Fields, version: Version): BodyWriter {
  const source = new WriterSource(version);
  source.struct(fields, null, 'o', '""');
  const runtime = Object.keys(writerRuntime).join(', ');
  const make = new Function(
    'rt',
    'k',
    `const { ${runtime} } = rt;\nreturn function write(w, o) {\n${source.lines.join('\n')}\n}`,
  );
  return make(writerRuntime, source.constants) as BodyWriter;
}

/** Compiles a test of whether an object has no other fields than these. */
export function compileNameCheck(names: Iterable<string>): (body: object) => boolean {
  const cases = Array.from(names, (name) => `case ${quote(name)}: break;`).join(' ');
  return new Function(
    'o',
    `for (const n in o) switch (n) { ${cases} default: return false; } return true;`,
  ) as (body: object) => boolean;
}

interface Scope {
  readonly raw: Map<string, string>;
  readonly outer: Scope | null;
  readonly fields: Fields;
  readonly object: string;
}

class WriterSource {
  readonly lines: string[] = [];
  readonly constants: unknown[] = [];
  private next = 0;
  private readonly version: Version;

  constructor(version: Version) {
    this.version = version;
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

  struct(fields: Fields, outer: Scope | null, object: string, path: Path): void {
    const scope: Scope = { raw: new Map(), outer, fields, object };
    const label = this.fresh('L');
    // Raw numbers are declared up front: a condition may look at one that its own condition left out.
    const declaration = this.lines.length;
    this.emit('', `${label}: {`);
    this.fields(fields, scope, object, path, label);
    this.emit('}');
    this.lines[declaration] = scope.raw.size > 0 ? `let ${[...scope.raw.values()].join(', ')};` : '';
  }

  private fields(fields: Fields, scope: Scope, object: string, path: Path, label: string): void {
    for (const field of fields) {
      if (!inVersion(field, this.version)) continue;
      if (field.kind === 'when') {
        this.emit(`if (${condition(field.test, lookUp(scope, field.field))}) {`);
        this.fields(field.fields, scope, object, path, label);
        this.emit('} else {');
        this.unannounced(field, object, path);
        this.emit('}');
      } else if (field.kind === 'count') {
        const list = `${object}[${quote(field.of)}]`;
        this.emit(
          `w.number(array(${list}, ${under(path, field.of)}, ${2 ** (8 * field.size) - 1}).length, ${field.size});`,
        );
      } else {
        const value = this.fresh('v');
        this.emit(`const ${value} = ${object}.${field.name};`);
        if (field.absent !== undefined) this.emit(`if (${value} === undefined) break ${label};`);
        this.member(field, value, scope, under(path, field.name), path);
      }
    }
  }

  /** Fields given although an earlier one rules them out: sending without them would say something else. */
  private unannounced(field: WhenField, object: string, path: Path): void {
    for (const inner of field.fields) {
      if ('name' in inner)
        this.emit(`unannounced(${object}.${inner.name}, ${under(path, inner.name)}, ${quote(field.field)});`);
    }
  }

  private open(extent: Extent): string | null {
    if (typeof extent !== 'object') return null;
    const start = this.fresh('s');
    this.emit(`const ${start} = w.reserve(${extent.prefix + (extent.gap ?? 0)});`);
    return start;
  }

  private close(start: string | null, extent: Extent, path: Path): void {
    if (start !== null && typeof extent === 'object')
      this.emit(`w.patch(${start}, ${extent.prefix}, ${path}, ${extent.gap ?? 0});`);
  }

  private member(
    field: Exclude<FieldData, WhenField | { kind: 'count' }>,
    value: string,
    scope: Scope,
    path: Path,
    outerPath: Path,
  ): void {
    switch (field.kind) {
      case 'number':
        this.number(field, value, scope, path);
        return;
      case 'bits': {
        const raw = this.raw(scope, field.name);
        const table = this.constant(field.bits.filter((bit) => inVersion(bit, this.version)));
        this.emit(
          `${raw} = (maskOf(${value}, ${table}, ${field.size}, ${path})${this.signs(field.name, scope)}) >>> 0;`,
        );
        this.emit(`w.number(${raw}, ${field.size});`);
        return;
      }
      case 'coordinate':
        this.emit(`w.u32(degrees(${value}, ${field.sign !== null}, ${path}));`);
        return;
      case 'time':
        this.time(field, value, path);
        return;
      case 'digits':
        this.emit(
          field.scale === undefined
            ? `w.digits(${value}, ${field.bytes}, ${path});`
            : `w.scaledDigits(${value}, ${field.bytes}, ${field.scale}, ${path});`,
        );
        return;
      case 'text':
        this.text(field, value, path);
        return;
      case 'bytes': {
        if (typeof field.extent === 'number') {
          this.emit(`w.fixedHex(${value}, ${field.extent}, ${path});`);
          return;
        }
        const start = this.open(field.extent);
        this.emit(`w.hex(${value}, ${path});`);
        this.close(start, field.extent, path);
        return;
      }
      case 'struct': {
        const start = field.extent === null ? null : this.open(field.extent);
        const object = this.fresh('o');
        this.emit(`const ${object} = object(${value}, ${path});`);
        this.struct(field.fields, scope, object, path);
        if (field.extent !== null) this.close(start, field.extent, path);
        return;
      }
      case 'list':
        this.list(field, value, scope, path);
        return;
      case 'choice':
        this.choice(field, value, scope, path);
        return;
      case 'items':
        if (field.form === 'object') this.itemsByName(field, value, scope, path, outerPath);
        else this.itemsInOrder(field, value, scope, path);
    }
  }

  private raw(scope: Scope, name: string): string {
    const variable = this.fresh('r');
    scope.raw.set(name, variable);
    return variable;
  }

  private number(field: NumberField, value: string, scope: Scope, path: Path): void {
    const full = 2 ** (8 * field.size);
    const lowest = field.negativeFrom ?? (field.signed ? -full / 2 : 0);
    const [low, high] = [lowest, full + lowest - 1];
    const raw = this.raw(scope, field.name);
    let read = `int(${value}, ${low}, ${high}, ${path})`;
    if (field.asId) read = `idOf(${value}, ${high}, ${path})`;
    if (field.scale !== undefined || field.bias !== undefined) {
      const shifted = field.bias === undefined ? value : `${value} + ${field.bias}`;
      read = `scaled(${shifted}, ${field.scale ?? 1}, ${low}, ${high}, ${path})`;
    }
    if (field.none !== undefined) read = `${value} === null ? ${field.none} : ${read}`;
    if (field.views !== undefined) {
      const views = this.constant(
        field.views.map((view) => ({
          ...view,
          bits: view.bits.filter((bit) => inVersion(bit, this.version)),
        })),
      );
      read = `${value} === undefined ? fromViews(${scope.object}, ${views}, ${field.size}, ${path}) : ${read}`;
    }
    const signs = this.signs(field.name, scope);
    this.emit(`${raw} = ${signs === '' ? read : `((${read})${signs}) >>> 0`};`);
    if (field.size === 3) this.emit(`w.u24(${raw});`);
    else this.emit(`w.u${field.size * 8}(${raw});`);
  }

  /** The sign bits of coordinates that look to this field for theirs. */
  private signs(name: string, scope: Scope): string {
    return this.coordinatesOf(scope.fields, name)
      .map(({ list, field, bit }) => {
        const negative =
          list === null
            ? `${scope.object}.${field} < 0`
            : `anyNegative(${scope.object}.${list}, ${quote(field)})`;
        return ` | (${negative} ? ${2 ** bit} : 0)`;
      })
      .join('');
  }

  private coordinatesOf(fields: Fields, name: string): { list: string | null; field: string; bit: number }[] {
    return fields.flatMap((field): { list: string | null; field: string; bit: number }[] => {
      if (field.kind === 'coordinate' && field.sign?.field === name)
        return [{ list: null, field: field.name, bit: field.sign.bit }];
      // An entry with a field of that name looks to its own.
      if (field.kind === 'list' && !field.fields.some((inner) => 'name' in inner && inner.name === name))
        return this.coordinatesOf(field.fields, name).map((inner) => ({ ...inner, list: field.name }));
      return [];
    });
  }

  private time(field: TimeField, value: string, path: Path): void {
    if (field.form === 'day' || field.form === 'date')
      this.emit(`w.date(${value}, ${fixedSize(field)}, ${path});`);
    else if (field.form === 'window') this.emit(`w.window(${value}, ${path});`);
    else this.emit(`w.moment(${value}, ${field.utc === true}, ${path});`);
  }

  private text(field: TextField, value: string, path: Path): void {
    if (typeof field.extent === 'number') {
      this.emit(
        `w.paddedText(${value}, ${field.extent}, ${field.fill ?? 0}, ${field.padLeft === true}, ${path});`,
      );
      return;
    }
    const start = this.open(field.extent);
    this.emit(`w.text(${value}, ${path});`);
    this.close(start, field.extent, path);
  }

  private list(field: ListField, value: string, scope: Scope, path: Path): void {
    const entries = this.fresh('a');
    const entry = this.fresh('x');
    const most =
      typeof field.count === 'object' && 'prefix' in field.count
        ? 2 ** (8 * field.count.prefix) - 1
        : 2 ** 32;
    this.emit(`const ${entries} = array(${value}, ${path}, ${most});`);
    if (typeof field.count === 'object' && 'times' in field.count)
      this.emit(`exactly(${entries}, ${field.count.times}, ${path});`);
    if (typeof field.count === 'object' && 'prefix' in field.count)
      this.emit(`w.number(${entries}.length, ${field.count.prefix});`);
    this.emit(`for (const ${entry} of ${entries}) {`);
    const entryPath = `${path.slice(0, -1)}[]"`;
    const extent: Extent | null = field.entryLength === undefined ? null : { prefix: field.entryLength };
    const start = extent === null ? null : this.open(extent);
    const object = this.fresh('o');
    if (field.single) {
      this.emit(`const ${object} = { ${(field.fields[0] as { name: string }).name}: ${entry} };`);
    } else this.emit(`const ${object} = object(${entry}, ${entryPath});`);
    if (field.keepUnreadable)
      this.emit(`if (${object}.unreadable !== undefined) w.hex(${object}.unreadable, ${entryPath}); else {`);
    this.struct(field.fields, scope, object, entryPath);
    if (field.keepUnreadable) this.emit('}');
    if (extent !== null) this.close(start, extent, entryPath);
    this.emit('}');
  }

  private choice(field: ChoiceField, value: string, scope: Scope, path: Path): void {
    const start = this.open(field.extent);
    this.emit(
      `if (typeof ${value} === 'string') w.hex(${value}, ${path}); else if (${value} !== undefined) {`,
    );
    const object = this.fresh('o');
    this.emit(`const ${object} = object(${value}, ${path});`, `switch (${lookUp(scope, field.on)}) {`);
    for (const [code, fields] of Object.entries(field.cases)) {
      this.emit(`case ${code}: {`);
      this.struct(fields, scope, object, path);
      this.emit('break; }');
    }
    this.emit(`default: throw new EncodeError(${path}, 'takes hex: its layout is not known'); }`, '}');
    this.close(start, field.extent, path);
  }

  private itemsByName(field: ItemsField, value: string, scope: Scope, path: Path, outerPath: Path): void {
    const key = this.fresh('n');
    this.emit(`object(${value}, ${path});`, `for (const ${key} in ${value}) {`, `switch (${key}) {`);
    const done = new Set<string>();
    for (const item of field.items) {
      if (done.has(item.field.name)) continue;
      done.add(item.field.name);
      this.emit(`case ${quote(item.field.name)}: {`);
      const fixed = ['number', 'bits', 'time'].includes(item.field.kind) ? fixedSize(item.field) : null;
      if (fixed === null) this.emit(`w.u8(${item.id});`);
      else this.emit(`w.u16(${item.id * 256 + fixed});`);
      const start = fixed === null ? this.open({ prefix: 1 }) : null;
      this.struct([item.field], scope, value, path);
      this.close(start, { prefix: 1 }, path);
      this.emit('break; }');
    }
    this.emit(
      `case 'unknown': unknownItems(w, ${value}.unknown, ${path}); break;`,
      `case 'tail': break;`,
      `default: throw new EncodeError(${path}, 'has no item ' + ${key});`,
      '}',
      '}',
      `if (${value}.tail !== undefined) w.hex(${value}.tail, ${path});`,
    );
    void outerPath;
  }

  private itemsInOrder(field: ItemsField, value: string, scope: Scope, path: Path): void {
    const given = this.fresh('x');
    const object = this.fresh('o');
    const id = this.fresh('i');
    const idHigh = 2 ** (8 * field.idSize) - 1;
    this.emit(
      `for (const ${given} of array(${value}, ${path}, 255)) {`,
      `const ${object} = object(${given}, ${path});`,
      `const ${id} = idOf(${object}.id, ${idHigh}, ${path});`,
      `w.number(${id}, ${field.idSize});`,
    );
    const start = this.open({ prefix: 1 });
    this.emit(`if (${object}.hex !== undefined) w.hex(${object}.hex, ${path}); else switch (${id}) {`);
    for (const item of field.items) {
      const inner = this.fresh('o');
      this.emit(
        ...idsOf(item).map((code) => `case ${code}:`),
        `{ const ${inner} = { ${item.field.name}: ${object}.value };`,
      );
      this.struct([item.field], scope, inner, path);
      this.emit('break; }');
    }
    this.emit(`default: throw new EncodeError(${path}, 'takes hex for an id without a table'); }`);
    this.close(start, { prefix: 1 }, path);
    this.emit('}');
  }
}
