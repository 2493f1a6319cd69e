import { amendPlan } from '../../geo/plan/build-plan.ts';
import type { PlanProblem } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { PLAN_CHANGED } from '../bus/subjects.ts';
import type { FileDiff, PlanStore } from '../store/store.ts';
import { type AmendmentRow, diffRows, readRows, writeRows } from './amendment-rows.ts';
import type { CurrentPlan } from './current-plan.ts';
import { planVersion } from './plan-files.ts';

/** The change cannot be made: a cell of it is wrong, in which line and why. */
export class AmendmentRefused extends Error {
  override readonly name = 'AmendmentRefused';
  readonly problems: readonly PlanProblem[];

  constructor(problems: readonly PlanProblem[]) {
    super(problems.map(({ file, line, column, reason }) => `${file}:${line} ${column} ${reason}`).join('; '));
    this.problems = problems;
  }
}

/** Others kept changing the plan first. */
export class PlanContended extends Error {
  override readonly name = 'PlanContended';
}

export interface Changing {
  readonly store: { readonly plans: PlanStore };
  readonly bus: Bus;
  readonly plan: CurrentPlan;
}

export interface Change {
  /** What the rows of the files become; called anew where somebody else was first. Null changes nothing. */
  readonly rows: (
    before: (file: string) => readonly AmendmentRow[],
  ) => ReadonlyMap<string, readonly AmendmentRow[]> | null;
  /** `user_id` or login of whoever changes it. */
  readonly by: string;
  readonly note: string;
  /** Refused where another version is in force. */
  readonly expected?: string;
  /** Throws where this may not be done. */
  readonly check?: (diffs: readonly FileDiff[]) => void;
}

const MOST_TRIES = 8;

/**
 * Changes rows of amendments and puts the version that results in force everywhere: checked as every plan is, written
 * against the version that was read, so that of two writers neither undoes the other. Returns the version in force.
 */
export async function changeAmendments(
  { store, bus, plan }: Changing,
  change: Change,
): Promise<{ version: string; diff: readonly FileDiff[] }> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (tries > 0 || plan.plan === null) await plan.refresh();
    const { base, files } = plan;
    const expected = plan.plan?.version;
    if (!base || !files || expected === undefined) throw new Error('there is no plan to amend');
    if (change.expected !== undefined && change.expected !== expected) throw new PlanContended();
    const before = (file: string) => readRows(file, files.get(file));
    const after = change.rows(before);
    const diff = [...(after ?? [])]
      .map(([file, rows]) => diffRows(file, before(file), rows))
      .filter(({ removed, added }) => removed.length > 0 || added.length > 0);
    if (after === null || diff.length === 0) return { version: expected, diff: [] };
    change.check?.(diff);
    const changed = new Map(diff.map(({ file }) => [file, writeRows(file, after.get(file) ?? [])]));
    const next = new Map([...files, ...changed]);
    const version = planVersion(next);
    const result = amendPlan(base, next, version);
    if (!result.ok) throw new AmendmentRefused(result.problems);
    const saving = { expected, by: change.by, diff };
    if (!(await store.plans.amend(version, changed, change.note, saving))) continue;
    bus.publish(PLAN_CHANGED, { version });
    await plan.refresh();
    return { version, diff };
  }
  throw new PlanContended();
}

/** The change that takes another back, as far as nobody changed the same rows since; null where somebody did. */
export function undoing(
  diffs: readonly FileDiff[],
): (
  before: (file: string) => readonly AmendmentRow[],
) => ReadonlyMap<string, readonly AmendmentRow[]> | null {
  return (before) => {
    const files = new Map<string, readonly AmendmentRow[]>();
    for (const { file, removed, added } of diffs) {
      const rows = before(file);
      const taken = new Set(added.map((row) => row.id));
      const present = rows.filter((row) => taken.has(row.id ?? ''));
      const { added: foreign } = diffRows(file, added, present);
      if (present.length !== added.length || foreign.length > 0) return null;
      const rest = rows.filter((row) => !taken.has(row.id ?? ''));
      if (removed.some((row) => rest.some((one) => one.id === row.id))) return null;
      files.set(file, [...rest, ...removed]);
    }
    return files;
  };
}
