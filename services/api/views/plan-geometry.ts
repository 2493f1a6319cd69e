import type { Plan, School } from '../../../geo/plan/plan.ts';
import type { User } from '../../store/store.ts';
import type { PlanGeometry } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { hasShareIn, maySeeSchool, maySeeTrip, stopsOfTrip } from '../policy/policy.ts';
import { routeName, routeShortName } from './position-view.ts';
import { simplifyLine } from './simplify-line.ts';

/** A line on the map may be this far from the planned one: less than a lane. */
const LINE_TOLERANCE_M = 2;

/** Everything of the plan that is drawn, as far as the user may see it. */
export function planGeometry(user: User, facts: PlanFacts, now: number): PlanGeometry {
  const { plan } = facts;
  /** Shapes of each route, and routes of each stop. */
  const shapes = new Map<string, Set<string>>();
  const stops = new Map<string, Set<string>>();
  for (const trip of plan.trips.values()) {
    if (!maySeeTrip(user, facts, trip.id, now)) continue;
    const seen = stopsOfTrip(user, facts, trip.id);
    // The line tells where everybody's stops are: it is for those who may see every stop.
    if (seen === 'all') setOf(shapes, trip.routeId).add(trip.shapeId);
    for (const { stopId } of trip.stopTimes) {
      if (seen === 'all' || seen.has(stopId)) setOf(stops, stopId).add(trip.routeId);
    }
  }
  const schools = [...plan.schools.values()].filter((school) => maySeeSchool(user, facts, school.id, now));
  return {
    version: plan.version,
    routes: collection([...shapes].flatMap(([route, ids]) => routeLines(plan, route, ids))),
    stops: collection([...stops].flatMap(([id, routes]) => stopPoint(plan, id, routes))),
    schools: collection(
      schools.map(({ id, name, lon, lat }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [lon, lat] },
        properties: { id, name },
      })),
    ),
    fences: collection([
      ...(hasShareIn(user, 'fences') ? plan.fences : []).map(({ id, name, kind, geometry }) => ({
        type: 'Feature' as const,
        geometry,
        properties: { id, name, kind },
      })),
      ...schools.flatMap(schoolGrounds),
    ]),
    base: baseLayer(facts),
  };
}

function routeLines(
  plan: Plan,
  routeId: string,
  shapeIds: ReadonlySet<string>,
): PlanGeometry['routes']['features'] {
  const route = plan.routes.get(routeId);
  if (!route) return [];
  const properties = {
    id: routeId,
    name: routeName(route),
    shortName: routeShortName(route),
    colour: route.colour,
  };
  return [...shapeIds].flatMap((id) => {
    const points = plan.shapes.get(id)?.points ?? [];
    if (points.length < 2) return [];
    const coordinates = simplifyLine(points, LINE_TOLERANCE_M).map(([lon, lat]) => [fine(lon), fine(lat)]);
    return { type: 'Feature' as const, geometry: { type: 'LineString' as const, coordinates }, properties };
  });
}

function stopPoint(plan: Plan, id: string, routes: ReadonlySet<string>): PlanGeometry['stops']['features'] {
  const stop = plan.stops.get(id);
  if (!stop) return [];
  const geometry = { type: 'Point' as const, coordinates: [fine(stop.lon), fine(stop.lat)] };
  return [{ type: 'Feature', geometry, properties: { id, name: stop.name, routes: [...routes] } }];
}

function schoolGrounds({ id, name, geofence }: School): PlanGeometry['fences']['features'] {
  if (!geofence) return [];
  const coordinates = geofence.map((ring) => ring.map(([lon, lat]) => [lon, lat]));
  const properties = { id: `school:${id}`, name, kind: 'school' };
  return [{ type: 'Feature', geometry: { type: 'Polygon', coordinates }, properties }];
}

/** The plan's own roads, water and places; nothing of it is anybody's secret. */
function baseLayer(facts: PlanFacts): PlanGeometry['base'] {
  const text = facts.files?.get('base.geojson');
  if (text) {
    try {
      const parsed = JSON.parse(text) as PlanGeometry['base'];
      if (parsed.type === 'FeatureCollection' && Array.isArray(parsed.features)) return parsed;
    } catch {
      // Not JSON: it is only decoration, and the map does without it.
    }
  }
  return collection([]);
}

/** A tenth of a metre is more than a map shows. */
const fine = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

function collection<G extends GeoJSON.Geometry, P>(
  features: GeoJSON.Feature<G, P>[],
): GeoJSON.FeatureCollection<G, P> {
  return { type: 'FeatureCollection', features };
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key) ?? new Set<string>();
  map.set(key, known);
  return known;
}
