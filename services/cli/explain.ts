import { createInterface } from 'node:readline';
import { documentMessages } from '../../protocol/jt808/document.ts';
import type { ExplainedField, Explanation } from '../../protocol/jt808/explain.ts';
import { explainLine } from '../../protocol/jt808/explain-line.ts';
import type { Verb } from './verb.ts';

/** Bytes shown on one line. */
const BYTES_A_LINE = 12;

export const verb: Verb = {
  summary: 'take JT/T 808 frames apart: field by field, with offsets, bytes, values, units and tables',
  help: `busguard explain [HEX...] < frames.txt

Takes each frame (arguments, or lines of stdin; hex, spaces allowed, with or without the 7e flags) apart field by
field: offset in the unescaped frame, raw bytes, name, value, unit, meaning, and the table of the standard.

  --version 2011|2013   which edition to prefer under the header that both share (default 2013)
  --tables              prints the tables of all messages instead, as Markdown
  --json                one JSON object per frame instead
  --color, --no-color   colours whether or not stdout is a terminal (NO_COLOR is honoured)

Exit code: 0 if every frame could be decoded, 1 if not.`,
  async run(args) {
    const options = readArguments(args);
    if (typeof options === 'string') {
      process.stderr.write(`explain: ${options}; see busguard explain --help\n`);
      return 2;
    }
    if (options.tables) {
      process.stdout.write(documentMessages());
      return 0;
    }
    let bad = 0;
    const lines =
      options.frames.length > 0
        ? options.frames
        : createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      if (line.trim() === '') continue;
      const { bytes: _, ...explanation } = explainLine(line, { version: options.version });
      if (explanation.fault !== null) bad++;
      process.stdout.write(
        options.json ? `${JSON.stringify(explanation)}\n` : renderExplanation(explanation, options.color),
      );
    }
    return bad === 0 ? 0 : 1;
  },
};

interface Options {
  readonly version: '2011' | '2013';
  readonly json: boolean;
  readonly tables: boolean;
  readonly color: boolean;
  readonly frames: readonly string[];
}

function readArguments(args: readonly string[]): Options | string {
  let version: '2011' | '2013' = '2013';
  let json = false;
  let tables = false;
  let color = process.stdout.isTTY === true && process.stdout.hasColors();
  const frames: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--version') {
      const value = args[++i];
      if (value !== '2011' && value !== '2013') return `--version takes 2011 or 2013, not ${value}`;
      version = value;
    } else if (arg === '--json') json = true;
    else if (arg === '--tables') tables = true;
    else if (arg === '--color') color = true;
    else if (arg === '--no-color') color = false;
    else if (arg.startsWith('--')) return `unknown argument ${arg}`;
    else frames.push(arg);
  }
  return { version, json, tables, color, frames };
}

const STYLES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

/** The table of one frame as text; `color` with ANSI colours. */
export function renderExplanation(explanation: Explanation, color: boolean): string {
  const paint = (style: keyof typeof STYLES, text: string) =>
    color && text !== '' ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  const { fields } = explanation;
  const nameWidth = Math.max(4, ...fields.map((field) => width(field.path)));
  const valueWidth = Math.min(34, Math.max(5, ...fields.map((field) => width(valueText(field)))));
  const lines = [
    paint('bold', explanation.title) + paint('dim', explanation.source && `  ${explanation.source}`),
  ];
  let source = '';
  for (const field of fields) {
    const [first = '', ...rest] = byteLines(field.hex);
    const named = field.source !== source && field.source !== explanation.source ? field.source : '';
    source = field.source;
    const pathStyle = field.path.startsWith('(') ? 'dim' : 'cyan';
    const wrong = field.meaning.startsWith('wrong');
    lines.push(
      [
        paint('dim', String(field.offset).padStart(5)),
        paint('blue', first.padEnd(BYTES_A_LINE * 3 - 1)),
        paint(pathStyle, pad(field.path, nameWidth)),
        paint('green', pad(valueText(field), valueWidth)),
        paint(wrong ? 'red' : 'yellow', field.meaning) +
          paint('dim', named && `${field.meaning && '  '}[${named}]`),
      ]
        .join('  ')
        .trimEnd(),
      ...rest.map((more) => `       ${paint('blue', more)}`),
    );
  }
  for (const warning of explanation.warnings) lines.push(paint('yellow', `  warning  ${warning}`));
  if (explanation.fault !== null) lines.push(paint('red', `  fault    ${explanation.fault}`));
  return `${lines.join('\n')}\n\n`;
}

function valueText(field: ExplainedField): string {
  if (field.value === null || field.value === undefined) return field.path.startsWith('(') ? '' : 'none';
  const text = typeof field.value === 'object' ? JSON.stringify(field.value) : String(field.value);
  const shown = width(text) > 60 ? `${text.slice(0, 57)}...` : text;
  return field.unit === '' ? shown : `${shown} ${field.unit}`;
}

function byteLines(digits: string): string[] {
  const bytes = digits.match(/../g) ?? [];
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += BYTES_A_LINE) lines.push(bytes.slice(i, i + BYTES_A_LINE).join(' '));
  if (lines.length <= 6) return lines;
  return [...lines.slice(0, 5), `... ${bytes.length - 5 * BYTES_A_LINE} more bytes`];
}

/** Columns of a terminal: Chinese characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return columns;
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}
