import type { RunState } from '../../../geo/judge.ts';
import { ridersOn } from '../../../geo/plan/amendments/riders-on.ts';
import type { Person, Run } from '../../../geo/plan/plan.ts';
import type { NewestPosition } from '../../live/newest-positions.ts';
import type { User } from '../../store/store.ts';
import type { EtaView, RunView } from '../contract.ts';
import { isSchoolStop, type PlanFacts } from '../policy/plan-facts.ts';
import { POLICY, stopsOfTrip } from '../policy/policy.ts';
import { isoTime } from '../time.ts';
import { routeName, routeShortName } from './position-view.ts';

/** A run as the user may see it. The caller has asked the policy whether it may be seen at all. */
export function runView(
  user: User,
  facts: PlanFacts,
  run: Run,
  newest: NewestPosition | undefined,
  now: number,
  eta: EtaView | null,
): RunView {
  const { plan } = facts;
  const { trip } = run;
  const route = plan.routes.get(trip.routeId);
  const stops = stopsOfTrip(user, facts, trip.id);
  const at = (seconds: number) => isoTime(run.start + (seconds - trip.startS) * 1000);
  const crew = (id: string | null) =>
    POLICY[user.role].crewNames ? personOf(plan.people.get(id ?? '')) : null;
  return {
    trip: trip.id,
    serviceDate: run.serviceDate,
    route: trip.routeId,
    routeName: route ? routeName(route) : trip.routeId,
    routeShortName: route ? routeShortName(route) : trip.routeId,
    headsign: trip.headsign,
    start: isoTime(run.start),
    end: isoTime(run.end),
    vehicle: run.vehicleId,
    driver: crew(run.driverId),
    escort: crew(run.escortId),
    runState: runStateOf(run, newest, now),
    stops: trip.stopTimes
      .filter((call) => stops === 'all' || stops.has(call.stopId))
      .map((call) => {
        const stop = plan.stops.get(call.stopId);
        return {
          id: call.stopId,
          name: stop?.name ?? call.stopId,
          lat: stop?.lat ?? 0,
          lon: stop?.lon ?? 0,
          arrival: at(call.arrivalS),
          departure: at(call.departureS),
          riders: ridersAt(user, facts, run, call.stopId),
          isSchool: isSchoolStop(plan, call.stopId),
        };
      }),
    eta,
  };
}

/** Where the vehicle says it stands; without its word, what the clock says. */
function runStateOf(run: Run, newest: NewestPosition | undefined, now: number): RunState {
  const progress = newest?.progress;
  if (progress?.trip === run.trip.id && progress.serviceDate === run.serviceDate) return progress.runState;
  return now <= run.end ? 'PLANNED' : 'CLOSED';
}

/** Pupils expected at the stop; whoever sees only a family's stops counts only the family. */
function ridersAt(user: User, facts: PlanFacts, run: Run, stop: string): number {
  const trip = run.trip.id;
  if (stopsOfTrip(user, facts, trip) === 'all')
    return ridersOn(facts.plan, trip, run.serviceDate).get(stop) ?? 0;
  return user.riderIds
    .flatMap((id) => facts.ridersById.get(id) ?? [])
    .filter((rider) => rider.tripId === trip && rider.stopId === stop).length;
}

const personOf = (person: Person | undefined): RunView['driver'] =>
  person ? { id: person.id, name: person.name } : null;
