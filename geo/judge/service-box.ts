import type { Plan } from '../plan/plan.ts';
import { planBounds } from '../plan/plan-bounds.ts';
import type { Box } from './fix-quality.ts';

/** The rectangle around all that the plan speaks of; the whole world where it names no place. */
export function serviceBox(plan: Plan, marginDeg: number): Box {
  const bounds = planBounds(plan);
  if (bounds === null) return [-180, -90, 180, 90];
  const [west, south, east, north] = bounds;
  return [west - marginDeg, south - marginDeg, east + marginDeg, north + marginDeg];
}
