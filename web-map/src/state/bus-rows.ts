import type { FleetVehicleView, PositionView } from '../../../services/api/contract.ts';
import { type Findable, searchText } from '../fleet/search.ts';
import { buses } from './fleet.ts';
import { plan, register } from './plan.ts';

/** One bus as lists show it: what the register knows; what it last reported is read when it is shown. */
export interface BusRow extends Findable {
  readonly routeShortName: string | null;
  readonly schoolNames: readonly string[];
  readonly registered: FleetVehicleView | null;
  /** What it is found by. */
  readonly text: string;
  /** What it is sorted by when by plate. */
  readonly key: string;
}

/** Runs change within a day, and with them the route and school that a bus is found by. */
const ANEW_EVERY_MS = 60_000;

let made: { rows: BusRow[]; of: unknown; count: number; plan: unknown; at: number } | null = null;

/** Every bus that reported or is on the register, by plate; made anew when either has changed. */
export function busRows(): readonly BusRow[] {
  const of = register.get();
  const { geometry } = plan.get();
  const now = performance.now();
  const stands =
    made !== null &&
    made.of === of &&
    made.plan === geometry &&
    made.count === buses.size &&
    now - made.at < ANEW_EVERY_MS;
  if (made !== null && stands) return made.rows;
  const schools = new Map(
    geometry?.schools.features.map(({ properties }) => [properties.id, properties.name]),
  );
  const rows = [...new Set([...buses.keys(), ...of.keys()])].map((vehicle) => rowOf(vehicle, schools));
  rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  made = { rows, of, count: buses.size, plan: geometry, at: now };
  return rows;
}

function rowOf(vehicle: string, schools: ReadonlyMap<string, string>): BusRow {
  const registered = register.get().get(vehicle) ?? null;
  const position = buses.get(vehicle)?.view ?? null;
  const plate = position?.plate ?? (registered?.plate || null);
  const schoolIds = new Set([...(position?.schoolIds ?? []), ...(registered?.schoolIds ?? [])]);
  const findable = {
    vehicle,
    plate,
    routeName: position?.run?.routeName ?? registered?.routeName ?? null,
    routeShortName: position?.run?.routeShortName ?? registered?.routeShortName ?? null,
    driver: registered?.driver ?? null,
    schoolNames: [...schoolIds].map((id) => schools.get(id) ?? id),
  };
  return { ...findable, registered, text: searchText(findable), key: sortKey(plate ?? vehicle) };
}

/** Numbers in their order: 9 before 10. */
const sortKey = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(9, '0'));

export const positionOf = (vehicle: string): PositionView | null => buses.get(vehicle)?.view ?? null;
