import { descriptions } from './catalogue.ts';
import { id2, id4 } from './compile/bytes.ts';
import { fixedSize } from './describe/build.ts';
import type { Extent, FieldData, Fields, Item, Test } from './describe/field.ts';
import type { MessageDescription } from './describe/message-description.ts';

/** Every message as tables of Markdown, from the descriptions alone: what `protocol/MESSAGES.md` holds. */
export function documentMessages(): string {
  const head = [
    '# Messages',
    '',
    'Made from the descriptions by `npx busguard explain --tables > protocol/MESSAGES.md`; a test keeps it true. Lists and',
    'parts are indented under their name; `*` may be missing at the end of a body. Items and parameters have tables of',
    'their own at the end.',
  ];
  const tables = new Map<string, readonly Item[]>();
  const messages = descriptions.flatMap((description) => section(description, tables));
  const lists = [...tables].flatMap(([title, items]) => itemTable(title, items));
  return `${[...head, ...messages, ...lists].join('\n')}\n`;
}

function section(description: MessageDescription, tables: Map<string, readonly Item[]>): string[] {
  const { id, name, zh, direction, reply, layouts } = description;
  const way = direction === 'up' ? 'terminal to platform' : 'platform to terminal';
  const answered = reply === null ? 'no answer' : `answered by ${id4(reply)}`;
  const lines = ['', `## ${id4(id)} ${name} (${zh})`, '', `${capital(way)}; ${answered}.`];
  for (const { versions, source, variant, fields } of layouts) {
    const form = variant === undefined ? '' : ` Variant: ${variant}.`;
    lines.push('', `**${versions.join(', ')}** (${source}).${form}`);
    const rows = fieldRows(fields, 0, '', tables);
    lines.push('', ...(rows.length === 0 ? ['No body.'] : [...HEAD, ...rows]));
  }
  return lines;
}

const HEAD = ['| field | type | unit | editions | meaning |', '| --- | --- | --- | --- | --- |'];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const cell = (text: string) => text.replaceAll('|', '\\|');

function fieldRows(
  fields: Fields,
  depth: number,
  only: string,
  tables: Map<string, readonly Item[]>,
): string[] {
  return fields.flatMap((field): string[] => {
    if (field.kind === 'when') {
      const condition = `if ${field.field} ${testText(field.test)}`;
      return fieldRows(field.fields, depth, join(only, condition, editions(field)), tables);
    }
    const name = field.kind === 'count' ? `(count of ${field.of})` : field.name;
    const optional = 'absent' in field && field.absent !== undefined ? ' *' : '';
    const unit = 'unit' in field ? (field.unit ?? '') : field.kind === 'coordinate' ? '°' : '';
    const meaning = join(only, meaningOf(field), 'note' in field ? (field.note ?? '') : '');
    const row = `| ${'&emsp;'.repeat(depth)}${name}${optional} | ${cell(typeOf(field))} | ${unit} | ${editions(field)} | ${cell(meaning)} |`;
    if (field.kind === 'items') {
      tables.set(field.form === 'list' ? 'Parameters' : 'Items of a location', field.items);
      return [row];
    }
    if (field.kind === 'choice') {
      return [
        row,
        ...Object.entries(field.cases).flatMap(([code, inner]) =>
          fieldRows(inner, depth + 1, `if ${field.on} is ${code}`, tables),
        ),
      ];
    }
    const inner = field.kind === 'struct' || (field.kind === 'list' && !field.single);
    return inner ? [row, ...fieldRows(field.fields, depth + 1, '', tables)] : [row];
  });
}

const join = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('; ');

function editions(field: { readonly since?: string; readonly until?: string }): string {
  if (field.since !== undefined && field.until !== undefined)
    return field.since === field.until ? `${field.since} only` : `${field.since} to ${field.until}`;
  if (field.since !== undefined) return `since ${field.since}`;
  return field.until === undefined ? '' : `until ${field.until}`;
}

function testText(test: Test): string {
  if ('bit' in test) return `has bit ${test.bit} ${(test.is ?? 1) === 1 ? 'set' : 'clear'}`;
  const [word, codes] = 'equals' in test ? ['is', test.equals] : ['is not', test.not];
  return `${word} ${codes.join(' or ')}`;
}

const INTEGERS = { 1: 'BYTE', 2: 'WORD', 3: '3 bytes', 4: 'DWORD' } as const;

function typeOf(field: Exclude<FieldData, { kind: 'when' }>): string {
  switch (field.kind) {
    case 'number': {
      const scaled = field.scale === undefined ? '' : ` / ${field.scale}`;
      const shifted = field.bias === undefined ? '' : ` - ${field.bias}`;
      return `${field.signed ? 'signed ' : ''}${INTEGERS[field.size]}${scaled}${shifted}`;
    }
    case 'bits':
      return `${INTEGERS[field.size]} of bits`;
    case 'count':
      return INTEGERS[field.size];
    case 'coordinate':
      return 'DWORD / 1000000';
    case 'time':
      return `BCD[${fixedSize(field)}] ${field.form}`;
    case 'digits':
      return `BCD[${field.bytes}]${field.scale === undefined ? '' : ` / ${field.scale}`}`;
    case 'text':
      return `STRING, ${extentText(field.extent)}`;
    case 'bytes':
      return `bytes, ${extentText(field.extent)}`;
    case 'struct':
      return field.extent === null ? 'group' : `group, ${extentText(field.extent)}`;
    case 'list':
      return listType(field);
    case 'choice':
      return `by ${field.on}, ${extentText(field.extent)}`;
    case 'items':
      return field.form === 'list' ? 'parameters' : 'items to the end';
  }
}

function listType(field: Extract<FieldData, { kind: 'list' }>): string {
  const [first] = field.fields;
  const of = field.single && first !== undefined && first.kind !== 'when' ? ` of ${typeOf(first)}` : '';
  const framed =
    field.entryLength === undefined ? '' : `, each after its length (${INTEGERS[field.entryLength]})`;
  if (field.count === 'rest') return `list${of} to the end${framed}`;
  if ('prefix' in field.count) return `list${of} after its count (${INTEGERS[field.count.prefix]})${framed}`;
  return 'times' in field.count ? `list${of} of ${field.count.times}` : `list${of}, counted before${framed}`;
}

function extentText(extent: Extent): string {
  if (extent === 'rest') return 'to the end';
  if (typeof extent === 'number') return `${extent} bytes`;
  const gap = extent.gap === undefined ? '' : ` and ${extent.gap} reserved`;
  return `after its length (${INTEGERS[extent.prefix]}${gap})`;
}

function meaningOf(field: Exclude<FieldData, { kind: 'when' }>): string {
  if (field.kind === 'bits') return bitText(field.bits);
  if (field.kind === 'bytes' && field.unzipped !== undefined)
    return `GZIP, unpacked as ${field.unzipped.name}`;
  if (field.kind === 'list' && field.single) {
    const [only] = field.fields;
    return only === undefined || only.kind === 'when' ? '' : meaningOf(only);
  }
  if (field.kind !== 'number') return '';
  const labels = Object.entries(field.labels ?? {}).map(([code, meaning]) => `${code} ${meaning}`);
  const none = field.none === undefined ? [] : [`0x${field.none.toString(16).toUpperCase()} none`];
  const views = (field.views ?? []).map((view) => `as ${view.name}: ${bitText(view.bits)}`);
  return join([...labels, ...none].join(', '), ...views);
}

function bitText(bits: readonly { readonly bit: number; readonly name: string }[]): string {
  return bits.map(({ bit, name }) => `${bit} ${name}`).join(', ');
}

function itemTable(title: string, items: readonly Item[]): string[] {
  const nested = new Map<string, readonly Item[]>();
  const idOf = (item: Item) => {
    const id = title === 'Parameters' ? id4 : id2;
    return item.last === undefined ? id(item.id) : `${id(item.id)} to ${id(item.last)}`;
  };
  return [
    '',
    `## ${title}`,
    ...items.flatMap((item) => [
      '',
      `**${idOf(item)}** (${item.source})`,
      '',
      ...HEAD,
      ...fieldRows([item.field], 0, '', nested),
    ]),
  ];
}
