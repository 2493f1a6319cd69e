import type { CurrentPlan } from '../../plan/current-plan.ts';
import { type PlanFacts, planFacts } from './plan-facts.ts';

/** The facts of the plan in force, or null. The same object until the plan is swapped, so that it can key a cache. */
export type CurrentFacts = () => PlanFacts | null;

export function currentFacts(current: CurrentPlan): CurrentFacts {
  let facts: PlanFacts | null = null;
  return () => {
    const { plan, files } = current;
    if (facts?.plan !== plan) facts = plan && planFacts(plan, files);
    return plan === null ? null : facts;
  };
}
