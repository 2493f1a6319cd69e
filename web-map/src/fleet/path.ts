/** [lon, lat], WGS-84 degrees. */
export type LonLat = readonly [number, number];

/** A way from one place to another: its points and how far along it each is, metres. */
export interface Path {
  readonly points: readonly LonLat[];
  readonly alongM: readonly number[];
  readonly lengthM: number;
}

const RADIUS_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** East and north of `from`, metres: flat-earth arithmetic, right to a millimetre over the length of a street. */
export function offsetM(from: LonLat, to: LonLat): { east: number; north: number } {
  return {
    east: (to[0] - from[0]) * RAD * RADIUS_M * Math.cos(((from[1] + to[1]) / 2) * RAD),
    north: (to[1] - from[1]) * RAD * RADIUS_M,
  };
}

export function distanceM(from: LonLat, to: LonLat): number {
  const { east, north } = offsetM(from, to);
  return Math.hypot(east, north);
}

/** 0 north, clockwise. */
export function bearingDeg(from: LonLat, to: LonLat): number {
  const { east, north } = offsetM(from, to);
  return (Math.atan2(east, north) / RAD + 360) % 360;
}

export function pathThrough(points: readonly LonLat[]): Path {
  const alongM = [0];
  for (let i = 1; i < points.length; i++) {
    alongM.push(alongM[i - 1]! + distanceM(points[i - 1]!, points[i]!));
  }
  return { points, alongM, lengthM: alongM.at(-1) ?? 0 };
}

/** The place `m` metres along the path, and which way the path runs there (null where it has no length). */
export function placeAt(path: Path, m: number): { at: LonLat; headingDeg: number | null } {
  const last = path.points.length - 1;
  if (last < 1 || path.lengthM === 0) return { at: path.points[0]!, headingDeg: null };
  let i = 1;
  while (i < last && path.alongM[i]! < m) i++;
  const [a, b] = [path.points[i - 1]!, path.points[i]!];
  const span = path.alongM[i]! - path.alongM[i - 1]!;
  const part = span === 0 ? 1 : Math.min(1, Math.max(0, (m - path.alongM[i - 1]!) / span));
  return {
    at: [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part],
    headingDeg: bearingDeg(a, b),
  };
}
