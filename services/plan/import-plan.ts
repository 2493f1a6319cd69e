import { buildPlan } from '../../geo/plan/build-plan.ts';
import { readCsv } from '../../geo/plan/csv.ts';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { PLAN_CHANGED } from '../bus/subjects.ts';
import type { PlanStore } from '../store/store.ts';
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

interface Import {
  readonly files: PlanFiles;
  readonly store: { readonly plans: PlanStore };
  readonly bus: Bus;
  /** Who imported it, or what for; kept with the version. */
  readonly note: string;
}

/** Makes these files the plan in force everywhere, if they build one; otherwise changes nothing and says why. */
export async function importPlan(options: Import): Promise<ImportResult> {
  const result = checkPlan(options.files);
  if (result.ok) await putInForce({ ...options, version: result.version });
  return result;
}

/** The second half of `importPlan`, for files that were checked already. */
export async function putInForce({ files, version, store, bus, note }: Import & { version: string }) {
  await store.plans.save(version, files, note);
  bus.publish(PLAN_CHANGED, { version });
}

/** What importing these files would say. */
export function checkPlan(files: PlanFiles): ImportResult {
  const version = planVersion(files);
  const result = buildPlan(files, version);
  if (!result.ok) return result;
  return { ok: true, version, counts: countRows(files), warnings: result.warnings };
}

function countRows(files: PlanFiles): { [file: string]: number } {
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
