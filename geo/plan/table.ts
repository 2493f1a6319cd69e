import { parseDate, parseDecimal, parseInteger, parseList, parseTime } from './cells.ts';
import { type CsvReader, readCsv } from './csv.ts';
import type { PlanFiles } from './plan.ts';
import { type ProblemList, quoted } from './problems.ts';

/** What the readers of single files share: the files, and where to say what is wrong with them. */
export interface PlanSource {
  readonly files: PlanFiles;
  /** Any of these and there is no plan. */
  readonly problems: ProblemList;
  /** Worth a look; the plan stands. */
  readonly warnings: ProblemList;
}

/** The columns of one file that are read; others are passed over. */
export interface Table<C extends string> {
  readonly file: string;
  readonly required: readonly C[];
  readonly optional: readonly C[];
}

/**
 * Says which columns the file lacks; true if none. A file that is not there lacks nothing; nor does one without a line
 * where `mayBeEmpty`, as feeds have optional files.
 */
export function hasColumns(source: PlanSource, table: Table<string>, mayBeEmpty: boolean): boolean {
  const text = source.files.get(table.file);
  if (text === undefined) return true;
  const csv = readCsv(text, () => undefined);
  if (!csv.next()) {
    if (!mayBeEmpty) source.problems.add(table.file, 1, '', 'is empty; it needs a header line');
    return mayBeEmpty;
  }
  let complete = true;
  for (const column of table.required) {
    if (csv.cells.includes(column)) continue;
    source.problems.add(table.file, 1, column, 'the header lacks this column');
    complete = false;
  }
  for (const column of new Set(csv.cells)) {
    if (column === '' || csv.cells.indexOf(column) === csv.cells.lastIndexOf(column)) continue;
    source.problems.add(table.file, 1, column, 'the header names this column twice');
    complete = false;
  }
  return complete;
}

/** Calls `onRow` for each row of the file, if there is one. The row is the same object each time: take values, not the row. */
export function readTable<C extends string>(
  source: PlanSource,
  table: Table<C>,
  onRow: (row: Row<C>) => void,
): void {
  finish(readLongTable(source, table, onRow));
}

/** Work that may be laid down at each step and taken up again, so that a long one holds nobody up. */
export type Steps<T = void> = Generator<void, T, void>;

/** All of it in one go. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Rows read in one step: some milliseconds. */
const ROWS_A_STEP = 5_000;

/** As `readTable`, in steps. */
export function* readLongTable<C extends string>(
  source: PlanSource,
  table: Table<C>,
  onRow: (row: Row<C>) => void,
): Steps {
  const text = source.files.get(table.file);
  if (text === undefined) return;
  const csv = readCsv(text, (line, reason) => source.problems.add(table.file, line, '', reason));
  if (!csv.next()) return;
  const header = [...csv.cells];
  const columns = [...table.required, ...table.optional];
  csv.want(columns.map((column) => header.indexOf(column)));
  const row = new Row<C>(source, table.file, csv, columns);
  for (let rows = 1; csv.next(); rows++) {
    if (csv.fieldCount > header.length) {
      source.warnings.add(
        table.file,
        csv.line,
        '',
        `has ${csv.fieldCount} cells where the header has ${header.length}`,
      );
    }
    onRow(row);
    if (rows % ROWS_A_STEP === 0) yield;
  }
}

type Ids = { has(id: string): boolean };

/**
 * One row. Each reader of a cell says what is wrong with it and then returns a harmless value, so that a row is read to
 * its end, every fault of a file is found in one go, and no fault brings others with it.
 */
export class Row<C extends string> {
  readonly #source: PlanSource;
  readonly #file: string;
  readonly #csv: CsvReader;
  /** A plain object, which is read faster than a map; a feed has millions of cells. */
  readonly #places: { readonly [column in C]: number };

  constructor(source: PlanSource, file: string, csv: CsvReader, columns: readonly C[]) {
    this.#source = source;
    this.#file = file;
    this.#csv = csv;
    this.#places = Object.fromEntries(columns.map((column, place) => [column, place])) as {
      [column in C]: number;
    };
  }

  get line(): number {
    return this.#csv.line;
  }

  fail(column: C, reason: string): void {
    this.#source.problems.add(this.#file, this.#csv.line, column, reason);
  }

  warn(column: C, reason: string): void {
    this.#source.warnings.add(this.#file, this.#csv.line, column, reason);
  }

  text(column: C): string {
    return this.#csv.cells[this.#places[column]] ?? '';
  }

  textOrNull(column: C): string | null {
    return this.text(column) || null;
  }

  needed(column: C): string {
    const text = this.text(column);
    if (text === '') this.fail(column, 'is blank');
    return text;
  }

  /** An id that must be there and must not be taken; null where it is either, and the row can be left. */
  newId(column: C, taken: Ids): string | null {
    const id = this.needed(column);
    if (id === '') return null;
    if (!taken.has(id)) return id;
    this.fail(column, `${quoted(id)} is in the file twice`);
    return null;
  }

  /** An id that `known` must have. */
  reference(column: C, known: Ids, where: string): string {
    const id = this.needed(column);
    if (id !== '' && !known.has(id)) this.fail(column, `${quoted(id)} is not in ${where}`);
    return id;
  }

  /** As `reference`; blank is null. `known` null means that the file it would be in is not there. */
  optionalReference(column: C, known: Ids | null, where: string): string | null {
    const id = this.text(column);
    if (id === '') return null;
    if (known && !known.has(id)) this.fail(column, `${quoted(id)} is not in ${where}`);
    return id;
  }

  references(column: C, known: Ids | null, where: string): string[] {
    const ids = parseList(this.text(column));
    for (const id of ids) if (known && !known.has(id)) this.fail(column, `${quoted(id)} is not in ${where}`);
    return ids;
  }

  integer(column: C, min: number, max: number): number {
    const value = this.optionalInteger(column, min, max);
    if (value === null && this.text(column) === '') this.fail(column, 'is blank');
    return value ?? min;
  }

  optionalInteger(column: C, min: number, max: number): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const value = parseInteger(text);
    if (value !== null && value >= min && value <= max) return value;
    this.fail(column, `${quoted(text)} is not a whole number from ${min} to ${max}`);
    return null;
  }

  decimal(column: C, min: number, max: number): number {
    const text = this.needed(column);
    const value = parseDecimal(text);
    if (value !== null && value >= min && value <= max) return value;
    if (text !== '') this.fail(column, `${quoted(text)} is not a number from ${min} to ${max}`);
    return min;
  }

  /** WGS-84 degrees from two columns, as [lon, lat]. */
  place(lonColumn: C, latColumn: C): readonly [number, number] {
    const lon = this.decimal(lonColumn, -180, 180);
    const lat = this.decimal(latColumn, -90, 90);
    if (lon === 0 && lat === 0) this.fail(latColumn, '0, 0 lies in the ocean: the place is not filled in');
    return [lon, lat];
  }

  /** `YYYYMMDD` */
  date(column: C): string {
    const text = this.needed(column);
    return text === '' ? '' : (this.optionalDate(column) ?? '');
  }

  optionalDate(column: C): string | null {
    const text = this.text(column);
    if (text === '') return null;
    const date = parseDate(text);
    if (date === null) this.fail(column, `${quoted(text)} is not a date (YYYYMMDD or YYYY-MM-DD)`);
    return date;
  }

  /** Seconds, or null where blank. */
  time(column: C): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const seconds = parseTime(text);
    if (seconds === null) this.fail(column, `${quoted(text)} is not a time (HH:MM:SS)`);
    return seconds;
  }

  /** One of `values`; `blank` where the cell is. */
  oneOf<V extends string>(column: C, values: readonly V[], blank: V | null): V {
    const text = this.text(column);
    if (text === '' && blank !== null) return blank;
    const value = values.find((candidate) => candidate === text);
    if (value !== undefined) return value;
    const what = text === '' ? 'is blank' : `holds ${quoted(text)}`;
    this.fail(column, `${what}; it takes ${values.filter((v) => v !== '').join(', ')}`);
    return values[0]!;
  }
}
