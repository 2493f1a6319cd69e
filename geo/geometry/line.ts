import CheapRuler from 'cheap-ruler';
import { bearingDeg } from './distance.ts';
import { type LonLat, wrapLongitude } from './point.ts';

/** A polyline with its own measure. `Shape` of the plan is one. */
export interface Line {
  readonly points: readonly LonLat[];
  /** Metres from the first point, one for each point, never falling. */
  readonly alongM: Float64Array;
  readonly lengthM: number;
}

/** Measures a polyline; every segment at its own latitude, so that long lines stay true. */
export function measureLine(points: readonly LonLat[]): Line {
  const alongM = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1]!;
    const b = points[i]!;
    alongM[i] = alongM[i - 1]! + new CheapRuler((a[1] + b[1]) / 2, 'meters').distance(a, b);
  }
  return { points, alongM, lengthM: alongM.at(-1) ?? 0 };
}

/** Index of the segment that holds `alongM`: the last one that begins at or before it, bounded by the line. */
export function segmentAt(line: { readonly alongM: Float64Array }, alongM: number): number {
  const starts = line.alongM;
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= alongM) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

/** The point `alongM` metres along the line and the direction of travel there; bounded by the line's two ends. */
export function pointAlong(line: Line, alongM: number): { lon: number; lat: number; bearingDeg: number } {
  let i = segmentAt(line, alongM);
  // A point repeated at the line's end gives no direction; the segment before it does.
  while (i > 0 && line.alongM[i] === line.lengthM) i--;
  const a = line.points[i];
  if (!a) throw new RangeError('a line without points has no point along it');
  const b = line.points[i + 1] ?? a;
  const from = line.alongM[i]!;
  const span = (line.alongM[i + 1] ?? from) - from;
  const t = span > 0 ? Math.min(Math.max((alongM - from) / span, 0), 1) : 0;
  return {
    lon: wrapLongitude(a[0] + wrapLongitude(b[0] - a[0]) * t),
    lat: a[1] + (b[1] - a[1]) * t,
    bearingDeg: bearingDeg(a, b),
  };
}
