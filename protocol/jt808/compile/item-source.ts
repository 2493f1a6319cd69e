import { type Item, type ItemsField, idsOf, type NumberField } from '../describe/field.ts';
import type { ReaderSource, Scope } from './reader-source.ts';
import { integer, type Path, quote, under } from './source-text.ts';

/** Emits the reading of id-length-value items; see `ReaderSource`. */

/** Emits a test of an item's length. */
function fits(item: Item, length: string): string {
  return 'min' in item.lengths
    ? `${length} >= ${item.lengths.min}`
    : `(${item.lengths.map((n) => `${length} === ${n}`).join(' || ')})`;
}

/** Emits the reading of one item's value between `at` and `stop`; falls through where it does not fit. */
function itemValue(
  source: ReaderSource,
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
    const variable = source.fresh('v');
    const inner: Scope = { raw: new Map(), counts: new Map(), outer: scope, variables: [] };
    const declaration = source.lines.length;
    source.emit('');
    source.fixed(item.field as NumberField, variable, inner, under(path, item.field.name));
    source.lines[declaration] = `let ${[variable, ...inner.variables].join(', ')};`;
    source.emit(`${taken(variable)} continue;`);
    return;
  }
  const mark = source.fresh('m');
  source.emit(`const ${mark} = c.mark();`);
  const object = source.struct([item.field], scope, stop, path);
  source.emit(
    `if (c.missing === null && at === ${stop}) { ${taken(`${object}[${quote(item.field.name)}]`)} continue; }`,
    `at = ${stop} - ${length}; c.rollback(${mark}, at);`,
  );
}

export function itemsByName(
  source: ReaderSource,
  field: ItemsField,
  variable: string,
  scope: Scope,
  end: string,
  path: Path,
): void {
  const [id, length, start, stop] = ['x', 'n', 's', 'e'].map((prefix) => source.fresh(prefix));
  source.emit(`${variable} = {};`, `while (at < ${end}) {`);
  source.emit(
    `if (${end} - at < 2 || at + 2 + b[at + 1] > ${end}) { ${variable}.tail = hex(b, at, ${end}); c.warn("items: the list ends with bytes that are no whole item: " + ${variable}.tail);`,
  );
  source.trace(`${under(path, 'tail')}`, end, `${variable}.tail`, field);
  source.emit(`at = ${end}; break; }`);
  source.emit(
    `const ${id} = b[at], ${length} = b[at + 1], ${start} = at + 2, ${stop} = at + 2 + ${length};`,
    `at = ${start};`,
    `switch (${id}) {`,
  );
  const known = new Map<number, Item[]>();
  for (const item of field.items) known.set(item.id, [...(known.get(item.id) ?? []), item]);
  for (const [code, items] of known) {
    source.emit(`case ${code}: {`);
    for (const item of items) {
      const property = `${variable}.${item.field.name}`;
      source.emit(`if (${fits(item, length!)} && ${property} === undefined) {`);
      itemValue(source, item, scope, stop!, length!, path, (value) => `${property} = ${value};`);
      source.emit('}');
    }
    source.emit(
      `c.warn("item: " + id2(${id}) + " of " + ${length} + " bytes does not fit its table or is repeated, kept as unknown"); break; }`,
    );
  }
  source.emit('}');
  source.emit(
    `at = ${start};`,
    `const u${id} = { id: id2(${id}), hex: hex(b, at, ${stop}) };`,
    `if (${variable}.unknown === undefined) ${variable}.unknown = [u${id}]; else ${variable}.unknown.push(u${id});`,
  );
  source.trace(under(path, 'unknown'), stop!, `u${id}`, field);
  source.emit(`at = ${stop};`, '}');
}

export function itemsInOrder(
  source: ReaderSource,
  field: ItemsField,
  variable: string,
  scope: Scope,
  end: string,
  path: Path,
): void {
  const counted = scope.counts.get(field.name)!;
  const [id, length, start, stop, index] = ['x', 'n', 's', 'e', 'i'].map((prefix) => source.fresh(prefix));
  const headBytes = field.idSize + 1;
  source.emit(`${variable} = [];`, `for (let ${index} = 0; ${index} < ${counted}; ${index}++) {`);
  const name = field.idSize === 1 ? 'id2' : 'id4';
  // A count that is too large, and a last item that says more than there is, lose nothing of what came before.
  source.emit(
    `if (${end} - at < ${headBytes}) { c.warn("count: " + ${path} + " should be " + ${counted} + ", there are " + ${index}); break; }`,
    `const ${id} = ${integer(field.idSize, false)}, ${length} = b[at + ${field.idSize}], ${start} = at + ${headBytes}, ${stop} = ${start} + ${length};`,
    `if (${stop} > ${end}) { c.warn("length: " + ${name}(${id}) + " says " + ${length} + " bytes, there are " + (${end} - ${start}));`,
    `at = ${start}; ${variable}.push({ id: ${name}(${id}), hex: hex(b, at, ${end}) });`,
  );
  source.trace(`${path} + "[" + ${index} + "]"`, end, `${variable}[${index}]`, field);
  source.emit(`at = ${end}; break; }`, `at = ${start};`, `switch (${id}) {`);
  for (const item of field.items) {
    const entry = (value: string) =>
      `${variable}.push({ id: ${name}(${id}), name: ${quote(item.field.name)}, value: ${value} });`;
    source.emit(...idsOf(item).map((code) => `case ${code}:`), '{', `if (${fits(item, length!)}) {`);
    itemValue(source, item, scope, stop!, length!, path, entry);
    source.emit('}');
    source.emit(
      `c.warn("item: " + id4(${id}) + " of " + ${length} + " bytes does not fit its table, kept as hex"); break; }`,
    );
  }
  source.emit('}', `at = ${start};`);
  source.emit(
    `const u${id} = { id: ${name}(${id}), hex: hex(b, at, ${stop}) };`,
    `${variable}.push(u${id});`,
  );
  source.trace(`${path} + "[" + ${index} + "]"`, stop!, `u${id}`, field);
  source.emit(`at = ${stop};`, '}');
}
