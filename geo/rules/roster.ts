import type { RunTrack } from '../matching/run-track.ts';
import type { Plan } from '../plan/plan.ts';

/** Riders who are expected at a stop of a run, those of runs merged into it that day included. Ids, and no person. */
export function ridersAt(
  plan: Plan,
  run: Pick<RunTrack, 'trip' | 'serviceDate'>,
  stopId: string,
): readonly string[] {
  const expected = ofTrip(plan, run.trip, stopId);
  for (const { action, value, serviceDate, tripId } of plan.amendments.dispatch) {
    if (action === 'merge' && value === run.trip && serviceDate === run.serviceDate) {
      expected.push(...ofTrip(plan, tripId, stopId));
    }
  }
  return expected;
}

function ofTrip(plan: Plan, trip: string, stopId: string): string[] {
  const riders: string[] = [];
  for (const [rider, stop] of plan.rosterByTrip.get(trip) ?? []) if (stop === stopId) riders.push(rider);
  return riders;
}
