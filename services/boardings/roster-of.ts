import type { Expected } from '../../geo/boardings/rider-record.ts';
import type { Plan, Trip } from '../../geo/plan/plan.ts';
import type { RunKey } from '../store/boarding-store.ts';

/** Who is expected on a run and at which stop, those of runs merged into it that day included. Ids, and no person. */
export function rosterOf(plan: Plan, { trip, serviceDate }: RunKey): Map<string, Expected> {
  const roster = new Map<string, Expected>();
  const toSchool = leadsToSchool(plan, plan.trips.get(trip));
  const add = (tripId: string): void => {
    for (const [rider, stop] of plan.rosterByTrip.get(tripId) ?? []) roster.set(rider, { stop, toSchool });
  };
  for (const { action, value, tripId, serviceDate: date } of plan.amendments.dispatch) {
    if (action === 'merge' && value === trip && date === serviceDate) add(tripId);
  }
  add(trip);
  return roster;
}

/** A run that begins at a school brings children home; any other brings them there. */
export function leadsToSchool(plan: Plan, trip: Trip | undefined): boolean {
  const first = plan.stops.get(trip?.stopTimes[0]?.stopId ?? '');
  return !(first && (first.locationType === 1 || plan.schools.has(first.parent ?? '')));
}
