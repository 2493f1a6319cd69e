import type { RunProgress } from '../../../geo/judge.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import type { User } from '../../store/store.ts';
import { type Tenants, tenant } from '../../store/tenancy/tenant.ts';
import { familyReach } from './family-reach.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { AlertFacts } from './policy.ts';

/**
 * How far a role sees: everything, a district (none set: the whole plan), a carrier's own vehicles, a school, a family,
 * a crew's own duty.
 */
export type Reach = 'all' | 'district' | 'provider' | 'school' | 'family' | 'duty' | 'none';

export interface Asking {
  readonly user: User;
  /** Null while no plan was imported. */
  readonly facts: PlanFacts | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Of a vehicle in reach: the trips and stops that may be named with it. */
export interface SeenVehicle {
  readonly trips: 'all' | ReadonlySet<string>;
  readonly stops: 'all' | ReadonlySet<string>;
}

export interface ReachRules {
  readonly mayTrack: boolean;
  vehicle(asking: Asking, vehicle: string, progress: RunProgress | null): SeenVehicle | null;
  alert(asking: Asking, alert: AlertFacts): boolean;
  trip(asking: Asking, trip: string): boolean;
  run(asking: Asking, run: Run): boolean;
  stops(asking: Asking, trip: string): 'all' | ReadonlySet<string>;
  school(asking: Asking, school: string): boolean;
  rider(asking: Asking, riderId: string, schoolId: string): boolean;
  /** The same, coarsely, for the wall in the database: never narrower than the rules above. */
  tenants(asking: Asking): Tenants;
}

/** How long before and after the planned run a crew sees its vehicle. */
export const DUTY_MARGIN_MS = 60 * 60_000;

const ALL: SeenVehicle = { trips: 'all', stops: 'all' };

export const nothing: ReachRules = {
  mayTrack: false,
  vehicle: () => null,
  alert: () => false,
  trip: () => false,
  run: () => false,
  stops: () => new Set(),
  school: () => false,
  rider: () => false,
  tenants: () => [],
};

const everything: ReachRules = {
  mayTrack: true,
  vehicle: () => ALL,
  alert: () => true,
  trip: () => true,
  run: () => true,
  stops: () => 'all',
  school: () => true,
  rider: () => true,
  tenants: () => 'all',
};

const district: ReachRules = {
  ...everything,
  vehicle: ({ user, facts }, vehicle) =>
    inDistrict(user, facts?.plan.vehicles.get(vehicle)?.district) ? ALL : null,
  alert: ({ user }, alert) => inDistrict(user, alert.district),
  trip: (asking, trip) => {
    const { user, facts, time } = asking;
    const route = facts?.plan.trips.get(trip)?.routeId;
    if (user.district === null) return true;
    if (!facts || route === undefined) return false;
    if (facts.districtsByRoute.get(route)?.has(user.district)) return true;
    return (facts.dayAt(time).runsByTrip.get(trip) ?? []).some(
      (run) => run.vehicleId !== null && district.vehicle(asking, run.vehicleId, null) !== null,
    );
  },
  run: (asking, run) => district.trip(asking, run.trip.id),
  school: ({ user, facts }, school) => inDistrict(user, facts?.plan.schools.get(school)?.district),
  rider: ({ user, facts }, _rider, school) => inDistrict(user, facts?.plan.schools.get(school)?.district),
  tenants: ({ user }) => (user.district === null ? 'all' : [tenant('district', user.district)]),
};

const provider: ReachRules = {
  ...nothing,
  mayTrack: true,
  vehicle: (asking, vehicle) => (isOwn(asking, vehicle) ? ALL : null),
  alert: (asking, alert) => isOwn(asking, alert.vehicle),
  trip: (asking, trip) => {
    const { user, facts, time } = asking;
    const route = facts?.plan.trips.get(trip)?.routeId;
    if (!facts || route === undefined || user.providerId === null) return false;
    if (facts.providersByRoute.get(route)?.has(user.providerId)) return true;
    return (facts.dayAt(time).runsByTrip.get(trip) ?? []).some((run) => isOwn(asking, run.vehicleId));
  },
  run: (asking, run) =>
    run.vehicleId === null ? provider.trip(asking, run.trip.id) : isOwn(asking, run.vehicleId),
  stops: () => 'all',
  school: (asking, id) =>
    [...(asking.facts?.tripsBySchool.get(id) ?? [])].some((trip) => provider.trip(asking, trip)),
  tenants: ({ user }) => (user.providerId === null ? [] : [tenant('provider', user.providerId)]),
};

const NO_TRIPS: ReadonlySet<string> = new Set();

const school: ReachRules = {
  ...nothing,
  mayTrack: true,
  vehicle: ({ user, facts, time }, vehicle) => {
    if (!facts || user.schoolId === null) return null;
    if (!facts.dayAt(time).vehiclesBySchool.get(user.schoolId)?.has(vehicle)) return null;
    return { trips: facts.tripsBySchool.get(user.schoolId) ?? NO_TRIPS, stops: 'all' };
  },
  alert: ({ user }, alert) => user.schoolId !== null && alert.schoolIds.includes(user.schoolId),
  trip: ({ user, facts }, trip) =>
    user.schoolId !== null && (facts?.tripsBySchool.get(user.schoolId)?.has(trip) ?? false),
  run: (asking, run) => school.trip(asking, run.trip.id),
  stops: () => 'all',
  school: ({ user }, id) => user.schoolId !== null && id === user.schoolId,
  rider: ({ user }, _rider, schoolId) => user.schoolId !== null && schoolId === user.schoolId,
  tenants: ({ user }) => (user.schoolId === null ? [] : [tenant('school', user.schoolId)]),
};

const duty: ReachRules = {
  ...nothing,
  mayTrack: true,
  vehicle: (asking, vehicle) => {
    const { time } = asking;
    const runs = ownRuns(asking).filter(
      (run) =>
        run.vehicleId === vehicle && time >= run.start - DUTY_MARGIN_MS && time <= run.end + DUTY_MARGIN_MS,
    );
    return runs.length > 0 ? { trips: new Set(runs.map((run) => run.trip.id)), stops: 'all' } : null;
  },
  alert: (asking, alert) => duty.vehicle(asking, alert.vehicle, null) !== null,
  trip: (asking, trip) => ownRuns(asking).some((run) => run.trip.id === trip),
  run: ({ user }, run) => user.personId !== null && run.escortId === user.personId,
  stops: () => 'all',
  school: (asking, id) => ownRuns(asking).some((run) => run.trip.schoolIds.includes(id)),
  tenants: ({ user }) => (user.personId === null ? [] : [tenant('escort', user.personId)]),
};

export const REACHES: { readonly [reach in Reach]: ReachRules } = {
  all: everything,
  district,
  provider,
  school,
  family: { ...nothing, ...familyReach },
  duty,
  none: nothing,
};

function ownRuns({ user, facts, time }: Asking): readonly Run[] {
  return (user.personId !== null && facts?.dayAt(time).runsByEscort.get(user.personId)) || [];
}

function isOwn({ user, facts }: Asking, vehicle: string | null): boolean {
  if (user.providerId === null || vehicle === null) return false;
  return facts?.plan.vehicles.get(vehicle)?.operatorId === user.providerId;
}

function inDistrict(user: User, district: string | null | undefined): boolean {
  return user.district === null || (district !== null && district === user.district);
}
