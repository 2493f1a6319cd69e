import { pointInRings } from '../../geometry/polygon.ts';
import type { Plan } from '../plan.ts';
import { holdsAt, type WeatherOrder } from './amendments.ts';

const NONE: readonly WeatherOrder[] = [];

/** The weather orders that bind a vehicle on its run, at a place and an instant. */
export function ordersAt(
  plan: Plan,
  vehicle: string,
  trip: string | null,
  time: number,
  lat: number,
  lon: number,
): readonly WeatherOrder[] {
  const { orders } = plan.amendments;
  if (orders.length === 0) return NONE;
  return orders.filter(
    (order) =>
      holdsAt(order, time) &&
      (order.area === null || pointInRings([lon, lat], order.area)) &&
      (order.district === null || isOfDistrict(plan, vehicle, trip, order.district)),
  );
}

/** By its own district or by that of a school of its run. */
function isOfDistrict(plan: Plan, vehicle: string, trip: string | null, district: string): boolean {
  if (plan.vehicles.get(vehicle)?.district === district) return true;
  const schools = trip === null ? undefined : plan.trips.get(trip)?.schoolIds;
  return schools?.some((school) => plan.schools.get(school)?.district === district) ?? false;
}
