import { setImmediate as breath } from 'node:timers/promises';
import { AMENDMENT_FILES } from '../../geo/plan/amendments/read-amendments.ts';
import {
  amendPlan,
  buildPlanInSteps,
  type PlanBase,
  REGISTER_FILES,
  rebuildRegisters,
} from '../../geo/plan/build-plan.ts';
import type { PlanFiles, PlanResult } from '../../geo/plan/plan.ts';
import type { Steps } from '../../geo/plan/table.ts';

/** A plan and what it was built from. */
export interface BuiltPlan {
  readonly files: PlanFiles;
  readonly base: PlanBase;
}

/** What had to be built anew. */
export type BuildKind = 'amendments' | 'registers' | 'all';

/** Other work has its turn at least this often while a plan is built. */
const TURN_MS = 10;

/** The one built last: whoever checks a version before it is put in force has built it for this process too. */
let last: { readonly version: string; readonly result: PlanResult & { readonly ok: true } } | null = null;

/**
 * Builds the plan of these files, in turns with everything else that this process does: terminals are heard and
 * answered meanwhile. Of what differs from `from` nothing is built again that need not be.
 */
export async function buildNext(
  from: BuiltPlan | null,
  files: PlanFiles,
  version: string,
): Promise<PlanResult> {
  if (last?.version === version) return last.result;
  const result = await inTurns(stepsOf(from, files, version));
  if (result.ok) last = { version, result };
  return result;
}

/** What a change of the files asks to be built anew. */
export function buildKind(before: PlanFiles | null, after: PlanFiles): BuildKind {
  if (before === null) return 'all';
  let kind: BuildKind = 'amendments';
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(name) === after.get(name) || AMENDMENT_FILES.includes(name)) continue;
    if (!REGISTER_FILES.includes(name)) return 'all';
    kind = 'registers';
  }
  return kind;
}

function stepsOf(from: BuiltPlan | null, files: PlanFiles, version: string): Steps<PlanResult> {
  const kind = buildKind(from?.files ?? null, files);
  if (from === null || kind === 'all') return buildPlanInSteps(files, version);
  if (kind === 'registers') return rebuildRegisters(from.base, files, version);
  return oneStep(() => amendPlan(from.base, files, version));
}

// biome-ignore lint/correctness/useYield: what takes a moment has no steps
function* oneStep<T>(work: () => T): Steps<T> {
  return work();
}

async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let turn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - turn < TURN_MS) continue;
    await breath();
    turn = performance.now();
  }
}
