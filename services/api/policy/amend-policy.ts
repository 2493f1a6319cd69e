import type { User } from '../../store/store.ts';
import type { PlanFacts } from './plan-facts.ts';
import { type Action, may, maySeeSchool, maySeeTrip, POLICY } from './policy.ts';

/** What of a plan is amended through the API: its name there, its file, and who may. */
export const AMENDMENTS = {
  'rule-settings': { file: 'rule_settings.csv', action: 'rule_settings' },
  orders: { file: 'orders.csv', action: 'orders' },
  detours: { file: 'detours.csv', action: 'detours' },
  excuses: { file: 'excuses.csv', action: 'excuses' },
  'school-calendar': { file: 'school_calendar.csv', action: 'school_calendar' },
  dispatch: { file: 'dispatch.csv', action: 'dispatch' },
} as const satisfies { readonly [resource: string]: { readonly file: string; readonly action: Action } };

export type AmendmentResource = keyof typeof AMENDMENTS;

export const RESOURCES = Object.keys(AMENDMENTS) as AmendmentResource[];

export const resourceOf = (file: string): AmendmentResource | null =>
  RESOURCES.find((resource) => AMENDMENTS[resource].file === file) ?? null;

/** What the user may amend at all. */
export const amendable = (user: User): AmendmentResource[] =>
  RESOURCES.filter((resource) => may(user, AMENDMENTS[resource].action));

/**
 * May the user put this row in force or take it out? Whoever sees a part of the plan may amend that part alone: a row
 * that binds everybody is for those who see everything.
 */
export function mayAmend(
  user: User,
  facts: PlanFacts,
  resource: AmendmentResource,
  row: { readonly [column: string]: string },
  time: number,
): boolean {
  if (!may(user, AMENDMENTS[resource].action)) return false;
  const reach = POLICY[user.role].runs;
  if (reach === 'all' || (reach === 'district' && user.district === null)) return true;
  const ofDistrict = (district: string | undefined) =>
    reach === 'district' && !!district && district === user.district;
  const ofTrip = () => !!row.trip_id && maySeeTrip(user, facts, row.trip_id, time);
  switch (resource) {
    case 'rule-settings':
      return false;
    case 'orders':
      return ofDistrict(row.district);
    case 'school-calendar':
      return (!!row.school_id && maySeeSchool(user, facts, row.school_id, time)) || ofDistrict(row.district);
    case 'detours':
    case 'excuses':
      if (row.trip_id) return ofTrip();
      return !!row.route_id && mayAmendRoute(user, facts, row.route_id, time);
    case 'dispatch':
      // A carrier sends its own vehicles and nobody else's.
      if (reach === 'provider' && SENDS.has(row.action ?? '') && !isOwnVehicle(user, facts, row.value ?? ''))
        return false;
      return ofTrip();
  }
}

/** May the user see the row? Besides their own, those that bind everybody. */
export function maySeeAmendment(
  user: User,
  facts: PlanFacts,
  resource: AmendmentResource,
  row: { readonly [column: string]: string },
  time: number,
): boolean {
  if (mayAmend(user, facts, resource, row, time)) return true;
  const bindsAll = !row.district && !row.school_id && !row.trip_id && !row.route_id;
  return resource !== 'rule-settings' && bindsAll && may(user, AMENDMENTS[resource].action);
}

/** Actions of dispatch whose value is a vehicle. */
const SENDS: ReadonlySet<string> = new Set(['vehicle', 'split']);

const isOwnVehicle = (user: User, facts: PlanFacts, vehicle: string): boolean =>
  facts.plan.vehicles.get(vehicle)?.operatorId === user.providerId;

/** A route all of whose trips the user may see. */
function mayAmendRoute(user: User, facts: PlanFacts, route: string, time: number): boolean {
  const trips = [...facts.plan.trips.values()].filter((trip) => trip.routeId === route);
  return trips.length > 0 && trips.every((trip) => maySeeTrip(user, facts, trip.id, time));
}
