import type { Fence } from '../../geo/plan/plan.ts';
import { bearingDeg, metresBetween, type Path, pointAlong } from './path.ts';

/** Highest sensible speed at evenly spaced places of a path, its end included. */
export interface SpeedCeiling {
  readonly stepM: number;
  readonly speedMps: Float64Array;
}

/** How a careful school-bus driver drives. Speeds in metres a second, accelerations in metres a second squared. */
export const DRIVER = {
  /** 54 km/h, well under the 60 km/h that the law allows with pupils aboard. */
  topMps: 15,
  /** Share of a posted limit that is used. */
  shareOfLimit: 0.85,
  /** How far before and behind a fence its limit is kept, so that GNSS noise cannot make an offence of it. */
  fenceMarginM: 45,
  acceleration: 0.9,
  braking: 1.1,
  /** Sideways acceleration in a bend. */
  sideways: 1.6,
  /** A sharp bend has limits of its own: 20 km/h in sections tagged as dangerous. */
  dangerMps: 20 / 3.6,
} as const;

const STEP_M = 10;
/** A bend is measured over this stretch to either side. */
const BEND_REACH_M = 15;

/** Ceilings from the law, the fences with limits and the bends of the road. */
export function speedCeiling(path: Path, fences: readonly Fence[]): SpeedCeiling {
  const steps = Math.max(1, Math.ceil(path.lengthM / STEP_M));
  const stepM = path.lengthM / steps;
  const limits = fences.flatMap(fenceLimit);
  const speedMps = new Float64Array(steps + 1).fill(DRIVER.topMps);
  for (let i = 0; i <= steps; i++) {
    const at = pointAlong(path, i * stepM);
    for (const limit of limits) {
      if (limit.speedMps < speedMps[i]! && limit.touches(at.lon, at.lat)) speedMps[i] = limit.speedMps;
    }
    speedMps[i] = Math.min(speedMps[i]!, bendMps(path, i * stepM));
  }
  return { stepM, speedMps };
}

/** Fences of any kind that a stretch of the path runs through or close by. */
export function fencesTouching(path: Path, fromM: number, toM: number, fences: readonly Fence[]): Fence[] {
  return fences.filter((fence) => {
    const touches = touchesFence(fence);
    for (let alongM = Math.max(0, fromM); alongM <= Math.min(toM, path.lengthM); alongM += STEP_M) {
      const at = pointAlong(path, alongM);
      if (touches(at.lon, at.lat)) return true;
    }
    return false;
  });
}

/** Speed at which a bend is taken: radius from the change of bearing over a short stretch. */
function bendMps(path: Path, alongM: number): number {
  const before = Math.max(0, alongM - BEND_REACH_M);
  const after = Math.min(path.lengthM, alongM + BEND_REACH_M);
  if (after - before < BEND_REACH_M) return DRIVER.topMps;
  const turn = Math.abs(
    ((pointAlong(path, after).bearing - pointAlong(path, before).bearing + 540) % 360) - 180,
  );
  const radians = (turn * Math.PI) / 180;
  if (radians < 0.02) return DRIVER.topMps;
  return Math.max(2.5, Math.sqrt((DRIVER.sideways * (after - before)) / radians));
}

interface Limit {
  readonly speedMps: number;
  readonly touches: (lon: number, lat: number) => boolean;
}

function fenceLimit(fence: Fence): Limit[] {
  const posted = fence.speedLimitKmh === null ? Number.POSITIVE_INFINITY : fence.speedLimitKmh / 3.6;
  const limit = fence.kind === 'danger_section' ? Math.min(posted, DRIVER.dangerMps) : posted;
  return Number.isFinite(limit)
    ? [{ speedMps: DRIVER.shareOfLimit * limit, touches: touchesFence(fence) }]
    : [];
}

function touchesFence(fence: Fence): (lon: number, lat: number) => boolean {
  const lines = outlines(fence.geometry);
  return (lon, lat) =>
    lines.some(
      ({ line, closed }) => (closed && inside(line, lon, lat)) || near(line, lon, lat, DRIVER.fenceMarginM),
    );
}

function outlines(geometry: Fence['geometry']): { line: [number, number][]; closed: boolean }[] {
  const lines = (lists: GeoJSON.Position[][], closed: boolean) =>
    lists.map((list) => ({ line: list.map((p): [number, number] => [p[0]!, p[1]!]), closed }));
  switch (geometry.type) {
    case 'LineString':
      return lines([geometry.coordinates], false);
    case 'MultiLineString':
      return lines(geometry.coordinates, false);
    case 'Polygon':
      return lines(geometry.coordinates.slice(0, 1), true);
    case 'MultiPolygon':
      return lines(
        geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1)),
        true,
      );
  }
}

function inside(ring: readonly [number, number][], lon: number, lat: number): boolean {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[j]!;
    if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

function near(line: readonly [number, number][], lon: number, lat: number, withinM: number): boolean {
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!;
    const b = line[i]!;
    // A cheap rectangle first: 0.001 degrees is about 95 m here and never less than 50 m below 60 degrees.
    const slack = 0.001;
    if (lon < Math.min(a[0], b[0]) - slack || lon > Math.max(a[0], b[0]) + slack) continue;
    if (lat < Math.min(a[1], b[1]) - slack || lat > Math.max(a[1], b[1]) + slack) continue;
    const lengthM = metresBetween(a, b);
    const toA = metresBetween(a, [lon, lat]);
    if (lengthM === 0) {
      if (toA <= withinM) return true;
      continue;
    }
    const angle = ((bearingDeg(a, [lon, lat]) - bearingDeg(a, b)) * Math.PI) / 180;
    const along = Math.min(lengthM, Math.max(0, toA * Math.cos(angle)));
    if (Math.hypot(toA * Math.cos(angle) - along, toA * Math.sin(angle)) <= withinM) return true;
  }
  return false;
}
