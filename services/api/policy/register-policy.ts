import type { Plan } from '../../../geo/plan/plan.ts';
import type { PlanRow } from '../../plan/plan-rows.ts';
import type { Role, User } from '../../store/store.ts';
import type { PlanFacts } from './plan-facts.ts';
import { maySeeSchool, maySeeTrip, POLICY, vehicleAccess } from './policy.ts';

/**
 * The registers: their files, and who keeps them. School-bus plates are issued by the police on the plan of the
 * transport and education authorities (校车安全管理条例 Art. 15); vehicles, people and duties are the carrier's to keep
 * (Art. 10), under the eyes of transport.
 */
export const REGISTERS = {
  vehicles: { file: 'vehicles.csv', editors: ['admin', 'transport', 'provider'] },
  permits: { file: 'permits.csv', editors: ['admin', 'police', 'transport'] },
  people: { file: 'people.csv', editors: ['admin', 'transport', 'provider'] },
  schools: { file: 'schools.csv', editors: ['admin', 'education', 'transport'] },
  duties: { file: 'duties.csv', editors: ['admin', 'transport', 'provider', 'school'] },
  fences: { file: 'fences.geojson', editors: ['admin', 'police', 'transport'] },
  routes: { file: 'routes.txt', editors: ['admin', 'transport'] },
  lines: { file: 'shapes.txt', editors: ['admin', 'transport'] },
  stops: { file: 'stops.txt', editors: ['admin', 'transport'] },
  calendar: { file: 'calendar.txt', editors: ['admin', 'transport', 'education'] },
  'calendar-dates': { file: 'calendar_dates.txt', editors: ['admin', 'transport', 'education'] },
} as const satisfies {
  readonly [register: string]: { readonly file: string; readonly editors: readonly Role[] };
};

export type RegisterName = keyof typeof REGISTERS;

export const REGISTER_NAMES = Object.keys(REGISTERS) as RegisterName[];

export const registerOf = (file: string): RegisterName | null =>
  REGISTER_NAMES.find((name) => REGISTERS[name].file === file) ?? null;

/** Whole plans are brought in and taken out by administrators alone: pupils are among them. */
export const mayMovePlans = (user: User): boolean => !user.disabled && user.role === 'admin';

/** Has the user any business with the registers? */
export const mayReadRegisters = (user: User): boolean =>
  !user.disabled && POLICY[user.role].permits !== 'none' && POLICY[user.role].permits !== 'family';

export const mayEditRegister = (user: User, register: RegisterName): boolean =>
  mayReadRegisters(user) && (REGISTERS[register].editors as readonly Role[]).includes(user.role);

/** What the reach of a row is looked up by; made of the plan's files once for each version. */
export interface RegisterLinks {
  /** Vehicles that a person has to do with, by duties and permits. */
  readonly vehiclesOfPerson: ReadonlyMap<string, ReadonlySet<string>>;
  readonly routesOfLine: ReadonlyMap<string, ReadonlySet<string>>;
  readonly tripsOfStop: (stop: string) => readonly string[];
}

export function registerLinks(plan: Plan, duties: readonly PlanRow[]): RegisterLinks {
  const vehiclesOfPerson = new Map<string, Set<string>>();
  const link = (map: Map<string, Set<string>>, from: string | undefined, to: string | undefined): void => {
    if (!from || !to) return;
    const known = map.get(from);
    if (known) known.add(to);
    else map.set(from, new Set([to]));
  };
  for (const duty of duties) {
    link(vehiclesOfPerson, duty.driver_id, duty.vehicle_id);
    link(vehiclesOfPerson, duty.escort_id, duty.vehicle_id);
  }
  for (const [vehicle, permits] of plan.permitsByVehicle)
    for (const permit of permits)
      for (const driver of permit.driverIds) link(vehiclesOfPerson, driver, vehicle);
  const routesOfLine = new Map<string, Set<string>>();
  for (const trip of plan.trips.values()) link(routesOfLine, trip.shapeId, trip.routeId);
  return {
    vehiclesOfPerson,
    routesOfLine,
    tripsOfStop: (stop) =>
      [...plan.trips.values()]
        .filter((trip) => trip.stopTimes.some((call) => call.stopId === stop))
        .map((trip) => trip.id),
  };
}

export interface RegisterAsking {
  readonly user: User;
  readonly facts: PlanFacts;
  readonly links: RegisterLinks;
  readonly time: number;
}

/** May the user see the row? */
export function maySeeRow(asking: RegisterAsking, register: RegisterName, row: PlanRow): boolean {
  const { user, facts, time } = asking;
  if (!mayReadRegisters(user)) return false;
  switch (register) {
    case 'vehicles':
      return seesVehicle(asking, row.vehicle_id);
    case 'permits':
      return seesVehicle(asking, row.vehicle_id);
    case 'people':
      return isPersonInReach(asking, row);
    case 'schools':
      return maySeeSchool(user, facts, row.school_id ?? '', time);
    case 'duties':
      return maySeeTrip(user, facts, row.trip_id ?? '', time);
    case 'routes':
      return (
        tripsOfRoute(asking, row.route_id).some((trip) => maySeeTrip(user, facts, trip, time)) || isWide(user)
      );
    case 'lines':
      return [...(asking.links.routesOfLine.get(row.shape_id ?? '') ?? [])].some((route_id) =>
        maySeeRow(asking, 'routes', { route_id }),
      );
    case 'fences':
      return POLICY[user.role].fences && (!row.district || isWide(user) || row.district === user.district);
    case 'stops':
    case 'calendar':
    case 'calendar-dates':
      return true;
  }
}

/**
 * May the user put this row into the register or take it out of it? Whoever sees a part of the plan keeps that part
 * alone, and moves nothing into it or out of it: a row is asked about as it was and as it will be.
 */
export function mayEditRow(asking: RegisterAsking, register: RegisterName, row: PlanRow): boolean {
  const { user, facts, links, time } = asking;
  if (!mayEditRegister(user, register)) return false;
  if (isWide(user)) return true;
  const everyTrip = (trips: readonly string[]) =>
    trips.length > 0 && trips.every((trip) => maySeeTrip(user, facts, trip, time));
  switch (register) {
    case 'vehicles':
      return isOwn(user, row);
    case 'permits':
      return seesVehicle(asking, row.vehicle_id);
    case 'people':
      return isPersonInReach(asking, row);
    case 'schools':
      return isOwn(user, row);
    case 'duties':
      return maySeeTrip(user, facts, row.trip_id ?? '', time) && seesVehicle(asking, row.vehicle_id);
    case 'fences':
      return isOwn(user, row);
    case 'routes':
      return everyTrip(tripsOfRoute(asking, row.route_id));
    case 'lines': {
      const routes = [...(links.routesOfLine.get(row.shape_id ?? '') ?? [])];
      return routes.length > 0 && routes.every((route) => everyTrip(tripsOfRoute(asking, route)));
    }
    case 'stops':
      return everyTrip(links.tripsOfStop(row.stop_id ?? ''));
    case 'calendar':
    case 'calendar-dates':
      return false;
  }
}

/** What a new row of a user of one district or carrier says of itself, since it is theirs. */
export function ownColumns(user: User, register: RegisterName): PlanRow {
  if (isWide(user)) return {};
  const { district, providerId, role } = user;
  if (role === 'provider' && providerId !== null && (register === 'vehicles' || register === 'people'))
    return { operator_id: providerId };
  const byDistrict: readonly RegisterName[] = ['vehicles', 'people', 'schools', 'fences'];
  return district !== null && byDistrict.includes(register) ? { district } : {};
}

/** Columns of the registers that tell who a person is: masked in lists, and each look at them is audited. */
export const PERSONAL_COLUMNS: { readonly [register in RegisterName]?: readonly string[] } = {
  people: ['name', 'licence_no', 'card_no', 'phone'],
};

/** Sees everything that there is. */
export function isWide(user: User): boolean {
  const reach = POLICY[user.role].permits;
  return reach === 'all' || (reach === 'district' && user.district === null);
}

const seesVehicle = ({ user, facts, time }: RegisterAsking, vehicle: string | undefined): boolean =>
  !!vehicle && facts.plan.vehicles.has(vehicle) && vehicleAccess(user, facts, vehicle, time, null) !== null;

function isOwn(user: User, row: PlanRow): boolean {
  if (user.role === 'provider') return user.providerId !== null && row.operator_id === user.providerId;
  return user.district !== null && row.district === user.district;
}

/** A person is of the district or the carrier that their row names, and of the vehicles that they have to do with. */
function isPersonInReach(asking: RegisterAsking, row: PlanRow): boolean {
  const { user, links } = asking;
  if (isWide(user) || isOwn(user, row)) return true;
  const vehicles = [...(links.vehiclesOfPerson.get(row.person_id ?? '') ?? [])];
  return vehicles.some((vehicle) => seesVehicle(asking, vehicle));
}

const tripsOfRoute = ({ facts }: RegisterAsking, route: string | undefined): string[] =>
  [...facts.plan.trips.values()].filter((trip) => trip.routeId === route).map((trip) => trip.id);
