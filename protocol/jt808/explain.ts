import { messageName } from './catalogue.ts';
import { hex, id2, id4 } from './compile/bytes.ts';
import { ReadContext } from './compile/read-context.ts';
import type { DecodeOptions } from './decode.ts';
import { decodeBody } from './decode-body.ts';
import type { FieldData, Fields } from './describe/field.ts';
import { xor } from './frame/escape.ts';
import { decodeHeader, type Header } from './frame/header.ts';

/** One field of a frame, with its bytes. */
export interface ExplainedField {
  /** In the unescaped frame; the header begins at 0. */
  readonly offset: number;
  readonly hex: string;
  /** `lat`, `extras.mileageKm`, `items[1].time`; in parentheses what the JSON does not have. */
  readonly path: string;
  readonly value: unknown;
  readonly unit: string;
  /** What a code or the bits mean, and what there is to know of the field. */
  readonly meaning: string;
  /** Edition and table. */
  readonly source: string;
}

export interface Explanation {
  readonly title: string;
  readonly source: string;
  readonly fields: readonly ExplainedField[];
  readonly warnings: readonly string[];
  /** Why the frame cannot be decoded; null where it can. */
  readonly fault: string | null;
}

const HEADER_SOURCE = 'JT/T 808-2019 4.4.3';

/** Takes an unescaped frame (header, body, checksum) apart, field by field, as far as it goes. */
export function explainFrame(frame: Uint8Array, options: DecodeOptions = {}): Explanation {
  const header = decodeHeader(frame);
  if ('error' in header) {
    const fields = frame.length > 0 ? [row(frame, 0, frame.length, '(bytes)', null, '', '')] : [];
    const title =
      header.msgId === undefined ? 'no frame' : `${id4(header.msgId)} ${messageName(header.msgId)}`;
    return { title, source: '', fields, warnings: [], fault: `${header.error}: ${header.detail}` };
  }
  const sum = xor(frame, 0, frame.length - 1);
  const right = sum === frame[frame.length - 1];
  const last = row(
    frame,
    frame.length - 1,
    frame.length,
    '(checksum)',
    hex(frame, frame.length - 1),
    right
      ? 'right: XOR of everything before it'
      : `wrong: XOR of everything before it is ${hex(Uint8Array.of(sum))}`,
    'JT/T 808-2019 4.4.4',
  );
  const body = explainBody(frame, header, options);
  return {
    title: `${id4(header.msgId)} ${messageName(header.msgId)}, ${body.edition}`,
    source: body.source,
    fields: [...headerFields(frame, header), ...body.fields, last],
    warnings: [...(header.warning === null ? [] : [header.warning]), ...body.warnings],
    fault: right ? body.fault : `checksum: ${last.meaning}`,
  };
}

function row(
  frame: Uint8Array,
  start: number,
  end: number,
  path: string,
  value: unknown,
  meaning: string,
  source: string,
  unit = '',
): ExplainedField {
  return { offset: start, hex: hex(frame, start, end), path, value, unit, meaning, source };
}

function headerFields(frame: Uint8Array, header: Header): ExplainedField[] {
  const long = header.version === '2019';
  const attributes = (frame[2]! << 8) | frame[3]!;
  const at = (start: number, size: number, path: string, value: unknown, meaning = '', unit = '') =>
    row(frame, start, start + size, path, value, meaning, HEADER_SOURCE, unit);
  const serialAt = long ? 15 : 10;
  const bits = [
    `body of ${attributes & 0x3ff} bytes`,
    header.encryption === 0 ? 'not encrypted' : `encryption ${header.encryption}`,
    ...(header.parts > 0 ? ['one of several packets'] : []),
    ...((attributes & 0x4000) !== 0 ? ['version flag (2019)'] : []),
    ...((attributes & 0x8000) !== 0 ? ['reserved bit 15'] : []),
  ];
  return [
    at(0, 2, 'msgId', id4(header.msgId), messageName(header.msgId)),
    at(2, 2, '(attributes)', attributes, bits.join(', ')),
    ...(long ? [at(4, 1, 'protocolVersion', header.protocolVersion)] : []),
    at(long ? 5 : 4, long ? 10 : 6, 'phone', header.phone),
    at(serialAt, 2, 'serial', header.serial),
    ...(header.parts > 0
      ? [at(serialAt + 2, 2, 'parts', header.parts), at(serialAt + 4, 2, 'part', header.part, 'from 1')]
      : []),
  ];
}

interface ExplainedBody {
  readonly edition: string;
  readonly source: string;
  readonly fields: readonly ExplainedField[];
  readonly warnings: readonly string[];
  readonly fault: string | null;
}

function explainBody(frame: Uint8Array, header: Header, options: DecodeOptions): ExplainedBody {
  const whole = (why: string, fault: string | null): ExplainedBody => ({
    edition: header.version,
    source: '',
    fields:
      header.bodyEnd > header.bodyStart
        ? [row(frame, header.bodyStart, header.bodyEnd, '(body)', null, why, '')]
        : [],
    warnings: [],
    fault,
  });
  if (header.encryption !== 0)
    return whole('encrypted', 'unsupported: the body is encrypted and no key is configured');
  if (header.parts > 1) return whole(`packet ${header.part} of ${header.parts}`, null);
  const body = frame.subarray(header.bodyStart, header.bodyEnd);
  const version = header.version === '2013' && options.version === '2011' ? '2011' : header.version;
  const decoded = decodeBody(header.msgId, body, version);
  if (decoded === null) return whole('not known', `unsupported: no message ${id4(header.msgId)} is known`);
  const { layout } = decoded.layout;
  const sources = sourcesOf(layout.fields, layout.source);
  const context = new ReadContext();
  const rows: ExplainedField[] = [];
  let reached = header.bodyStart;
  context.trace = (path, start, end, value, field) => {
    const [from, to] = [header.bodyStart + start, header.bodyStart + end];
    if (from > reached) rows.push(gap(frame, reached, from, path));
    const data = field as FieldData & { name?: string };
    const final = valueAt(decoded.body, path) ?? value;
    const source = sources.get(data) ?? layout.source;
    rows.push(
      row(frame, from, to, path, final, meaningOf(data, decoded.body, path, final), source, unitOf(data)),
    );
    reached = Math.max(reached, to);
  };
  context.untrace = (at) => {
    while (rows.length > 0 && rows[rows.length - 1]!.offset >= header.bodyStart + at) rows.pop();
    reached = Math.min(reached, header.bodyStart + at);
  };
  decoded.layout.readTraced(body, 0, body.length, context);
  if (reached < header.bodyEnd) {
    const why = decoded.missing === null ? 'after the last field' : 'too few for the next field';
    rows.push(row(frame, reached, header.bodyEnd, '(left over)', null, why, ''));
  }
  return {
    edition: header.version === '2019' ? '2019' : decoded.layout.version,
    source: layout.source,
    fields: rows,
    warnings:
      layout.variant === undefined ? decoded.warnings : [`variant: ${layout.variant}`, ...decoded.warnings],
    fault: decoded.missing === null ? null : `body: too short, ${decoded.missing} is missing`,
  };
}

/** Bytes that say what follows: an item's id and length, or a length. */
function gap(frame: Uint8Array, start: number, end: number, path: string): ExplainedField {
  const bytes = frame[end - 1]!;
  const head = (path: string, meaning: string) => row(frame, start, end, path, null, meaning, '');
  if (end - start === 5) {
    return head(
      '(id, length)',
      `parameter 0x${hex(frame, start + 2, end - 1).toUpperCase()} of ${bytes} bytes`,
    );
  }
  if (end - start === 2 && /(^|\.)extras\./.test(path)) {
    return head('(id, length)', `item ${id2(frame[start]!)} of ${bytes} bytes`);
  }
  let length = 0;
  for (let i = start; i < end; i++) length = length * 256 + frame[i]!;
  return head('(length)', `${length} bytes follow`);
}

/** Items name a table of their own. */
function sourcesOf(fields: Fields, inherited: string): Map<unknown, string> {
  const found = new Map<unknown, string>();
  const visit = (field: FieldData, source: string): void => {
    found.set(field, source);
    if (field.kind === 'items') for (const item of field.items) visit(item.field, item.source);
    else if (field.kind === 'choice') {
      for (const inner of Object.values(field.cases).flat()) visit(inner, source);
    } else if ('fields' in field) for (const inner of field.fields) visit(inner, source);
  };
  for (const field of fields) visit(field, inherited);
  return found;
}

function valueAt(body: unknown, path: string): unknown {
  let value: unknown = body;
  for (const key of path.split(/[.[\]]+/)) {
    if (key === '') continue;
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function unitOf(field: FieldData): string {
  if (field.kind === 'coordinate') return '°';
  return 'unit' in field && field.unit !== undefined ? field.unit : '';
}

function meaningOf(field: FieldData, body: unknown, path: string, value: unknown): string {
  const parts: string[] = [];
  if (field.kind === 'number') {
    const label = field.labels?.[Number(value)];
    if (label !== undefined) parts.push(label);
    const around = path.includes('.') ? valueAt(body, path.replace(/\.[^.]*$/, '')) : body;
    for (const view of field.views ?? []) {
      const seen = (around as Record<string, unknown> | undefined)?.[view.name];
      parts.push(seen === undefined ? '' : spoken(seen));
    }
  }
  if ('note' in field && field.note !== undefined) parts.push(field.note);
  return parts.filter((part) => part !== '').join('; ');
}

/** Names of what is set, of an object of booleans and words or a list of names. */
function spoken(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return Object.entries(value as object)
    .filter(([, one]) => one !== false && !(Array.isArray(one) && one.length === 0))
    .map(([name, one]) => (one === true ? name : `${name} ${Array.isArray(one) ? one.join('+') : one}`))
    .join(', ');
}
