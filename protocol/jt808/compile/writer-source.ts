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
import { condition, lookUp, type Path, quote, under } from './source-text.ts';
import { writeItemsByName, writeItemsInOrder } from './writer-item-source.ts';
import { writeNumber } from './writer-number-source.ts';

/** Raw numbers written so far, by field; the object that has the fields; the structs around. */
export interface WriterScope {
  readonly raw: Map<string, string>;
  readonly outer: WriterScope | null;
  readonly fields: Fields;
  readonly object: string;
}

type Member = Exclude<FieldData, WhenField | CountField>;
type FixedField = NumberField | BitsField | CoordinateField | TimeField | DigitsField;

/** Bytes that a field takes whatever its value; null where the value says it. */
export function widthOf(field: FieldData): number | null {
  if (field.kind === 'text' || field.kind === 'bytes')
    return typeof field.extent === 'number' ? field.extent : null;
  const fixed = ['number', 'bits', 'coordinate', 'time', 'digits', 'count'].includes(field.kind);
  return fixed ? fixedSize(field) : null;
}

/** The source of one writer as it grows. `b` is the buffer, `at` where the next byte goes, `w` has both at calls. */
export class WriterSource {
  readonly lines: string[] = [];
  readonly constants: unknown[] = [];
  readonly version: Version;
  private next = 0;
  /** Bytes written beyond `at` by the run of fields at hand. */
  private beyond = 0;

  constructor(version: Version) {
    this.version = version;
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

  /** Emits that there is room for so many bytes. */
  room(bytes: number): void {
    this.emit(`if (at + ${bytes} > b.length) { w.length = at; b = w.room(${bytes}); }`);
  }

  /** Where the next field of the run goes, as an expression; `bytes` are then written. */
  place(bytes: number): string {
    const place = this.beyond === 0 ? 'at' : `at + ${this.beyond}`;
    this.beyond += bytes;
    return place;
  }

  /** Ends a run. */
  settle(): void {
    if (this.beyond > 0) this.emit(`at += ${this.beyond};`);
    this.beyond = 0;
  }

  /** Emits an integer of so many bytes, big-endian. */
  store(size: number, value: string): void {
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      const byte = shift === 0 ? value : `${value} >>> ${shift}`;
      this.emit(`b[${this.place(1)}] = ${byte};`);
    }
  }

  /** Emits a call of the writer, which may move the buffer. */
  call(code: string): void {
    this.settle();
    this.emit(`w.length = at; w.${code}; b = w.buffer; at = w.length;`);
  }

  struct(fields: Fields, outer: WriterScope | null, object: string, path: Path): void {
    this.members({ raw: new Map(), outer, fields, object }, (scope, label) =>
      this.fields(fields, scope, path, label),
    );
  }

  /** Emits what `inside` emits, with the raw numbers that it names declared before it. */
  members(scope: WriterScope, inside: (scope: WriterScope, label: string) => void): void {
    const label = this.fresh('L');
    // Raw numbers are declared up front: a condition may look at one that its own condition left out.
    const declaration = this.lines.length;
    this.emit('', `${label}: {`);
    inside(scope, label);
    this.settle();
    this.emit('}');
    this.lines[declaration] = scope.raw.size > 0 ? `let ${[...scope.raw.values()].join(', ')};` : '';
  }

  private fields(all: Fields, scope: WriterScope, path: Path, label: string): void {
    const fields = all.filter((field) => inVersion(field, this.version));
    let covered = 0;
    fields.forEach((field, i) => {
      if (i >= covered) {
        this.settle();
        covered = i + runLength(fields.slice(i));
        if (covered > i) this.room(fields.slice(i, covered).reduce((sum, one) => sum + widthOf(one)!, 0));
      }
      if (field.kind === 'when') this.when(field, scope, path, label);
      else if (field.kind === 'count') {
        const list = `${scope.object}[${quote(field.of)}]`;
        const most = 2 ** (8 * field.size) - 1;
        const length = this.fresh('c');
        this.emit(`const ${length} = array(${list}, ${under(path, field.of)}, ${most}).length;`);
        this.store(field.size, length);
      } else {
        const value = this.fresh('v');
        this.emit(`const ${value} = ${scope.object}.${field.name};`);
        if (field.absent !== undefined) {
          this.emit(`if (${value} === undefined) break ${label};`);
          const width = widthOf(field);
          if (width !== null) this.room(width);
        }
        this.member(field, value, scope, under(path, field.name));
      }
    });
    this.settle();
  }

  private when(field: WhenField, scope: WriterScope, path: Path, label: string): void {
    this.emit(`if (${condition(field.test, lookUp(scope, field.field))}) {`);
    this.fields(field.fields, scope, path, label);
    this.emit('} else {');
    // Fields given although an earlier one rules them out: sending without them would say something else.
    for (const inner of field.fields) {
      if ('name' in inner)
        this.emit(
          `unannounced(${scope.object}.${inner.name}, ${under(path, inner.name)}, ${quote(field.field)});`,
        );
    }
    this.emit('}');
  }

  /** Emits room for a length; returns where what it counts begins. */
  open(extent: Extent): string | null {
    if (typeof extent !== 'object') return null;
    this.settle();
    const start = this.fresh('s');
    const head = extent.prefix + (extent.gap ?? 0);
    this.room(head);
    for (let i = extent.prefix; i < head; i++) this.emit(`b[at + ${i}] = 0;`);
    this.emit(`at += ${head};`, `const ${start} = at;`);
    return start;
  }

  close(start: string | null, extent: Extent, path: Path): void {
    this.settle();
    if (start === null || typeof extent !== 'object') return;
    if (extent.prefix === 1 && extent.gap === undefined)
      this.emit(`if (at - ${start} > 255) tooLong(255, ${path});`, `b[${start} - 1] = at - ${start};`);
    else this.emit(`patch(b, ${start} - ${extent.gap ?? 0}, ${extent.prefix}, at - ${start}, ${path});`);
  }

  /** Emits one field; for one of known width there must be room. */
  member(field: Member, value: string, scope: WriterScope, path: Path): void {
    switch (field.kind) {
      case 'text':
      case 'bytes': {
        if (typeof field.extent === 'number') {
          const place = this.place(field.extent);
          const padding = field.kind === 'text' ? `, ${field.fill ?? 0}, ${field.padLeft === true}` : '';
          const runtime = field.kind === 'text' ? 'paddedText' : 'fixedHex';
          this.emit(`${runtime}(b, ${place}, ${value}, ${field.extent}${padding}, ${path});`);
          return;
        }
        const start = this.open(field.extent);
        this.call(`${field.kind === 'text' ? 'text' : 'hex'}(${value}, ${path})`);
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
        if (field.form === 'object') writeItemsByName(this, field, value, scope, path);
        else writeItemsInOrder(this, field, value, scope, path);
        return;
      default:
        this.fixed(field, value, scope, path);
    }
  }

  private fixed(field: FixedField, value: string, scope: WriterScope, path: Path): void {
    const size = fixedSize(field);
    switch (field.kind) {
      case 'number':
      case 'bits':
        writeNumber(this, field, value, scope, path);
        return;
      case 'coordinate': {
        const raw = this.fresh('r');
        this.emit(`const ${raw} = degrees(${value}, ${field.sign !== null}, ${path});`);
        this.store(4, raw);
        return;
      }
      case 'time':
        if (field.form === 'day' || field.form === 'date')
          this.emit(`date(b, ${this.place(size)}, ${value}, ${size}, ${path});`);
        else if (field.form === 'window') this.emit(`window(b, ${this.place(size)}, ${value}, ${path});`);
        else {
          const place = this.place(size);
          const usual = field.utc ? '' : `if (!writeEast8(b, ${place}, ${value})) `;
          this.emit(`${usual}moment(b, ${place}, ${value}, ${field.utc ? 0 : 8}, ${path});`);
        }
        return;
      case 'digits':
        this.emit(
          field.scale === undefined
            ? `digits(b, ${this.place(size)}, ${value}, ${size}, ${path});`
            : `scaledDigits(b, ${this.place(size)}, ${value}, ${size}, ${field.scale}, ${path});`,
        );
    }
  }

  private list(field: ListField, value: string, scope: WriterScope, path: Path): void {
    const entries = this.fresh('a');
    const entry = this.fresh('x');
    const prefix = typeof field.count === 'object' && 'prefix' in field.count ? field.count.prefix : null;
    const most = prefix === null ? 2 ** 32 : 2 ** (8 * prefix) - 1;
    this.emit(`const ${entries} = array(${value}, ${path}, ${most});`);
    if (typeof field.count === 'object' && 'times' in field.count)
      this.emit(`exactly(${entries}, ${field.count.times}, ${path});`);
    if (prefix !== null) {
      this.room(prefix);
      this.store(prefix, `${entries}.length`);
      this.settle();
    }
    this.emit(`for (const ${entry} of ${entries}) {`);
    const entryPath = `${path.slice(0, -1)}[]"`;
    const extent: Extent = field.entryLength === undefined ? 'rest' : { prefix: field.entryLength };
    const start = this.open(extent);
    const object = this.fresh('o');
    this.emit(
      field.single
        ? `const ${object} = { ${(field.fields[0] as { name: string }).name}: ${entry} };`
        : `const ${object} = object(${entry}, ${entryPath});`,
    );
    if (field.keepUnreadable) {
      this.emit(`if (${object}.unreadable !== undefined) {`);
      this.call(`hex(${object}.unreadable, ${entryPath})`);
      this.emit('} else {');
    }
    this.struct(field.fields, scope, object, entryPath);
    if (field.keepUnreadable) this.emit('}');
    this.close(start, extent, entryPath);
    this.emit('}');
  }

  private choice(field: ChoiceField, value: string, scope: WriterScope, path: Path): void {
    const start = this.open(field.extent);
    this.emit(`if (typeof ${value} === 'string') {`);
    this.call(`hex(${value}, ${path})`);
    this.emit(`} else if (${value} !== undefined) {`);
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
}

/** How many fields from the first on are always there and of known width. */
function runLength(fields: readonly FieldData[]): number {
  const end = fields.findIndex(
    (field) => widthOf(field) === null || ('absent' in field && field.absent !== undefined),
  );
  return end < 0 ? fields.length : end;
}
