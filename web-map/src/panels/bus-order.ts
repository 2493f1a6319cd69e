import { serverNow } from '../clock.ts';
import { type BusState, lookOf } from '../fleet/bus-state.ts';
import { type FleetFilter, isFiltering, passesFilter } from '../fleet/fleet-filter.ts';
import { alerts } from '../state/alerts.ts';
import type { BusRow } from '../state/bus-rows.ts';
import { buses } from '../state/fleet.ts';

export interface Sorting {
  by: string;
  down: boolean;
}

const ORDER: readonly BusState[] = [
  'alertP1',
  'alertP2',
  'alertP3',
  'late',
  'onRoute',
  'stopped',
  'offDuty',
  'noFix',
  'stale',
];

/** The rows that the filter lets through, in the order asked for. `rows` are in the order of their plates. */
export function arranged(rows: readonly BusRow[], filter: FleetFilter, sorting: Sorting): readonly BusRow[] {
  const now = serverNow();
  const { byBus } = alerts.get();
  const stateOf = ({ vehicle }: BusRow): BusState | null => {
    const bus = buses.get(vehicle);
    return bus ? lookOf(bus.view, byBus.get(vehicle) ?? null, now, bus.timeMs).state : null;
  };
  const shown = isFiltering(filter)
    ? rows.filter((row) =>
        passesFilter(
          filter,
          row.registered ?? undefined,
          buses.get(row.vehicle)?.view ?? null,
          stateOf(row),
          byBus.get(row.vehicle) ?? null,
        ),
      )
    : rows;
  if (sorting.by === 'plate') return sorting.down ? [...shown].reverse() : shown;
  const measure = MEASURES[sorting.by];
  const keys = new Map(
    shown.map((row) => {
      const state = stateOf(row);
      return [row, measure ? measure(row) : state === null ? ORDER.length : ORDER.indexOf(state)];
    }),
  );
  const sign = sorting.down ? -1 : 1;
  return [...shown].sort((a, b) => sign * (keys.get(a)! - keys.get(b)!));
}

/** What a column is sorted by; `state` by how much it asks for. Buses without the value come first. */
const MEASURES: { readonly [column: string]: (row: BusRow) => number } = {
  age: ({ vehicle }) => -(buses.get(vehicle)?.timeMs ?? 0),
  speed: ({ vehicle }) => buses.get(vehicle)?.view.speedKmh ?? -1,
  delay: ({ vehicle }) => buses.get(vehicle)?.view.run?.delayS ?? Number.NEGATIVE_INFINITY,
};
