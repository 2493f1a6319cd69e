import type { Fence, School, Trip, Vehicle } from '../plan.ts';
import type { PlanSource } from '../table.ts';
import type { ZoneClock } from '../time-zone.ts';

type Ids = { has(id: string): boolean };

/** What amendments may refer to. A register that the plan does not have is null: its ids are then taken as they are. */
export interface AmendmentContext {
  readonly clock: ZoneClock;
  readonly trips: ReadonlyMap<string, Pick<Trip, 'id' | 'routeId' | 'stopTimes'>>;
  readonly routes: Ids;
  readonly vehicles: ReadonlyMap<string, Vehicle> | null;
  readonly people: ReadonlyMap<string, { readonly role: string }> | null;
  readonly schools: ReadonlyMap<string, School> | null;
  readonly fences: readonly Pick<Fence, 'id'>[];
}

export interface AmendmentReading {
  readonly source: PlanSource;
  readonly context: AmendmentContext;
}

/** Districts that vehicles or schools of the plan belong to; null where it names none. */
export function districtsOf({ vehicles, schools }: AmendmentContext): ReadonlySet<string> | null {
  const districts = new Set<string>();
  for (const { district } of vehicles?.values() ?? []) if (district !== null) districts.add(district);
  for (const { district } of schools?.values() ?? []) if (district !== null) districts.add(district);
  return districts.size > 0 ? districts : null;
}
