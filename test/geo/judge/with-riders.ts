import type { Plan } from '../../../geo/plan/plan.ts';

/** The plan with riders: of each trip the stops, one rider for each time that a stop is named. Ids are `stop/n`. */
export function withRiders(plan: Plan, stopsByTrip: { readonly [trip: string]: readonly string[] }): Plan {
  const rosterByTrip = new Map(
    Object.entries(stopsByTrip).map(([trip, stops]) => [
      trip,
      new Map(
        stops.map((stop, i) => [`${stop}/${stops.slice(0, i).filter((one) => one === stop).length}`, stop]),
      ),
    ]),
  );
  const ridersByTrip = new Map(
    [...rosterByTrip].map(([trip, roster]) => {
      const counts = new Map<string, number>();
      for (const stop of roster.values()) counts.set(stop, (counts.get(stop) ?? 0) + 1);
      return [trip, counts];
    }),
  );
  return { ...plan, rosterByTrip, ridersByTrip, registers: { ...plan.registers, riders: true } };
}
