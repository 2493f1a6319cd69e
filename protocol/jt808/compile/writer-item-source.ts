import { type Item, type ItemsField, idsOf } from '../describe/field.ts';
import { type Path, quote, switchOnName, under } from './source-text.ts';
import { type WriterScope, type WriterSource, widthOf } from './writer-source.ts';

/** Emits the writing of id-length-value items; see `WriterSource`. */

/** Emits one item: id, length and value. */
function itemOf(
  source: WriterSource,
  item: Item,
  id: { readonly value: string; readonly size: number },
  value: string,
  outer: WriterScope,
  path: Path,
): void {
  const width = widthOf(item.field);
  const scope: WriterScope = { raw: new Map(), outer, fields: [item.field], object: 'undefined' };
  source.room(id.size + 1 + (width ?? 0));
  source.store(id.size, id.value);
  const start = width === null ? source.open({ prefix: 1 }) : null;
  source.members(scope, () => {
    if (width !== null) source.store(1, String(width));
    source.member(item.field as Parameters<WriterSource['member']>[0], value, scope, path);
  });
  source.close(start, { prefix: 1 }, path);
}

/** Items in the order in which the object has them: as they came. */
export function writeItemsByName(
  source: WriterSource,
  field: ItemsField,
  value: string,
  scope: WriterScope,
  path: Path,
): void {
  const name = source.fresh('n');
  source.emit(`object(${value}, ${path});`, `for (const ${name} in ${value}) {`);
  // The first of a name is the one that is sent.
  const items = new Map([...field.items].reverse().map((item) => [item.field.name, item]));
  const known = [...field.items].filter((item) => items.get(item.field.name) === item);
  const cases = known.map((item) => {
    const from = source.lines.length;
    const given = source.fresh('v');
    source.emit(`case ${quote(item.field.name)}: {`, `const ${given} = ${value}.${item.field.name};`);
    const id = { value: String(item.id), size: 1 };
    itemOf(source, item, id, given, scope, under(path, item.field.name));
    source.emit('continue; }');
    return { name: item.field.name, lines: source.lines.splice(from) };
  });
  const from = source.lines.length;
  source.emit("case 'unknown': {");
  source.emit(`w.length = at; unknownItems(w, ${value}.unknown, ${path}); b = w.buffer; at = w.length;`);
  source.emit('continue; }');
  cases.push({ name: 'unknown', lines: source.lines.splice(from) });
  cases.push({ name: 'tail', lines: ["case 'tail': continue;"] });
  source.emit(
    ...switchOnName(name, cases),
    `throw new EncodeError(${path}, 'has no item ' + ${name});`,
    '}',
    `if (${value}.tail !== undefined) {`,
  );
  source.call(`hex(${value}.tail, ${path})`);
  source.emit('}');
}

/** Items in a list, whose ids may repeat. */
export function writeItemsInOrder(
  source: WriterSource,
  field: ItemsField,
  value: string,
  scope: WriterScope,
  path: Path,
): void {
  const [given, object, id, inner] = ['x', 'o', 'i', 'y'].map((prefix) => source.fresh(prefix)) as [
    string,
    string,
    string,
    string,
  ];
  source.emit(
    `for (const ${given} of array(${value}, ${path}, 255)) {`,
    `const ${object} = object(${given}, ${path});`,
    `const ${id} = idOf(${object}.id, ${2 ** (8 * field.idSize) - 1}, ${path}), ${inner} = ${object}.value;`,
  );
  source.emit(`if (${object}.hex !== undefined) {`);
  source.room(field.idSize);
  source.store(field.idSize, id);
  const start = source.open({ prefix: 1 });
  source.call(`hex(${object}.hex, ${path})`);
  source.close(start, { prefix: 1 }, path);
  source.emit(`} else switch (${id}) {`);
  for (const item of field.items) {
    source.emit(...idsOf(item).map((code) => `case ${code}:`), '{');
    itemOf(source, item, { value: id, size: field.idSize }, inner, scope, under(path, item.field.name));
    source.emit('break; }');
  }
  source.emit(`default: throw new EncodeError(${path}, 'takes hex for an id without a table'); }`, '}');
}
