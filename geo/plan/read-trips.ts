import type { Route } from './plan.ts';
import { quoted } from './problems.ts';
import type { ServiceCalendar } from './service-calendar.ts';
import { type PlanSource, readTable, type Table } from './table.ts';

export const TRIPS = {
  file: 'trips.txt',
  required: ['trip_id', 'route_id', 'service_id'],
  optional: ['trip_headsign', 'direction_id', 'shape_id'],
} as const satisfies Table<string>;

export const FREQUENCIES = {
  file: 'frequencies.txt',
  required: ['trip_id'],
  optional: [],
} as const satisfies Table<string>;

/** A row of trips.txt, before its stop times make it a trip. */
export interface TripRow {
  readonly id: string;
  readonly routeId: string;
  readonly serviceId: string;
  readonly headsign: string;
  readonly direction: 0 | 1 | null;
  /** Null where none is named or shapes.txt has not two points of it. */
  readonly shapeId: string | null;
  readonly line: number;
}

export function readTripRows(
  source: PlanSource,
  routes: ReadonlyMap<string, Route>,
  calendar: ServiceCalendar,
  shapes: ReadonlyMap<string, { readonly points: readonly unknown[] }>,
): Map<string, TripRow> {
  const trips = new Map<string, TripRow>();
  const neverRun = new Set<string>();
  readTable(source, TRIPS, (row) => {
    const id = row.newId('trip_id', trips);
    const routeId = row.reference('route_id', routes, 'routes.txt');
    const serviceId = row.needed('service_id');
    if (serviceId !== '' && !calendar.has(serviceId) && !neverRun.has(serviceId)) {
      neverRun.add(serviceId);
      row.warn('service_id', `${quoted(serviceId)} is in neither calendar file: trips of it never run`);
    }
    const direction = row.optionalInteger('direction_id', 0, 1);
    const shapeId = row.textOrNull('shape_id');
    const drawn = shapeId !== null && (shapes.get(shapeId)?.points.length ?? 0) >= 2;
    if (shapeId !== null && !drawn) {
      row.warn(
        'shape_id',
        `${quoted(shapeId)} has no line in shapes.txt: straight lines between its stops serve`,
      );
    }
    if (id === null) return;
    trips.set(id, {
      id,
      routeId: routes.get(routeId)?.id ?? routeId,
      serviceId,
      headsign: row.text('trip_headsign'),
      direction: direction === 0 || direction === 1 ? direction : null,
      shapeId: drawn ? shapeId : null,
      line: row.line,
    });
  });
  let repeated = 0;
  readTable(source, FREQUENCIES, (row) => {
    row.reference('trip_id', trips, 'trips.txt');
    if (repeated++ === 0) {
      row.warn(
        'trip_id',
        'headways are not spread into runs: each trip runs once, at the times of stop_times.txt',
      );
    }
  });
  return trips;
}
