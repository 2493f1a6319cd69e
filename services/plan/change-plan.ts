import type { PlanProblem } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { PLAN_CHANGED } from '../bus/subjects.ts';
import type { FileDiff, PlanStore } from '../store/store.ts';
import { buildNext } from './build-next.ts';
import type { CurrentPlan } from './current-plan.ts';
import { planVersion } from './plan-files.ts';
import { readPlanRows, writePlanRows } from './plan-row-files.ts';
import { diffRows, keyOf, type PlanRow } from './plan-rows.ts';

/** The change cannot be made: a cell of it is wrong, in which line and why. */
export class ChangeRefused extends Error {
  override readonly name = 'ChangeRefused';
  readonly problems: readonly PlanProblem[];
  /** The files as they would have been, by which lines are found again. */
  readonly files: ReadonlyMap<string, readonly PlanRow[]>;

  constructor(problems: readonly PlanProblem[], files: ReadonlyMap<string, readonly PlanRow[]>) {
    super(problems.map(({ file, line, column, reason }) => `${file}:${line} ${column} ${reason}`).join('; '));
    this.problems = problems;
    this.files = files;
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
  /** The files that `rows` asks for. */
  readonly files: readonly string[];
  /** What the rows of the files become; called anew where somebody else was first. Null changes nothing. */
  readonly rows: (
    before: (file: string) => readonly PlanRow[],
  ) => ReadonlyMap<string, readonly PlanRow[]> | null;
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
 * Changes rows of plan files and puts the version that results in force everywhere: built and checked as every plan is,
 * written against the version that was read, so that of two writers neither undoes the other. Returns the version in
 * force.
 */
export async function changePlan(
  { store, bus, plan }: Changing,
  change: Change,
): Promise<{ version: string; diff: readonly FileDiff[] }> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (tries > 0 || plan.plan === null) await plan.refresh();
    const { base, files } = plan;
    const expected = plan.plan?.version;
    if (!base || !files || expected === undefined) throw new Error('there is no plan to change');
    if (change.expected !== undefined && change.expected !== expected) throw new PlanContended();
    const read = new Map<string, readonly PlanRow[]>();
    for (const file of change.files) read.set(file, await readPlanRows(file, files.get(file)));
    const before = (file: string): readonly PlanRow[] => {
      const rows = read.get(file);
      if (!rows) throw new Error(`${file} was not said to be among the files of this change`);
      return rows;
    };
    const after = change.rows(before);
    const diff = [...(after ?? [])]
      .map(([file, rows]) => diffRows(file, before(file), rows))
      .filter(({ removed, added }) => removed.length > 0 || added.length > 0);
    if (after === null || diff.length === 0) return { version: expected, diff: [] };
    change.check?.(diff);
    const changed = new Map<string, string>();
    for (const { file } of diff)
      changed.set(file, await writePlanRows(file, after.get(file) ?? [], files.get(file)));
    const next = new Map([...files, ...changed]);
    const version = planVersion(next);
    const result = await buildNext({ base, files }, next, version);
    if (!result.ok) throw new ChangeRefused(result.problems, after);
    const saving = { expected, by: change.by, diff };
    if (!(await store.plans.amend(version, changed, change.note, saving))) continue;
    bus.publish(PLAN_CHANGED, { version });
    await plan.refresh();
    return { version, diff };
  }
  throw new PlanContended();
}

/** The change that takes another back, as far as nobody changed the same rows since; null where somebody did. */
export function undoing(diffs: readonly FileDiff[]): Pick<Change, 'files' | 'rows'> {
  return {
    files: diffs.map(({ file }) => file),
    rows(before) {
      const files = new Map<string, readonly PlanRow[]>();
      for (const { file, removed, added } of diffs) {
        const rows = before(file);
        const key = (row: PlanRow) => keyOf(file, row);
        const taken = new Set(added.map(key));
        const present = rows.filter((row) => taken.has(key(row)));
        const { added: foreign } = diffRows(file, added, present);
        if (present.length !== added.length || foreign.length > 0) return null;
        const back = new Map(removed.map((row) => [key(row), row]));
        // A row that was changed goes back to where it stands.
        const rest = rows.flatMap((row) => {
          if (!taken.has(key(row))) return [row];
          const was = back.get(key(row));
          back.delete(key(row));
          return was ? [was] : [];
        });
        const keys = new Set(rest.map(key));
        if ([...back.keys()].some((one) => keys.has(one))) return null;
        files.set(file, [...rest, ...back.values()]);
      }
      return files;
    },
  };
}
