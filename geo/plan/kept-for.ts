import type { PlanBase } from './build-plan.ts';

/**
 * What is made of parts of a plan once and kept as long as they are: versions of a plan that differ in their amendments
 * alone share the rest. `partsOf` names, of the plan, all that `make` looks at; the first of them holds what is kept.
 */
export function keptFor<P extends Partial<PlanBase['plan']>, T>(
  partsOf: (plan: P) => readonly [object, ...unknown[]],
  make: (plan: P) => T,
): (plan: P) => T {
  const kept = new WeakMap<object, { readonly parts: readonly unknown[]; readonly made: T }>();
  // Asked with every report, and nearly always of the one plan in force.
  let last: { readonly plan: P; readonly made: T } | null = null;
  return (plan) => {
    if (last?.plan === plan) return last.made;
    const made = keptOrMade(plan);
    last = { plan, made };
    return made;
  };

  function keptOrMade(plan: P): T {
    const parts = partsOf(plan);
    const known = kept.get(parts[0]);
    if (known?.parts.every((part, i) => part === parts[i])) return known.made;
    const made = make(plan);
    kept.set(parts[0], { parts, made });
    return made;
  }
}
