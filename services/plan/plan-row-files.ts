import { type PlanRow, rowsOf, textOf } from './plan-rows.ts';
import { inPlanThread } from './plan-thread.ts';

/** Characters of a file beyond which its rows are read and written in a thread: this many take about 10 ms. */
const LARGE_TEXT = 1024 * 1024;

/** Of each file the text that was read last, with its rows: lists are asked for far more often than files change. */
const kept = new Map<string, { readonly text: string; readonly rows: readonly PlanRow[] }>();

/** The rows of a plan file; they are shared and must not be changed. */
export async function readPlanRows(file: string, text: string | undefined): Promise<readonly PlanRow[]> {
  if (text === undefined) return [];
  const known = kept.get(file);
  if (known?.text === text) return known.rows;
  const rows =
    text.length <= LARGE_TEXT ? rowsOf(file, text) : await inPlanThread({ type: 'rows', file, text });
  kept.set(file, { text, rows });
  return rows;
}

/** The text of a file of these rows. */
export async function writePlanRows(
  file: string,
  rows: readonly PlanRow[],
  before: string | undefined,
): Promise<string> {
  return (before?.length ?? 0) <= LARGE_TEXT
    ? textOf(file, rows, before)
    : inPlanThread({ type: 'text', file, rows, before });
}
