import { pointInRings } from '../geometry/polygon.ts';
import type { PlanBase } from './build-plan.ts';
import { warnOfDoubleDuties } from './double-duties.ts';
import type { Permit } from './plan.ts';
import { quoted } from './problems.ts';
import { DUTIES, type Duty } from './read-duties.ts';
import { PERMITS, RIDERS, SCHOOLS } from './read-registers.ts';
import type { ServiceCalendar } from './service-calendar.ts';
import type { PlanSource } from './table.ts';

/**
 * What stands in a sound plan and yet will cause alerts, or shows that something was forgotten. Only of what the plan
 * has registers for.
 */
export function warnOfStaffMatters(
  source: PlanSource,
  plan: PlanBase['plan'],
  duties: readonly Duty[],
  permits: readonly Permit[],
  calendar: ServiceCalendar,
): void {
  const said = new Set<string>();
  /** A fact about a vehicle or a driver is said at the first duty that it touches. */
  const warnDuty = (duty: Duty, column: string, reason: string) => {
    if (said.has(reason)) return;
    said.add(reason);
    source.warnings.add(DUTIES.file, duty.line, column, reason);
  };
  for (const duty of duties) {
    const trip = plan.trips.get(duty.tripId);
    if (!trip) continue;
    if (plan.registers.people) {
      if (duty.escortId === null) warnDuty(duty, 'escort_id', `trip ${quoted(trip.id)} has no escort`);
      if (duty.driverId === null) warnDuty(duty, 'driver_id', `trip ${quoted(trip.id)} has no driver`);
      const driver = duty.driverId === null ? undefined : plan.people.get(duty.driverId);
      const lastDate = lastDateOf(duty, calendar);
      if (driver?.licenceValidTo && lastDate && driver.licenceValidTo < lastDate) {
        warnDuty(duty, 'driver_id', `the licence of ${quoted(driver.id)} ends on ${driver.licenceValidTo}`);
      }
    }
    if (plan.registers.permits && duty.vehicleId !== null) {
      const reason = permitGap(plan.permitsByVehicle.get(duty.vehicleId) ?? [], duty, trip.routeId, calendar);
      if (reason) warnDuty(duty, 'vehicle_id', `vehicle ${quoted(duty.vehicleId)} ${reason}`);
    }
  }
  warnOfDoubleDuties(source, duties, plan.trips);
  if (plan.registers.riders && plan.registers.duties) {
    for (const tripId of new Set(duties.map((duty) => duty.tripId))) {
      if (plan.ridersByTrip.has(tripId)) continue;
      source.warnings.add(
        RIDERS.file,
        0,
        'trip_id',
        `nobody rides on trip ${quoted(tripId)}, which has a duty`,
      );
    }
  }
  if (plan.registers.vehicles) {
    for (const permit of permits) {
      const type = plan.vehicles.get(permit.vehicleId)?.schoolBusType;
      if (type !== 'none') continue;
      const reason = `permit ${quoted(permit.no)} is of vehicle ${quoted(permit.vehicleId)}, which is no school bus`;
      source.warnings.add(PERMITS.file, 0, 'vehicle_id', reason);
    }
  }
  const served = new Set([...plan.trips.values()].flatMap((trip) => trip.schoolIds));
  for (const { id, lon, lat, geofence } of plan.schools.values()) {
    if (!served.has(id))
      source.warnings.add(SCHOOLS.file, 0, 'school_id', `no trip serves school ${quoted(id)}`);
    if (geofence && !pointInRings([lon, lat], geofence)) {
      source.warnings.add(SCHOOLS.file, 0, 'geofence', `school ${quoted(id)} lies outside its own geofence`);
    }
  }
  if (calendar.span === null) source.warnings.add('calendar.txt', 0, '', 'no service ever runs');
}

/** Why no permit covers this duty for as long as it lasts; null where one does. */
function permitGap(
  permits: readonly Permit[],
  duty: Duty,
  routeId: string,
  calendar: ServiceCalendar,
): string | null {
  const valid = permits.filter((permit) => permit.status === 'valid');
  if (valid.length === 0)
    return permits.length === 0 ? 'has no permit' : `has only permits that are not valid`;
  const ofRoute = valid.filter((permit) => permit.routeIds.length === 0 || permit.routeIds.includes(routeId));
  if (ofRoute.length === 0) return `has no permit for route ${quoted(routeId)}`;
  const lastDate = lastDateOf(duty, calendar);
  const until = ofRoute.map((permit) => permit.validTo).sort();
  if (lastDate !== null && until.at(-1)! < lastDate) {
    return `has a permit until ${until.at(-1)}, and duties until ${lastDate}`;
  }
  return null;
}

function lastDateOf(duty: Duty, calendar: ServiceCalendar): string | null {
  return duty.serviceDate ?? (duty.serviceId === null ? null : calendar.lastDate(duty.serviceId));
}
