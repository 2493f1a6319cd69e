import { AMENDMENT_ID_COLUMNS, AMENDMENT_TABLES } from '../../geo/plan/amendments/read-amendments.ts';
import { contentId } from '../../geo/plan/amendments/row-id.ts';
import { readCsv } from '../../geo/plan/csv.ts';
import type { PlanRow } from './plan-rows.ts';
import { csvText } from './register-rows.ts';

/** One row of an amendment file, by column; `id` is always there. */
export type AmendmentRow = PlanRow;

/** The rows of a file, each with its id, whether the file gives it one or not. */
export function readRows(file: string, text: string | undefined): AmendmentRow[] {
  if (text === undefined) return [];
  const csv = readCsv(text, () => undefined);
  if (!csv.next()) return [];
  const header = [...csv.cells];
  const rows: AmendmentRow[] = [];
  while (csv.next()) {
    const row = Object.fromEntries(header.map((column, i) => [column, csv.cells[i] ?? '']));
    rows.push({ ...row, id: row.id || idOf(file, row) });
  }
  return rows;
}

/** The id of the row that begins at a line, the header's being 1; null where none does. */
export function rowIdAt(file: string, text: string, line: number): string | null {
  const csv = readCsv(text, () => undefined);
  for (let row = -1; csv.next(); row++) if (csv.line === line) return readRows(file, text)[row]?.id ?? null;
  return null;
}

/** A file of these rows; columns that the table does not have stay as they are. */
export function writeRows(file: string, rows: readonly AmendmentRow[]): string {
  const columns = columnsOf(file);
  for (const row of rows)
    for (const column of Object.keys(row)) if (!columns.includes(column)) columns.push(column);
  return csvText(columns, rows);
}

/** The columns that the file is read by, its id first. */
export function columnsOf(file: string): string[] {
  const table = AMENDMENT_TABLES.find((one) => one.file === file);
  if (!table) throw new Error(`${file} is no file of amendments`);
  return ['id', ...table.required, ...table.optional.filter((column) => column !== 'id')];
}

const idOf = (file: string, row: AmendmentRow): string =>
  contentId((AMENDMENT_ID_COLUMNS[file] ?? []).map((column) => row[column] ?? ''));
