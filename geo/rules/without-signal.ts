import type { Fence } from '../plan/plan.ts';

/** Kinds of fences under which a vehicle hears no satellites, or none reliably. */
const WITHOUT_SKY: ReadonlySet<string> = new Set(['tunnel', 'no_signal']);

/** In a tunnel, or where the plan says that there is no signal. */
export function isWithoutSky(fences: readonly Fence[]): boolean {
  for (const fence of fences) if (WITHOUT_SKY.has(fence.kind)) return true;
  return false;
}
