import type { LonLat } from '../geometry/point.ts';
import { parseInteger } from './cells.ts';
import type { Agency, Route, Stop } from './plan.ts';
import { quoted } from './problems.ts';
import { type PlanSource, readLongTable, readTable, type Steps, type Table } from './table.ts';
import { isTimeZone } from './time-zone.ts';

export const AGENCY = {
  file: 'agency.txt',
  required: ['agency_name', 'agency_timezone'],
  optional: ['agency_id'],
} as const satisfies Table<string>;

export const ROUTES = {
  file: 'routes.txt',
  required: ['route_id', 'route_type'],
  optional: ['agency_id', 'route_short_name', 'route_long_name', 'route_color', 'corridor'],
} as const satisfies Table<string>;

export const STOPS = {
  file: 'stops.txt',
  required: ['stop_id'],
  optional: ['stop_name', 'stop_lat', 'stop_lon', 'location_type', 'parent_station'],
} as const satisfies Table<string>;

/** Nodes of a station's inner ways and boarding areas (GTFS location_type 3 and 4): no bus is told to stop there. */
const FIRST_INNER_LOCATION_TYPE = 3;

export function readAgencies(source: PlanSource): { agencies: Map<string, Agency>; timeZone: string } {
  const agencies = new Map<string, Agency>();
  let timeZone = '';
  readTable(source, AGENCY, (row) => {
    // A feed of one agency may leave its id out.
    const id = row.text('agency_id');
    if (agencies.has(id)) row.fail('agency_id', `${quoted(id)} is in the file twice`);
    const zone = row.needed('agency_timezone');
    if (zone !== '' && !isTimeZone(zone))
      row.fail('agency_timezone', `${quoted(zone)} is not an IANA time zone`);
    if (timeZone !== '' && zone !== timeZone) {
      row.fail('agency_timezone', `${quoted(zone)} is not that of the first agency, ${timeZone}`);
    }
    timeZone ||= zone;
    agencies.set(id, { id, name: row.text('agency_name') });
  });
  if (agencies.size === 0) source.problems.add(AGENCY.file, 1, '', 'has no rows: it says the time zone');
  return { agencies, timeZone };
}

export function readRoutes(source: PlanSource, agencies: ReadonlyMap<string, Agency>): Map<string, Route> {
  const routes = new Map<string, Route>();
  const only = agencies.size === 1 ? [...agencies.keys()][0] || null : null;
  readTable(source, ROUTES, (row) => {
    const id = row.newId('route_id', routes);
    const colour = row.text('route_color');
    const isColour = /^#?[0-9a-fA-F]{6}$/.test(colour);
    if (colour !== '' && !isColour) row.warn('route_color', `${quoted(colour)} is not a colour (RRGGBB)`);
    const corridor = row.oneOf('corridor', ['city', 'rural'], 'city');
    const route = {
      agencyId: row.optionalReference('agency_id', agencies, 'agency.txt') ?? only,
      shortName: row.text('route_short_name'),
      longName: row.text('route_long_name'),
      type: row.integer('route_type', 0, 1799),
      colour: isColour ? `#${colour.replace('#', '').toLowerCase()}` : null,
      ...(corridor === 'rural' ? { rural: true } : {}),
    };
    if (id !== null) routes.set(id, { id, ...route });
  });
  return routes;
}

export function readStops(source: PlanSource): Map<string, Stop> {
  const stops = new Map<string, Stop>();
  const parents: { line: number; parent: string }[] = [];
  readTable(source, STOPS, (row) => {
    const id = row.newId('stop_id', stops);
    const locationType = row.optionalInteger('location_type', 0, 4) ?? 0;
    const parent = row.textOrNull('parent_station');
    if (locationType >= FIRST_INNER_LOCATION_TYPE && row.text('stop_lat') === '') return;
    const [lon, lat] = row.place('stop_lon', 'stop_lat');
    if (parent !== null) parents.push({ line: row.line, parent });
    if (id !== null) stops.set(id, { id, name: row.text('stop_name'), lat, lon, locationType, parent });
  });
  for (const { line, parent } of parents) {
    if (stops.has(parent)) continue;
    source.warnings.add(STOPS.file, line, 'parent_station', `${quoted(parent)} is not in stops.txt`);
  }
  return stops;
}

export const SHAPES = {
  file: 'shapes.txt',
  required: ['shape_id', 'shape_pt_lat', 'shape_pt_lon', 'shape_pt_sequence'],
  optional: ['shape_dist_traveled'],
} as const satisfies Table<string>;

/** The points of one shape in order. */
export interface DrawnShape {
  readonly points: readonly LonLat[];
  /** shape_dist_traveled of each point, in the feed's own unit; null unless every point has it and it never falls. */
  readonly feedDistances: readonly number[] | null;
}

interface ShapePoint {
  readonly point: LonLat;
  readonly sequence: number;
  readonly feedDistance: number;
}

export function* readShapes(source: PlanSource): Steps<Map<string, DrawnShape>> {
  const pointsOf = new Map<string, ShapePoint[]>();
  let id = '';
  let points: ShapePoint[] = [];
  yield* readLongTable(source, SHAPES, (row) => {
    const rowId = row.needed('shape_id');
    if (rowId !== id) {
      id = rowId;
      points = pointsOf.get(id) ?? [];
      pointsOf.set(id, points);
    }
    const distance = row.text('shape_dist_traveled');
    points.push({
      point: row.place('shape_pt_lon', 'shape_pt_lat'),
      sequence: parseInteger(row.text('shape_pt_sequence')) ?? row.integer('shape_pt_sequence', 0, 2 ** 31),
      feedDistance: distance === '' ? Number.NaN : Number(distance),
    });
  });
  const shapes = new Map<string, DrawnShape>();
  for (const [shapeId, unordered] of pointsOf) {
    const ordered = inOrder(unordered);
    const feedDistances = ordered.map((p) => p.feedDistance);
    const usable = feedDistances.every((d, i) => d >= (i === 0 ? 0 : feedDistances[i - 1]!));
    shapes.set(shapeId, {
      points: ordered.map((p) => p.point),
      feedDistances: usable && feedDistances.at(-1)! > feedDistances[0]! ? feedDistances : null,
    });
  }
  return shapes;
}

function inOrder(points: ShapePoint[]): ShapePoint[] {
  for (let i = 1; i < points.length; i++) {
    if (points[i]!.sequence < points[i - 1]!.sequence) return points.sort((a, b) => a.sequence - b.sequence);
  }
  return points;
}
