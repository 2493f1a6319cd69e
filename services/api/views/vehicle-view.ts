import type { Permit, Run } from '../../../geo/plan/plan.ts';
import type { LiveHub } from '../../live/live-hub.ts';
import type { User } from '../../store/store.ts';
import type { FleetVehicleView, PositionView, VehicleView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { hasShareIn, maySeePermit, maySeeRun, vehicleAccess } from '../policy/policy.ts';
import { runEta } from './eta-view.ts';
import { routeName, routeShortName } from './position-view.ts';
import { runView } from './run-view.ts';

/** A run is the one under way from this long before its planned start to this long after its end. */
const AROUND_RUN_MS = 15 * 60_000;

/** The vehicle as the user may see it, or null. */
export function vehicleView(
  user: User,
  facts: PlanFacts | null,
  hub: LiveHub,
  id: string,
  now: number,
): VehicleView | null {
  const newest = hub.positions.get(id);
  const access = vehicleAccess(user, facts, id, now, newest?.progress ?? null);
  const vehicle = facts?.plan.vehicles.get(id);
  if (!access || (!vehicle && !newest)) return null;
  const run = facts && currentRun(user, facts, id, newest?.progress?.trip, now);
  const position = newest ? hub.positions.viewFor(newest, access) : null;
  const permit =
    facts && maySeePermit(user, facts, id, now) ? permitToShow(facts.plan.permitsByVehicle.get(id)) : null;
  return {
    id,
    plate: vehicle?.plate ?? '',
    plateColour: vehicle?.plateColour ?? '',
    terminalPhone: hasShareIn(user, 'terminals') ? (vehicle?.terminalPhone ?? '') : '',
    seats: vehicle?.seats ?? null,
    schoolBusType: vehicle?.schoolBusType ?? 'none',
    operator: vehicle?.operatorId ?? null,
    district: vehicle?.district ?? null,
    schoolIds: facts ? schoolsServed(user, facts, id, now) : [],
    run: run && facts ? runView(user, facts, run, newest, now, runEta(user, facts, hub, run, now)) : null,
    permit: permit && {
      no: permit.no,
      status: permit.status,
      validFrom: permit.validFrom,
      validTo: permit.validTo,
    },
    position,
  };
}

/** What lists and searches know the vehicle by, or null where the user may not see it. */
export function fleetVehicleView(
  user: User,
  facts: PlanFacts | null,
  hub: LiveHub,
  id: string,
  now: number,
): FleetVehicleView | null {
  const newest = hub.positions.get(id);
  const access = vehicleAccess(user, facts, id, now, newest?.progress ?? null);
  if (!access) return null;
  const vehicle = facts?.plan.vehicles.get(id);
  const run = facts && currentRun(user, facts, id, newest?.progress?.trip, now);
  const route = run && facts?.plan.routes.get(run.trip.routeId);
  const driver = run && hasShareIn(user, 'crewNames') ? run.driverId : null;
  const operator = vehicle?.operatorId ?? null;
  return {
    id,
    plate: vehicle?.plate ?? '',
    operator,
    operatorName: operator === null ? null : (facts?.plan.agencies.get(operator)?.name ?? operator),
    district: vehicle?.district ?? null,
    schoolIds: facts ? schoolsServed(user, facts, id, now) : [],
    route: route?.id ?? null,
    routeName: route ? routeName(route) : null,
    routeShortName: route ? routeShortName(route) : null,
    driver: driver === null ? null : (facts?.plan.people.get(driver)?.name ?? null),
  };
}

/**
 * Newest positions the user may see, of the vehicles in the order in which they were first heard of. `page` takes so
 * many vehicles after the first so many of them; `next` is where the following page begins, null at the end.
 */
export function visiblePositions(
  user: User,
  facts: PlanFacts | null,
  hub: LiveHub,
  now: number,
  page: { after: number; count: number },
): { views: PositionView[]; next: number | null } {
  const views: PositionView[] = [];
  const end = page.after + page.count;
  let place = 0;
  for (const newest of hub.positions.all()) {
    if (place++ < page.after) continue;
    if (place > end) return { views, next: end };
    const access = vehicleAccess(user, facts, newest.report.vehicle, now, newest.progress);
    if (access) views.push(hub.positions.viewFor(newest, access));
  }
  return { views, next: null };
}

/** The run the vehicle says it is on, else the planned one under way, else the next today. */
function currentRun(
  user: User,
  facts: PlanFacts,
  vehicle: string,
  trip: string | undefined,
  now: number,
): Run | null {
  const runs = (facts.dayAt(now).runsByVehicle.get(vehicle) ?? []).filter((run) =>
    maySeeRun(user, facts, run, now),
  );
  const near = runs.filter((run) => now >= run.start - AROUND_RUN_MS && now <= run.end + AROUND_RUN_MS);
  return (
    near.find((run) => run.trip.id === trip) ??
    near.find((run) => now >= run.start && now <= run.end) ??
    near[0] ??
    runs.find((run) => run.start > now) ??
    null
  );
}

function schoolsServed(user: User, facts: PlanFacts, vehicle: string, now: number): string[] {
  const runs = facts.dayAt(now).runsByVehicle.get(vehicle) ?? [];
  const seen = runs.filter((run) => maySeeRun(user, facts, run, now));
  return [...new Set(seen.flatMap((run) => run.trip.schoolIds))];
}

/** The one that says most: valid before suspended before revoked, then the one that lasts longest. */
function permitToShow(permits: readonly Permit[] | undefined): Permit | null {
  const rank = { valid: 0, suspended: 1, revoked: 2 };
  const sorted = [...(permits ?? [])].sort(
    (a, b) => rank[a.status] - rank[b.status] || b.validTo.localeCompare(a.validTo),
  );
  return sorted[0] ?? null;
}
