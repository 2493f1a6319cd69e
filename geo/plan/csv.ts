/**
 * Reads CSV as RFC 4180 and real feeds have it: a byte order mark, any line ending, quotes, doubled quotes, line
 * breaks within quotes, spaces around cells, blank lines, rows shorter or longer than the header. Own code, because a
 * feed may have millions of rows of which a few columns matter: cells nobody asked for are never cut out.
 */
export interface CsvReader {
  /** Moves to the next row that is not blank; false at the end. */
  next(): boolean;
  /** Of the row: the wanted cells in the order asked for (all, until `want` was called), trimmed; '' where absent. */
  readonly cells: readonly string[];
  /** Of the row's first character; the first line is 1. */
  readonly line: number;
  readonly fieldCount: number;
  /** From the next row on, cut out these fields only: `fields[k]` becomes `cells[k]`. */
  want(fields: readonly number[]): void;
}

const COMMA = 44;
const QUOTE = 34;
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const BYTE_ORDER_MARK = 0xfeff;

/** `onFault` is told of a quote that never ends and of text behind a closing quote. */
export function readCsv(text: string, onFault: (line: number, reason: string) => void): CsvReader {
  const end = text.length;
  let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  let line = 1;
  let nextLine = 1;
  let fieldCount = 0;
  let cells: string[] = [];
  /** Field number to its place in `cells`, -1 for one that nobody wants; null: every field is wanted. */
  let places: Int32Array | null = null;

  return {
    get cells() {
      return cells;
    },
    get line() {
      return line;
    },
    get fieldCount() {
      return fieldCount;
    },
    want(fields) {
      places = new Int32Array(Math.max(0, ...fields.map((field) => field + 1))).fill(-1);
      fields.forEach((field, place) => {
        if (places && field >= 0) places[field] = place;
      });
      cells = fields.map(() => '');
    },
    next() {
      while (at < end) if (readRow()) return true;
      return false;
    },
  };

  /** Reads one line; false if it was blank. */
  function readRow(): boolean {
    line = nextLine;
    fieldCount = 0;
    if (places) cells.fill('');
    else cells = [];
    const start = at;
    for (;;) {
      const first = at < end ? text.charCodeAt(at) : LF;
      if (first === QUOTE) readQuoted();
      else readPlain();
      fieldCount++;
      if (at >= end) break;
      const delimiter = text.charCodeAt(at++);
      if (delimiter === COMMA) continue;
      if (delimiter === CR && text.charCodeAt(at) === LF) at++;
      nextLine++;
      break;
    }
    return fieldCount > 1 || !isBlank(start, at);
  }

  function readPlain(): void {
    const start = at;
    let code = 0;
    while (at < end) {
      code = text.charCodeAt(at);
      if (code === COMMA || code === LF || code === CR) break;
      at++;
    }
    if (isWanted()) keep(trimmed(start, at));
  }

  function readQuoted(): void {
    const startLine = nextLine;
    let from = at + 1;
    let cell = '';
    for (;;) {
      const close = text.indexOf('"', from);
      if (close < 0) {
        onFault(startLine, 'a quote opens here and never closes');
        countLines(from, end);
        at = end;
        return;
      }
      countLines(from, close);
      if (text.charCodeAt(close + 1) === QUOTE) {
        cell += text.slice(from, close + 1);
        from = close + 2;
        continue;
      }
      cell += text.slice(from, close);
      at = close + 1;
      break;
    }
    const behind = at;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === COMMA || code === LF || code === CR) break;
      at++;
    }
    if (trimmed(behind, at) !== '') onFault(startLine, 'text behind a closing quote');
    if (isWanted()) keep(cell.trim());
  }

  function isWanted(): boolean {
    return places === null || (fieldCount < places.length && places[fieldCount]! >= 0);
  }

  function keep(cell: string): void {
    if (places) cells[places[fieldCount]!] = cell;
    else cells.push(cell);
  }

  function trimmed(from: number, to: number): string {
    // Nearly every cell has nothing to trim, and `trim` costs as much as the rest.
    if (from === to) return '';
    const cut = text.slice(from, to);
    const [a, b] = [text.charCodeAt(from), text.charCodeAt(to - 1)];
    return a <= SPACE || b <= SPACE || a > 127 || b > 127 ? cut.trim() : cut;
  }

  function countLines(from: number, to: number): void {
    for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) nextLine++;
  }

  function isBlank(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code !== SPACE && code !== TAB && code !== CR && code !== LF) return false;
    }
    return true;
  }
}
