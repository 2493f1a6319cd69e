import type { Grouping } from '../../reports/supervision.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';

/** How vehicles are grouped: by who runs them, where, or for which schools. A vehicle of none is of the group ''. */
export function groupsOfVehicle(
  facts: PlanFacts,
  by: Grouping,
  now: number,
  seesSchool: (school: string) => boolean,
): { groupsOf: (vehicle: string) => readonly string[]; nameOf: (group: string) => string } {
  const { plan } = facts;
  const none = (group: string) => (group === '' ? '—' : group);
  if (by === 'district')
    return { groupsOf: (vehicle) => [plan.vehicles.get(vehicle)?.district ?? ''], nameOf: none };
  if (by === 'provider') {
    return {
      groupsOf: (vehicle) => [plan.vehicles.get(vehicle)?.operatorId ?? ''],
      nameOf: (group) => plan.agencies.get(group)?.name ?? none(group),
    };
  }
  const schoolsOfRoute = new Map<string, Set<string>>();
  for (const { routeId, schoolIds } of plan.trips.values()) {
    const known = schoolsOfRoute.get(routeId) ?? new Set<string>();
    for (const school of schoolIds) known.add(school);
    schoolsOfRoute.set(routeId, known);
  }
  const schoolsOf = new Map<string, Set<string>>();
  const add = (vehicle: string, school: string): void => {
    if (!seesSchool(school)) return;
    const known = schoolsOf.get(vehicle) ?? new Set<string>();
    schoolsOf.set(vehicle, known.add(school));
  };
  for (const [vehicle, permits] of plan.permitsByVehicle)
    for (const permit of permits) {
      for (const school of permit.schoolIds) add(vehicle, school);
      for (const route of permit.routeIds)
        for (const school of schoolsOfRoute.get(route) ?? []) add(vehicle, school);
    }
  for (const [school, vehicles] of facts.dayAt(now).vehiclesBySchool)
    for (const vehicle of vehicles) add(vehicle, school);
  return {
    groupsOf: (vehicle) => [...(schoolsOf.get(vehicle) ?? ['']).values()],
    nameOf: (group) => plan.schools.get(group)?.name ?? none(group),
  };
}
