import { buildPlan, type PlanBase } from '../../geo/plan/build-plan.ts';
import { readCsv } from '../../geo/plan/csv.ts';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { PLAN_CHANGED } from '../bus/subjects.ts';
import type { PlanStore } from '../store/store.ts';
import { carryOver } from './carry-over.ts';
import { planVersion } from './plan-files.ts';

export type ImportResult =
  | {
      readonly ok: true;
      readonly version: string;
      /** Rows or features of each file, by its name without the ending. */
      readonly counts: { readonly [file: string]: number };
      readonly warnings: readonly PlanProblem[];
    }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

export type CheckResult =
  | (ImportResult & { readonly ok: true; readonly base: PlanBase })
  | (ImportResult & { readonly ok: false });

interface Import {
  readonly files: PlanFiles;
  readonly store: { readonly plans: PlanStore };
  readonly bus: Bus;
  /** What for; kept with the version. */
  readonly note: string;
  readonly by?: string;
  /** Milliseconds since the epoch: dispatch of today and later outlives an import. */
  readonly now?: number;
}

/** Makes these files the plan in force everywhere, if they build one; otherwise changes nothing and says why. */
export async function importPlan(options: Import): Promise<ImportResult> {
  const checked = checkPlan(options.files);
  return checked.ok ? putInForce(options, checked) : checked;
}

const MOST_TRIES = 8;

/**
 * The second half of `importPlan`, for files that were checked already. Amendments that the files do not speak of, and
 * dispatch from today on, stay as they are in force, as far as they fit the new plan.
 */
export async function putInForce(
  { files, store, bus, note, by, now = Date.now() }: Import,
  checked: CheckResult & { readonly ok: true },
): Promise<ImportResult> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const current = await store.plans.current();
    const carried = current ? carryOver(files, current.files, checked.base, now) : { files, warnings: [] };
    const version = planVersion(carried.files);
    const expected = current?.version ?? null;
    if (!(await store.plans.save(version, carried.files, note, { expected, by: by ?? null }))) continue;
    bus.publish(PLAN_CHANGED, { version });
    const warnings = [...checked.warnings, ...carried.warnings];
    return { ok: true, version, counts: countRows(carried.files), warnings };
  }
  throw new Error('the plan in force kept changing while another was imported');
}

/** What importing these files would say. */
export function checkPlan(files: PlanFiles): CheckResult {
  const version = planVersion(files);
  const result = buildPlan(files, version);
  if (!result.ok) return result;
  return { ok: true, version, counts: countRows(files), warnings: result.warnings, base: result.base };
}

export function countRows(files: PlanFiles): { [file: string]: number } {
  const counts: { [file: string]: number } = {};
  for (const [file, text] of files) {
    const name = file.replace(/\.\w+$/, '');
    counts[name] = file.endsWith('.geojson') ? countFeatures(text) : countCsvRows(text);
  }
  return counts;
}

function countFeatures(text: string): number {
  const collection: { features: unknown[] } = JSON.parse(text);
  return collection.features.length;
}

function countCsvRows(text: string): number {
  const csv = readCsv(text, () => undefined);
  let rows = -1;
  csv.want([]);
  while (csv.next()) rows++;
  return Math.max(rows, 0);
}
