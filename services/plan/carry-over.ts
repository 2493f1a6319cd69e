import { DISPATCH } from '../../geo/plan/amendments/dispatch.ts';
import { AMENDMENT_FILES } from '../../geo/plan/amendments/read-amendments.ts';
import { amendPlan, type PlanBase } from '../../geo/plan/build-plan.ts';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import { zoneClock } from '../../geo/plan/time-zone.ts';
import { type AmendmentRow, readRows, rowIdAt, writeRows } from './amendment-rows.ts';

/** Rounds in which rows that fit no more are left out; one of them may be what another refers to. */
const MOST_ROUNDS = 8;

/**
 * The files of a new plan with the amendments in force that it does not speak of: all of a file that it has not, and of
 * dispatch the rows from today on. Rows that do not fit the new plan are left out, with a warning each.
 */
export function carryOver(
  files: PlanFiles,
  inForce: PlanFiles,
  base: PlanBase,
  now: number,
): { files: PlanFiles; warnings: readonly PlanProblem[] } {
  const carried = new Map<string, readonly AmendmentRow[]>();
  for (const file of AMENDMENT_FILES) {
    const kept = keptRows(file, files, inForce, base, now);
    if (kept.length > 0) carried.set(file, kept);
  }
  const warnings: PlanProblem[] = [];
  for (let round = 0; carried.size > 0 && round < MOST_ROUNDS; round++) {
    const merged = mergedFiles(files, carried);
    const result = amendPlan(base, merged, '');
    if (result.ok) return { files: merged, warnings };
    for (const { file, line, column, reason } of result.problems) {
      const id = rowIdAt(file, merged.get(file) ?? '', line);
      const rows = carried.get(file) ?? [];
      if (!rows.some((row) => row.id === id)) continue;
      carried.set(
        file,
        rows.filter((row) => row.id !== id),
      );
      const said = `row ${id}, in force until now, is left out: ${reason}`;
      warnings.push({ file, line: 0, column, reason: said });
    }
  }
  return { files, warnings };
}

function keptRows(
  file: string,
  files: PlanFiles,
  inForce: PlanFiles,
  base: PlanBase,
  now: number,
): AmendmentRow[] {
  const rows = readRows(file, inForce.get(file));
  if (!files.has(file)) return rows;
  if (file !== DISPATCH.file) return [];
  const today = zoneClock(base.plan.timeZone).localTime(now).date;
  const own = new Set(readRows(file, files.get(file)).map((row) => row.id));
  return rows.filter((row) => (row.service_date ?? '').replaceAll('-', '') >= today && !own.has(row.id));
}

function mergedFiles(files: PlanFiles, carried: ReadonlyMap<string, readonly AmendmentRow[]>): PlanFiles {
  const merged = new Map(files);
  for (const [file, rows] of carried)
    if (rows.length > 0) merged.set(file, writeRows(file, [...readRows(file, files.get(file)), ...rows]));
  return merged;
}
