import type { PlanBase } from '../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';

/** The plan in force, swapped whole when another version is imported anywhere in the system. */
export interface CurrentPlan {
  /** Null where none was imported yet. */
  readonly plan: Plan | null;
  /** The files it was built from; null with `plan`. */
  readonly files: PlanFiles | null;
  /** What amendments are laid on; null with `plan`. */
  readonly base: PlanBase | null;
  /** Resolves once the plan here is the one that was in force when asked, if it can be read. */
  refresh(): Promise<void>;
  /** Called after each swap. Returns a function that ends it. */
  onChange(listener: (plan: Plan) => void): () => void;
  close(): Promise<void>;
}
