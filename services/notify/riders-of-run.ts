import type { Plan } from '../../geo/plan/plan.ts';
import type { PlanFacts } from '../api/policy/plan-facts.ts';

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Who rides on a run and from or to which stop, with those of the runs that were merged into it that day. */
export function ridersOfRun(plan: Plan, trip: string, serviceDate: string): ReadonlyMap<string, string> {
  const own = plan.rosterByTrip.get(trip) ?? NOBODY;
  const merged = plan.amendments.dispatch.filter(
    (row) => row.action === 'merge' && row.value === trip && row.serviceDate === serviceDate,
  );
  if (merged.length === 0) return own;
  const all = new Map(own);
  for (const { tripId } of merged)
    for (const [rider, stop] of plan.rosterByTrip.get(tripId) ?? NOBODY) all.set(rider, stop);
  return all;
}

/** Does the trip begin at a school? Then children get off at the stops, else they get on there. */
export function isFromSchool({ plan }: PlanFacts, trip: string): boolean {
  const first = plan.trips.get(trip)?.stopTimes[0]?.stopId;
  return first !== undefined && schoolOfStop(plan, first) !== null;
}

/** The school that a stop is of, by its own id or its parent's; null where it is none. */
export function schoolOfStop(plan: Plan, stopId: string): string | null {
  if (plan.schools.has(stopId)) return stopId;
  const stop = plan.stops.get(stopId);
  const parent = stop?.parent ?? null;
  if (parent !== null && (plan.schools.has(parent) || plan.stops.get(parent)?.locationType === 1))
    return parent;
  return stop?.locationType === 1 ? stopId : null;
}
