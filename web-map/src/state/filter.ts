import type { Severity } from '../../../geo/finding.ts';
import { serverNow } from '../clock.ts';
import { type BusState, lookOf } from '../fleet/bus-state.ts';
import {
  FILTER_KINDS,
  type FilterKind,
  type FleetFilter,
  filterOfQuery,
  isFiltering,
  passesFilter,
  queryOfValues,
} from '../fleet/fleet-filter.ts';
import { alerts } from './alerts.ts';
import { type Bus, buses } from './fleet.ts';
import { goWithQuery, place } from './place.ts';
import { register } from './plan.ts';
import { createStore } from './store.ts';

/** Which buses map and list show, read from the address, so that it can be linked and Back undoes it. */
export const fleetFilter = createStore<FleetFilter>(filterOfQuery(place.get().query));

place.subscribe(() => {
  const { query } = place.get();
  if (FILTER_KINDS.some((kind) => (query[kind] ?? '') !== queryOfValues(fleetFilter.get()[kind])))
    fleetFilter.set(filterOfQuery(query));
});

export function chooseFilter(kind: FilterKind, values: readonly string[]): void {
  goWithQuery({ [kind]: queryOfValues(values) }, 'replace');
}

export function clearFilter(): void {
  goWithQuery(Object.fromEntries(FILTER_KINDS.map((kind) => [kind, ''])), 'replace');
}

/** Is the bus shown, under the filter in force? */
export function isShown(bus: Bus, state: BusState, alert: Severity | null): boolean {
  const filter = fleetFilter.get();
  return (
    !isFiltering(filter) || passesFilter(filter, register.get().get(bus.view.vehicle), bus.view, state, alert)
  );
}

/** How many of the buses that reported the filter lets through. */
export function countShown(): number {
  if (!isFiltering(fleetFilter.get())) return buses.size;
  const now = serverNow();
  const { byBus } = alerts.get();
  let count = 0;
  for (const [vehicle, bus] of buses) {
    const alert = byBus.get(vehicle) ?? null;
    if (isShown(bus, lookOf(bus.view, alert, now, bus.timeMs).state, alert)) count++;
  }
  return count;
}
