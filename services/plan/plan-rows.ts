import { AMENDMENT_FILES } from '../../geo/plan/amendments/read-amendments.ts';
import { FENCES_FILE } from '../../geo/plan/read-fences.ts';
import { SHAPES } from '../../geo/plan/read-network.ts';
import type { FileDiff } from '../store/store.ts';
import { readRows, writeRows } from './amendment-rows.ts';
import { readFenceRows, writeFenceRows } from './fence-rows.ts';
import { readLineRows, writeLineRows } from './line-rows.ts';
import { isRegisterFile, keyOfRow, readRegisterRows, writeRegisterRows } from './register-rows.ts';

/** One row of a plan file as people change it: text by column. A fence is one row, and so is the line of a shape. */
export type PlanRow = { readonly [column: string]: string };

/** The rows of a file, in its order. Rejects files that are not changed row by row. */
export function rowsOf(file: string, text: string | undefined): PlanRow[] {
  if (AMENDMENT_FILES.includes(file)) return readRows(file, text);
  if (file === FENCES_FILE) return readFenceRows(text);
  if (file === SHAPES.file) return readLineRows(text);
  return readRegisterRows(known(file), text);
}

/** The file of these rows. What `before` says that no row does (columns nobody reads, members of GeoJSON) stays. */
export function textOf(file: string, rows: readonly PlanRow[], before: string | undefined): string {
  if (AMENDMENT_FILES.includes(file)) return writeRows(file, rows);
  if (file === FENCES_FILE) return writeFenceRows(rows, before);
  if (file === SHAPES.file) return writeLineRows(rows, before);
  return writeRegisterRows(known(file), rows, before);
}

/** Names the row among those of its file. */
export function keyOf(file: string, row: PlanRow): string {
  if (AMENDMENT_FILES.includes(file) || file === FENCES_FILE) return row.id ?? '';
  if (file === SHAPES.file) return row.shape_id ?? '';
  return keyOfRow(known(file), row);
}

/**
 * What became of the rows, by key; a row that changed was taken out and put in. Rows that are the same objects before
 * and after are not looked into.
 */
export function diffRows(file: string, before: readonly PlanRow[], after: readonly PlanRow[]): FileDiff {
  const gone = without(before, new Set(after));
  const come = without(after, new Set(before));
  const was = said(file, gone);
  const is = said(file, come);
  const differs = (row: PlanRow) => is.get(keyOf(file, row)) !== was.get(keyOf(file, row));
  return { file, removed: gone.filter(differs).map(filled), added: come.filter(differs).map(filled) };
}

const without = (rows: readonly PlanRow[], others: ReadonlySet<PlanRow>): PlanRow[] =>
  rows.filter((row) => !others.has(row));

const said = (file: string, rows: readonly PlanRow[]): Map<string, string> =>
  new Map(rows.map((row) => [keyOf(file, row), JSON.stringify(filled(row))]));

/** Without the cells that hold nothing, in one order whoever wrote it. */
const filled = (row: PlanRow): PlanRow =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

function known(file: string): string {
  if (!isRegisterFile(file)) throw new Error(`${file} is not changed row by row`);
  return file;
}
