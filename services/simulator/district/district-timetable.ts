import { ceilingAlong, type TimedStop } from '../drive.ts';
import { driveLeg } from '../leg-profile.ts';
import { makePath, type Path } from '../path.ts';
import { DRIVER, speedCeiling } from '../speed-ceiling.ts';
import { districtFences, inDangerSection } from './district-fences.ts';
import { type DistrictRoute, ROUTES, type RouteStop, routeStops, routeWay } from './district-routes.ts';
import { roadsWithSchools } from './district-schools.ts';
import { lonLat } from './metric-frame.ts';
import type { RoadNetwork } from './road-network.ts';

/** One direction of a route: the line, its stops in order, and their times after the start of a run. */
export interface RoutePattern {
  readonly route: DistrictRoute;
  /** 0 to the school, 1 from it. */
  readonly direction: 0 | 1;
  readonly path: Path;
  readonly stops: readonly { readonly stop: RouteStop; readonly timed: TimedStop }[];
}

export interface District {
  readonly network: RoadNetwork;
  readonly patterns: readonly RoutePattern[];
}

/** Seconds for pupils to get on or off, by stop; the same at each run. */
function dwellS(place: number): number {
  return 20 + ((place * 7) % 5) * 5;
}

export function buildDistrict(): District {
  const network = roadsWithSchools();
  const closed = inDangerSection(network);
  const patterns = ROUTES.flatMap((route) => {
    const way = routeWay(network, route);
    const outward = makePath(way.line.map(lonLat));
    const lengthM = way.edges.reduce((sum, edge) => sum + edge.lengthM, 0);
    // Distances were taken in the flat frame; on the ellipsoid they differ by some parts in ten thousand.
    const stretch = outward.lengthM / lengthM;
    const stops = routeStops(route, way.edges, closed).map((stop) => ({
      ...stop,
      alongM: stop.alongM * stretch,
    }));
    const back = makePath([...outward.points].reverse());
    const stopsBack = [...stops].reverse().map((stop) => ({ ...stop, alongM: back.lengthM - stop.alongM }));
    return [pattern(network, route, 0, outward, stops), pattern(network, route, 1, back, stopsBack)];
  });
  return { network, patterns };
}

/** Times as an even driver makes them: one cruising speed for the whole run, chosen so that it takes `runS`. */
function pattern(
  network: RoadNetwork,
  route: DistrictRoute,
  direction: 0 | 1,
  path: Path,
  stops: readonly RouteStop[],
): RoutePattern {
  const ceiling = ceilingAlong(speedCeiling(path, districtFences(network)));
  const legs = (cruiseMps: number) =>
    stops.slice(1).map((stop, i) => driveLeg(stops[i]!.alongM, stop.alongM, ceiling, cruiseMps).durationS);
  const dwells = stops.map((_, i) => (i === 0 || i === stops.length - 1 ? 0 : dwellS(i)));
  const driveS = route.runS - dwells.reduce((sum, s) => sum + s, 0);
  let [slow, fast]: [number, number] = [3, DRIVER.topMps];
  for (let round = 0; round < 20; round++) {
    const middle = (slow + fast) / 2;
    if (legs(middle).reduce((sum, s) => sum + s, 0) > driveS) slow = middle;
    else fast = middle;
  }
  let atS = 0;
  const durations = legs(fast);
  const timed = stops.map((stop, i): TimedStop => {
    const arrivalS = i === 0 ? 0 : i === stops.length - 1 ? route.runS : Math.ceil(atS + durations[i - 1]!);
    atS = arrivalS + dwells[i]!;
    return { alongM: stop.alongM, arrivalS, departureS: atS };
  });
  return { route, direction, path, stops: stops.map((stop, i) => ({ stop, timed: timed[i]! })) };
}
