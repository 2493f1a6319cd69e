import { readCsv } from '../../geo/plan/csv.ts';
import { PLAN_TABLES } from '../../geo/plan/plan-file-names.ts';
import type { PlanRow } from './plan-rows.ts';

/** By file, the columns that name a row. */
const KEYS: { readonly [file: string]: readonly string[] } = {
  'vehicles.csv': ['vehicle_id'],
  'permits.csv': ['permit_no'],
  'people.csv': ['person_id'],
  'schools.csv': ['school_id'],
  'duties.csv': ['service_date', 'service_id', 'trip_id', 'vehicle_id'],
  'riders.csv': ['rider_id', 'trip_id'],
  'routes.txt': ['route_id'],
  'stops.txt': ['stop_id'],
  'calendar.txt': ['service_id'],
  'calendar_dates.txt': ['service_id', 'date'],
};

export const isRegisterFile = (file: string): boolean => file in KEYS;

/** The columns that the file is read by: those that name a row, those needed, and the rest. */
export function registerColumns(file: string): {
  readonly required: readonly string[];
  readonly columns: readonly string[];
} {
  const table = PLAN_TABLES.find((one) => one.file === file);
  if (!table) throw new Error(`${file} is no table of a plan`);
  const key = KEYS[file] ?? [];
  return { required: table.required, columns: [...new Set([...key, ...table.required, ...table.optional])] };
}

export function keyOfRow(file: string, row: PlanRow): string {
  return (KEYS[file] ?? []).map((column) => row[column] ?? '').join('|');
}

/** Every column of the file, also those that nobody reads. */
export function readRegisterRows(_file: string, text: string | undefined): PlanRow[] {
  if (text === undefined) return [];
  const csv = readCsv(text, () => undefined);
  if (!csv.next()) return [];
  const header = [...csv.cells];
  const rows: PlanRow[] = [];
  while (csv.next()) {
    const row: { [column: string]: string } = {};
    for (let i = 0; i < header.length; i++) row[header[i] ?? ''] = csv.cells[i] ?? '';
    rows.push(row);
  }
  return rows;
}

/** Columns keep their order; those that come new stand at the end. */
export function writeRegisterRows(
  file: string,
  rows: readonly PlanRow[],
  before: string | undefined,
): string {
  const csv = readCsv(before ?? '', () => undefined);
  const columns = csv.next() ? [...csv.cells] : [...registerColumns(file).columns];
  const have = new Set(columns);
  for (const row of rows) {
    for (const column in row) {
      if (have.has(column) || row[column] === '') continue;
      have.add(column);
      columns.push(column);
    }
  }
  return csvText(columns, rows);
}

/** RFC 4180 with line feeds. */
export function csvText(columns: readonly string[], rows: readonly PlanRow[]): string {
  const lines = [columns.map(cell).join(',')];
  for (const row of rows) lines.push(columns.map((column) => cell(row[column] ?? '')).join(','));
  return `${lines.join('\n')}\n`;
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
