import type { Plan } from '../plan.ts';

const NOBODY: ReadonlyMap<string, number> = new Map();

/** Riders expected on a run by stop, with those of the runs that were merged into it that day. */
export function ridersOn(plan: Plan, trip: string, serviceDate: string): ReadonlyMap<string, number> {
  const own = plan.ridersByTrip.get(trip) ?? NOBODY;
  const { dispatch } = plan.amendments;
  const merged = dispatch.filter(
    (row) => row.action === 'merge' && row.value === trip && row.serviceDate === serviceDate,
  );
  if (merged.length === 0) return own;
  const all = new Map(own);
  for (const { tripId } of merged)
    for (const [stop, riders] of plan.ridersByTrip.get(tripId) ?? NOBODY)
      all.set(stop, (all.get(stop) ?? 0) + riders);
  return all;
}
