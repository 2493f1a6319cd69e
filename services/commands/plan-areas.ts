import { fenceIndex } from '../../geo/judge/fence-index.ts';
import type { Fence, Plan, Run, School } from '../../geo/plan/plan.ts';
import { zoneClock } from '../../geo/plan/time-zone.ts';
import { speeding } from '../../geo/rules/speeding.ts';
import type { Areas } from './kinds/areas.ts';
import { type RouteSection, routeSections } from './route-sections.ts';

/** What of the plan a terminal is given to watch by itself. */
export interface PlanForTerminal {
  readonly areas: Areas;
  /** Some of its way is on a motorway. */
  readonly motorway: boolean;
  /** Areas near its way that there was no room for. */
  readonly leftOut: number;
}

/** Areas of one kind, routes, and points of one route: what common terminals keep. */
const MAX_AREAS = 60;
const MAX_ROUTES = 8;
const MAX_ROUTE_POINTS = 200;
const MAX_VERTICES = 100;
/** Areas farther from the bus's ways are not its concern. */
const NEAR_DEG = 0.02;
/** RULES R03: a bus is off its route 60 m to each side of it. */
const ROUTE_WIDTH_M = 120;
/** A school without a drawn fence: RULES R11 counts nothing under 50 m. */
const SCHOOL_RADIUS_M = 80;
const OVERSPEED_S = 10;

type Point = readonly [number, number];
type Rule = Omit<Areas['circles'][number], 'lat' | 'lon' | 'radiusM'>;

/** The areas along the runs of one bus, and each way that it drives with the limit of every section. */
export function planForTerminal(plan: Plan, runs: readonly Run[]): PlanForTerminal {
  const clock = zoneClock(plan.timeZone);
  const fencesAt = fenceIndex(plan.fences, (time) => clock.localTime(time).secondsOfDay);
  const ways = waysOf(plan, runs).map(({ run, name }, i) => {
    const shape = plan.shapes.get(run.trip.shapeId);
    const sections = shape ? routeSections(run, shape, fencesAt, MAX_ROUTE_POINTS) : [];
    return { id: i + 1, name, sections };
  });
  const near = nearness(ways.flatMap(({ sections }) => sections));
  const areas: Areas = {
    planVersion: plan.version,
    circles: [],
    rectangles: [],
    polygons: [],
    routes: ways
      .filter(({ sections }) => sections.length > 1)
      .map(({ id, name, sections }) => route(id, name, sections)),
  };
  let nextId = 1;
  let leftOut = 0;
  const put = <T>(list: T[], area: T): void => {
    if (list.length < MAX_AREAS) list.push(area);
    else leftOut += 1;
  };
  const putRing = (rule: Omit<Rule, 'id'>, ring: readonly Point[]): void => {
    const corners = open(ring);
    if (!near(corners)) return;
    const withId = { id: nextId++, ...rule };
    const box = rectangleOf(corners);
    if (box) put(areas.rectangles, { ...withId, ...box });
    else if (corners.length <= MAX_VERTICES)
      put(areas.polygons, { ...withId, vertices: corners.map(([lon, lat]) => [round(lon), round(lat)]) });
    else leftOut += 1;
  };
  for (const fence of plan.fences)
    for (const ring of ringsOf(fence)) for (const rule of rulesOf(fence)) putRing(rule, ring);
  for (const school of plan.schools.values()) {
    const rule = { name: school.name, tellPlatform: true };
    if (school.geofence) putRing(rule, (school.geofence[0] ?? []) as readonly Point[]);
    else if (near([[school.lon, school.lat]])) put(areas.circles, circle(nextId++, school));
  }
  const limits = ways.flatMap(({ sections }) => sections.map(({ maxSpeedKmh }) => maxSpeedKmh));
  return { areas, leftOut, motorway: Math.max(0, ...limits) > speeding.defaults.otherRoadKmh };
}

/** One way for each line driven, named by its route and where it goes. */
function waysOf(plan: Plan, runs: readonly Run[]): { run: Run; name: string }[] {
  const byShape = new Map<string, Run>();
  for (const run of runs) if (!byShape.has(run.trip.shapeId)) byShape.set(run.trip.shapeId, run);
  return [...byShape.values()].slice(0, MAX_ROUTES).map((run) => {
    const named = plan.routes.get(run.trip.routeId);
    return {
      run,
      name: `${named?.shortName || named?.longName || ''} ${run.trip.headsign}`.trim().slice(0, 50),
    };
  });
}

function route(id: number, name: string, sections: readonly RouteSection[]): Areas['routes'][number] {
  return {
    id,
    name,
    tellDriver: true,
    tellPlatform: true,
    overspeedDurationS: OVERSPEED_S,
    points: sections.map((section) => ({ ...section, widthM: ROUTE_WIDTH_M })),
  };
}

/**
 * What a terminal shall do about a fence: one rule for each of its daily windows. Lines have no area; their limits are
 * in the sections of the routes.
 */
function rulesOf(fence: Fence): Omit<Rule, 'id'>[] {
  const duty = dutyOf(fence);
  // A terminal knows neither weekdays nor that an area is for other vehicles.
  if (duty === null || fence.weekdays !== undefined || fence.vehicles !== undefined) return [];
  const rule = { name: (fence.name || fence.id).slice(0, 50), ...duty };
  if (fence.windows.length === 0) return [rule];
  return fence.windows.map(([from, to]) => ({ ...rule, from: clockText(from), to: clockText(to) }));
}

function dutyOf({ kind, speedLimitKmh }: Fence): Partial<Rule> | null {
  const limited = (kmh: number) => ({ maxSpeedKmh: Math.round(kmh), overspeedDurationS: OVERSPEED_S });
  switch (kind) {
    case 'speed_zone':
      return limited(speedLimitKmh ?? speeding.defaults.otherRoadKmh);
    case 'danger_section': {
      const legal = speeding.defaults.dangerSectionKmh;
      return { ...limited(Math.min(speedLimitKmh ?? legal, legal)), tellDriver: true };
    }
    case 'forbidden':
      return { tellDriver: true, tellPlatform: true };
    case 'school':
    case 'depot':
      return { tellPlatform: true, ...(speedLimitKmh === null ? {} : limited(speedLimitKmh)) };
    // Of the rest a terminal has nothing to do.
    default:
      return null;
  }
}

/** Outer rings: a terminal's polygon has no holes. */
function ringsOf({ geometry }: Fence): (readonly Point[])[] {
  if (geometry.type === 'Polygon') return [(geometry.coordinates[0] ?? []) as unknown as readonly Point[]];
  if (geometry.type === 'MultiPolygon')
    return geometry.coordinates.map((rings) => (rings[0] ?? []) as unknown as readonly Point[]);
  return [];
}

/** Without the point that closes it. */
function open(ring: readonly Point[]): readonly Point[] {
  const [first, last] = [ring[0], ring.at(-1)];
  return first && last && ring.length > 1 && first[0] === last[0] && first[1] === last[1]
    ? ring.slice(0, -1)
    : ring;
}

/** The edges of four corners that lie square to the compass, else null. */
function rectangleOf(corners: readonly Point[]) {
  if (corners.length !== 4) return null;
  const lons = [...new Set(corners.map(([lon]) => lon))].sort((a, b) => a - b);
  const lats = [...new Set(corners.map(([, lat]) => lat))].sort((a, b) => a - b);
  const [west, east] = lons;
  const [south, north] = lats;
  if (lons.length !== 2 || lats.length !== 2) return null;
  if (west === undefined || east === undefined || south === undefined || north === undefined) return null;
  // Each corner shares one edge with the next, or the four are a bow tie.
  const square = corners.every(([lon, lat], i) => {
    const next = corners[(i + 1) % 4] as Point;
    return (lon === next[0]) !== (lat === next[1]);
  });
  return square ? { north: round(north), west: round(west), south: round(south), east: round(east) } : null;
}

/** Tests whether an area comes near any of the ways; without a way every area counts. */
function nearness(sections: readonly RouteSection[]): (corners: readonly Point[]) => boolean {
  if (sections.length === 0) return () => true;
  const box = boxOf(sections.map(({ lon, lat }): Point => [lon, lat]));
  return (corners) => {
    const area = boxOf(corners);
    return (
      area.west <= box.east + NEAR_DEG &&
      area.east >= box.west - NEAR_DEG &&
      area.south <= box.north + NEAR_DEG &&
      area.north >= box.south - NEAR_DEG
    );
  };
}

function boxOf(points: readonly Point[]) {
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return {
    west: Math.min(...lons),
    east: Math.max(...lons),
    south: Math.min(...lats),
    north: Math.max(...lats),
  };
}

const circle = (id: number, { name, lat, lon }: School): Areas['circles'][number] => ({
  id,
  name: name.slice(0, 50),
  lat: round(lat),
  lon: round(lon),
  radiusM: SCHOOL_RADIUS_M,
  tellPlatform: true,
});

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** A day's end is its last minute: a window has no 24:00. */
function clockText(seconds: number): string {
  const minutes = Math.min(Math.floor(seconds / 60), 24 * 60 - 1);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
