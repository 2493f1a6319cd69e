import type { Fence } from '../../geo/plan/plan.ts';
import { ceilingAlong, type Drive, driveTimetable } from './drive.ts';
import { driveLeg } from './leg-profile.ts';
import { makePath, metresBetween, metresFromPath, type Path } from './path.ts';
import { fencesTouching, speedCeiling } from './speed-ceiling.ts';

type Point = readonly [number, number];
export type RoadLine = readonly Point[];

/** How far the bus goes astray before it turns round, metres along the side road. */
const ASTRAY_M = 430;
/** The turning point is at least this far from every part of the route. */
const AWAY_M = 290;

/** Roads of the plan's base layer, as lines of [lon, lat]. */
export function roadLines(baseGeojson: string | undefined): RoadLine[] {
  if (!baseGeojson) return [];
  const base = JSON.parse(baseGeojson) as GeoJSON.FeatureCollection;
  return base.features.flatMap((feature) =>
    feature.geometry.type === 'LineString' && feature.properties?.class !== 'motorway'
      ? [feature.geometry.coordinates.map((p): Point => [p[0]!, p[1]!])]
      : [],
  );
}

export interface SideRoad {
  /** Where it leaves the path: index of the point, and metres along. */
  readonly at: number;
  readonly alongM: number;
  /** From the junction to the turning point, the junction left out. */
  readonly out: readonly Point[];
}

/** Side roads that leave the path between two distances and lead well away from all of it and of every fence. */
export function sideRoads(
  path: Path,
  fromM: number,
  toM: number,
  roads: readonly RoadLine[],
  fences: readonly Fence[],
): SideRoad[] {
  const found: SideRoad[] = [];
  path.points.forEach((junction, at) => {
    const alongM = path.alongM[at]!;
    if (alongM < fromM || alongM > toM) return;
    for (const road of roads) {
      const place = road.findIndex((point) => metresBetween(point, junction) < 0.5);
      if (place < 0) continue;
      for (const way of [road.slice(place), road.slice(0, place + 1).reverse()]) {
        const out = firstMetres(way, ASTRAY_M);
        if (!out || metresFromPath(path, out.at(-1)!) < AWAY_M) continue;
        const side = makePath([junction, ...out]);
        if (fencesTouching(side, 0, side.lengthM, fences).length === 0) found.push({ at, alongM, out });
      }
    }
  });
  return found;
}

/** The same run with a wrong turn into the side road, out and back; afterwards the bus makes good what it can. */
export function driveWithDetour(drive: Drive, side: SideRoad, fences: readonly Fence[]): Drive {
  const { points } = drive.path;
  const back = [...side.out].reverse().slice(1);
  const path = makePath([
    ...points.slice(0, side.at + 1),
    ...side.out,
    ...back,
    points[side.at]!,
    ...points.slice(side.at + 1),
  ]);
  const longerM = path.lengthM - drive.path.lengthM;
  const stops = drive.stops.map((stop) =>
    stop.alongM > side.alongM ? { ...stop, alongM: stop.alongM + longerM } : stop,
  );
  const astray = drive.stops.findIndex((stop) => stop.alongM > side.alongM) - 1;
  const ceiling = ceilingAlong(speedCeiling(path, fences));
  return driveTimetable(path, stops, ceiling, (leg) => {
    const planned = drive.legs[leg]!.profile;
    const cruise = Math.max(...planned.speedMps);
    if (leg < astray) return planned;
    return leg === astray ? driveLeg(stops[leg]!.alongM, stops[leg + 1]!.alongM, ceiling, cruise) : null;
  });
}

/** The first `lengthM` of a way without its first point, or null where it is shorter. */
function firstMetres(way: RoadLine, lengthM: number): Point[] | null {
  const out: Point[] = [];
  let leftM = lengthM;
  for (let i = 1; i < way.length; i++) {
    const [a, b] = [way[i - 1]!, way[i]!];
    const spanM = metresBetween(a, b);
    if (leftM <= spanM) {
      const share = leftM / spanM;
      out.push([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]);
      return out;
    }
    out.push(b);
    leftM -= spanM;
  }
  return null;
}
