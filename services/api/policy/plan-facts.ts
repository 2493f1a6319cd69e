import { keptFor } from '../../../geo/plan/kept-for.ts';
import type { Plan, PlanFiles, Run, Trip } from '../../../geo/plan/plan.ts';
import { type LocalDay, localDay } from '../time.ts';
import { type Rider, readRiders } from './riders.ts';

/** What the policy asks of a plan, indexed once for each version, and once more for each day. */
export interface PlanFacts {
  readonly plan: Plan;
  readonly files: PlanFiles | null;
  readonly ridersById: ReadonlyMap<string, readonly Rider[]>;
  readonly ridersBySchool: ReadonlyMap<string, readonly Rider[]>;
  /** Trips of the plan that serve a school, whatever the day. */
  readonly tripsBySchool: ReadonlyMap<string, ReadonlySet<string>>;
  /** Districts of a route: of the schools it serves and of the vehicles permitted on it. */
  readonly districtsByRoute: ReadonlyMap<string, ReadonlySet<string>>;
  /** Carriers of a route: its agency and the operators of the vehicles permitted on it. */
  readonly providersByRoute: ReadonlyMap<string, ReadonlySet<string>>;
  /** The index of the local day that holds `time`. */
  dayAt(time: number): PlanDay;
}

export interface PlanDay extends LocalDay {
  /** Runs of which any part lies in the day, in order of start. */
  readonly runs: readonly Run[];
  readonly vehiclesBySchool: ReadonlyMap<string, ReadonlySet<string>>;
  /** These three also hold runs up to `NEAR_S` before and after the day, for what is late or about to start. */
  readonly runsByVehicle: ReadonlyMap<string, readonly Run[]>;
  readonly runsByTrip: ReadonlyMap<string, readonly Run[]>;
  readonly runsByEscort: ReadonlyMap<string, readonly Run[]>;
}

export const NEAR_S = 3 * 3600;
/** Days indexed at the same time: today and what people look back at. */
const DAYS_KEPT = 8;

export function planFacts(plan: Plan, files: PlanFiles | null): PlanFacts {
  const riders = readRiders(files, plan);
  const days = new Map<number, PlanDay>();
  let today: PlanDay | null = null;
  return {
    plan,
    files,
    ridersById: groupBy(riders, (rider) => [rider.id]),
    ridersBySchool: groupBy(riders, (rider) => [rider.schoolId]),
    ...lastingFacts(plan),
    dayAt(time) {
      if (today && time >= today.from && time < today.to) return today;
      const local = localDay(time, plan.timeZone);
      today = days.get(local.from) ?? indexDay(plan, local);
      days.set(local.from, today);
      for (const oldest of days.keys()) {
        if (days.size <= DAYS_KEPT) break;
        days.delete(oldest);
      }
      return today;
    },
  };
}

const lastingFacts = keptFor<
  Plan,
  Pick<PlanFacts, 'tripsBySchool' | 'districtsByRoute' | 'providersByRoute'>
>(
  ({ trips, schools, permitsByVehicle, vehicles, routes }) => [
    trips,
    schools,
    permitsByVehicle,
    vehicles,
    routes,
  ],
  (plan) => ({
    tripsBySchool: mapSets(
      groupBy([...plan.trips.values()], (trip) => trip.schoolIds),
      (trip) => trip.id,
    ),
    districtsByRoute: districtsByRoute(plan),
    providersByRoute: providersByRoute(plan),
  }),
);

function indexDay(plan: Plan, day: LocalDay): PlanDay {
  const noon = (day.from + day.to) / 2;
  const halfDayS = (day.to - day.from) / 2000;
  const near = plan.runsAt(noon, halfDayS + NEAR_S);
  const runs = near.filter((run) => run.start < day.to && run.end >= day.from);
  const bound = runs.filter((run) => run.vehicleId !== null);
  return {
    ...day,
    runs,
    vehiclesBySchool: mapSets(
      groupBy(bound, (run) => run.trip.schoolIds),
      (run) => run.vehicleId ?? '',
    ),
    runsByVehicle: groupBy(near, (run) => present(run.vehicleId)),
    runsByTrip: groupBy(near, (run) => [run.trip.id]),
    runsByEscort: groupBy(near, (run) => present(run.escortId)),
  };
}

/** Sets of names by route, into which a name that is not there does not go. */
function namesByRoute() {
  const names = new Map<string, Set<string>>();
  const add = (route: string, name: string | null | undefined): void => {
    if (!name) return;
    const known = names.get(route);
    if (known) known.add(name);
    else names.set(route, new Set([name]));
  };
  return { names, add };
}

function districtsByRoute(plan: Plan): Map<string, Set<string>> {
  const { names, add } = namesByRoute();
  for (const trip of plan.trips.values()) {
    for (const school of trip.schoolIds) add(trip.routeId, plan.schools.get(school)?.district);
  }
  for (const [vehicle, permits] of plan.permitsByVehicle) {
    const district = plan.vehicles.get(vehicle)?.district;
    for (const permit of permits) for (const route of permit.routeIds) add(route, district);
  }
  return names;
}

function providersByRoute(plan: Plan): Map<string, Set<string>> {
  const { names, add } = namesByRoute();
  for (const route of plan.routes.values()) add(route.id, route.agencyId);
  for (const [vehicle, permits] of plan.permitsByVehicle) {
    const provider = plan.vehicles.get(vehicle)?.operatorId;
    for (const permit of permits) for (const route of permit.routeIds) add(route, provider);
  }
  return names;
}

/** Planned departure of a run from a stop, milliseconds since the epoch; null where the run does not call there. */
export function plannedAt(run: Run, stopId: string): number | null {
  const call = run.trip.stopTimes.findLast((stopTime) => stopTime.stopId === stopId);
  return call ? run.start + (call.departureS - run.trip.startS) * 1000 : null;
}

/** Stops of the trip that are schools: by their own id or their parent's. */
export function schoolStops(plan: Plan, trip: Trip): Set<string> {
  return new Set(trip.stopTimes.map((call) => call.stopId).filter((id) => isSchoolStop(plan, id)));
}

export function isSchoolStop(plan: Plan, stopId: string): boolean {
  const parent = plan.stops.get(stopId)?.parent;
  return plan.schools.has(stopId) || (parent !== null && parent !== undefined && plan.schools.has(parent));
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

function mapSets<T>(groups: Map<string, T[]>, idOf: (item: T) => string): Map<string, Set<string>> {
  return new Map([...groups].map(([key, items]) => [key, new Set(items.map(idOf))]));
}

const present = (id: string | null): string[] => (id === null || id === '' ? [] : [id]);
