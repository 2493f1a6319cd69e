import { readCsv } from '../../geo/plan/csv.ts';
import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import { type Tenant, tenant } from '../store/tenancy/tenant.ts';

/** Whatever a rider, a crew or a school is bound to is bound through one row: this vehicle on this trip. */
interface Bound {
  readonly trip: string;
  readonly vehicle: string;
  readonly escort: string;
}

/**
 * To whom each vehicle of a plan belongs, whatever the day: its district and carrier, and the trips, schools and
 * escorts that any duty or dispatch of the plan binds it to. The policy knows the hours; this is for the wall behind it.
 */
export function vehicleTenants(plan: Plan, files: PlanFiles): Map<string, Set<Tenant>> {
  const tenants = new Map<string, Set<Tenant>>();
  const add = (vehicle: string, owner: Tenant): void => {
    const known = tenants.get(vehicle);
    if (known) known.add(owner);
    else tenants.set(vehicle, new Set([owner]));
  };
  for (const { id, district, operatorId } of plan.vehicles.values()) {
    if (district) add(id, tenant('district', district));
    if (operatorId) add(id, tenant('provider', operatorId));
  }
  for (const { trip, vehicle, escort } of bound(plan, files)) {
    if (vehicle === '') continue;
    add(vehicle, tenant('trip', trip));
    if (escort !== '') add(vehicle, tenant('escort', escort));
    for (const school of plan.trips.get(trip)?.schoolIds ?? []) add(vehicle, tenant('school', school));
  }
  return tenants;
}

/** The same with all else that names a row: terminals by their number, schools, and trips with whoever drives them. */
export function subjectTenants(
  plan: Plan,
  vehicles: ReadonlyMap<string, ReadonlySet<Tenant>>,
): Map<string, ReadonlySet<Tenant>> {
  const all = new Map<string, ReadonlySet<Tenant>>(vehicles);
  for (const [phone, { id }] of plan.vehicleByPhone) {
    const owners = vehicles.get(id);
    if (owners) all.set(`phone:${phone.replace(/^0+/, '')}`, owners);
  }
  for (const { id, district } of plan.schools.values())
    all.set(
      tenant('school', id),
      new Set([tenant('school', id), ...(district ? [tenant('district', district)] : [])]),
    );
  const ofTrip = new Map<string, Set<Tenant>>();
  for (const owners of vehicles.values()) {
    for (const trip of owners) {
      if (!trip.startsWith('trip:')) continue;
      const known = ofTrip.get(trip) ?? new Set([trip]);
      ofTrip.set(trip, known);
      for (const owner of owners) if (/^(district|provider|escort):/.test(owner)) known.add(owner);
    }
  }
  for (const { id, schoolIds } of plan.trips.values()) {
    const own = tenant('trip', id);
    const owners = ofTrip.get(own) ?? new Set([own]);
    for (const school of schoolIds)
      for (const owner of all.get(tenant('school', school)) ?? []) owners.add(owner);
    all.set(own, owners);
  }
  return all;
}

function* bound(plan: Plan, files: PlanFiles): Iterable<Bound> {
  const vehiclesOfTrip = new Map<string, Set<string>>();
  const escortsOfTrip = new Map<string, Set<string>>();
  const note = (of: Map<string, Set<string>>, trip: string, id: string): void => {
    const known = of.get(trip);
    if (known) known.add(id);
    else of.set(trip, new Set([id]));
  };
  for (const duty of duties(files.get('duties.csv') ?? '')) {
    yield duty;
    note(vehiclesOfTrip, duty.trip, duty.vehicle);
    note(escortsOfTrip, duty.trip, duty.escort);
  }
  // Dispatch names a vehicle or an escort; whoever else is on the trip stays.
  for (const { action, tripId, value } of plan.amendments.dispatch) {
    if (action === 'vehicle' || action === 'split') note(vehiclesOfTrip, tripId, value);
    if (action === 'escort') note(escortsOfTrip, tripId, value);
    // The riders of a trip that is merged go on with the other one's vehicle.
    if (action === 'merge')
      for (const vehicle of vehiclesOfTrip.get(value) ?? []) note(vehiclesOfTrip, tripId, vehicle);
  }
  const changed = new Set(plan.amendments.dispatch.map(({ tripId }) => tripId));
  for (const trip of changed) {
    for (const vehicle of vehiclesOfTrip.get(trip) ?? [])
      for (const escort of escortsOfTrip.get(trip) ?? ['']) yield { trip, vehicle, escort };
  }
}

function* duties(text: string): Iterable<Bound> {
  const csv = readCsv(text, () => undefined);
  if (!csv.next()) return;
  const header = csv.cells.map((name) => name.toLowerCase().replace(/\s+/g, '_'));
  csv.want(['trip_id', 'vehicle_id', 'escort_id'].map((name) => header.indexOf(name)));
  while (csv.next()) {
    const [trip = '', vehicle = '', escort = ''] = csv.cells;
    yield { trip, vehicle, escort };
  }
}
