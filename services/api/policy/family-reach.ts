import type { RunProgress } from '../../../geo/judge.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import { tenant } from '../../store/tenancy/tenant.ts';
import { isSchoolStop, NEAR_S, plannedAt, schoolStops } from './plan-facts.ts';
import type { Asking, ReachRules } from './reach.ts';
import type { Rider } from './riders.ts';

/** A family sees the bus from this long before its run starts ... */
export const BEFORE_RUN_MS = 15 * 60_000;
/** ... until this long after the bus was due at the child's stop, moved by the delay it has now. */
export const AFTER_STOP_MS = 5 * 60_000;

/**
 * A guardian sees one bus, the one on the run of their child, only while it concerns them, and of its stops only
 * theirs and the school.
 */
export const familyReach: Partial<ReachRules> = {
  vehicle: (asking, vehicle, progress) => {
    const { facts, time } = asking;
    if (!facts) return null;
    const trips = new Set<string>();
    const stops = new Set<string>();
    // Asked for every vehicle of the fleet: the times come first, since they rule out nearly all.
    for (const run of facts.dayAt(time).runsByVehicle.get(vehicle) ?? []) {
      if (time < run.start - BEFORE_RUN_MS || time > run.end + NEAR_S * 1000 + AFTER_STOP_MS) continue;
      for (const child of children(asking)) {
        if (child.tripId !== run.trip.id || !isOn(run, child, time, progress)) continue;
        trips.add(run.trip.id);
        stops.add(child.stopId);
        for (const stop of schoolStops(facts.plan, run.trip)) stops.add(stop);
      }
    }
    return trips.size > 0 ? { trips, stops } : null;
  },
  trip: (asking, trip) => children(asking).some((child) => child.tripId === trip),
  run: (asking, run) => children(asking).some((child) => child.tripId === run.trip.id),
  stops: (asking, trip) => {
    const { facts } = asking;
    const seen = new Set(
      children(asking)
        .filter((child) => child.tripId === trip)
        .map((child) => child.stopId),
    );
    for (const call of facts?.plan.trips.get(trip)?.stopTimes ?? []) {
      if (facts && isSchoolStop(facts.plan, call.stopId)) seen.add(call.stopId);
    }
    return seen;
  },
  school: (asking, school) => children(asking).some((child) => child.schoolId === school),
  rider: ({ user }, riderId) => user.riderIds.includes(riderId),
  tenants: (asking) => [...new Set(children(asking).map((child) => tenant('trip', child.tripId)))],
};

function children({ user, facts }: Asking): Rider[] {
  return facts ? user.riderIds.flatMap((id) => facts.ridersById.get(id) ?? []) : [];
}

/**
 * Is the run on, for this child, at `time`? A bus ahead of its plan does not shorten the window: it waits at the next
 * stop where times are kept. A delay beyond `NEAR_S` is not believed.
 */
function isOn(run: Run, child: Rider, time: number, progress: RunProgress | null): boolean {
  const due = plannedAt(run, child.stopId);
  if (due === null) return false;
  const known = progress?.trip === run.trip.id && progress.serviceDate === run.serviceDate;
  const delayS = known ? Math.min(Math.max(progress.delayS ?? 0, 0), NEAR_S) : 0;
  return time >= run.start - BEFORE_RUN_MS && time <= due + delayS * 1000 + AFTER_STOP_MS;
}
