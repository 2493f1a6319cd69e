/** A line driven along: points with their distance from the first one. `Shape` of the plan is one. */
export interface Path {
  /** [lon, lat] pairs, WGS-84. */
  readonly points: readonly (readonly [number, number])[];
  /** Metres from the first point, one for each point. */
  readonly alongM: Float64Array;
  readonly lengthM: number;
}

/** Metres per degree at a latitude (series of the WGS-84 ellipsoid), good to a millimetre a kilometre. */
export function metresPerDegree(lat: number): { x: number; y: number } {
  const phi = (lat * Math.PI) / 180;
  return {
    x: 111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi),
    y: 111132.92 - 559.82 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi),
  };
}

/** Distance of two [lon, lat] points a few kilometres apart at most, metres. */
export function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const scale = metresPerDegree((a[1] + b[1]) / 2);
  return Math.hypot((b[0] - a[0]) * scale.x, (b[1] - a[1]) * scale.y);
}

/** 0 north, clockwise, below 360. */
export function bearingDeg(a: readonly [number, number], b: readonly [number, number]): number {
  const scale = metresPerDegree((a[1] + b[1]) / 2);
  const angle = (Math.atan2((b[0] - a[0]) * scale.x, (b[1] - a[1]) * scale.y) * 180) / Math.PI;
  return (angle + 360) % 360;
}

export function makePath(points: readonly (readonly [number, number])[]): Path {
  const alongM = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) {
    alongM[i] = alongM[i - 1]! + metresBetween(points[i - 1]!, points[i]!);
  }
  return { points, alongM, lengthM: alongM[points.length - 1] ?? 0 };
}

/** Where one is after `alongM` metres, and which way the road goes there. */
export function pointAlong(path: Path, alongM: number): { lon: number; lat: number; bearing: number } {
  const { points } = path;
  if (points.length < 2) return { lon: points[0]?.[0] ?? 0, lat: points[0]?.[1] ?? 0, bearing: 0 };
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (path.alongM[middle]! <= alongM) low = middle;
    else high = middle;
  }
  const a = points[low]!;
  const b = points[high]!;
  const spanM = path.alongM[high]! - path.alongM[low]!;
  const share = spanM > 0 ? Math.min(1, Math.max(0, (alongM - path.alongM[low]!) / spanM)) : 0;
  return {
    lon: a[0] + (b[0] - a[0]) * share,
    lat: a[1] + (b[1] - a[1]) * share,
    bearing: bearingDeg(a, b),
  };
}

/** Distance from a [lon, lat] point to the nearest place of the path, metres. */
export function metresFromPath(path: Path, point: readonly [number, number]): number {
  const scale = metresPerDegree(point[1]);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < path.points.length; i++) {
    const ax = (path.points[i - 1]![0] - point[0]) * scale.x;
    const ay = (path.points[i - 1]![1] - point[1]) * scale.y;
    const dx = (path.points[i]![0] - point[0]) * scale.x - ax;
    const dy = (path.points[i]![1] - point[1]) * scale.y - ay;
    const square = dx * dx + dy * dy;
    const share = square > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / square)) : 0;
    best = Math.min(best, Math.hypot(ax + share * dx, ay + share * dy));
  }
  return best;
}
