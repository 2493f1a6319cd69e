import { degreeScale } from '../geometry/distance.ts';
import type { Line } from '../geometry/line.ts';

/** A shape laid flat, metres east and north of its first point, so that a fix is placed on it without trigonometry. */
export interface TrackLine {
  readonly id: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly alongM: Float64Array;
  readonly lengthM: number;
  readonly lon0: number;
  readonly lat0: number;
  readonly lonM: number;
  readonly latM: number;
  readonly drawn: boolean;
}

/** Where on a line a fix belongs. */
export interface Place {
  /** Metres from the line. */
  readonly offM: number;
  /** Metres along it. */
  readonly alongM: number;
  readonly segment: number;
}

/**
 * What is known before the line is looked at. Places between `fromM` and `toM` are considered; those outside
 * `likelyFromM`..`likelyToM` cost `share` metres for each metre outside, at most `mostM`; those whose segment runs
 * against the direction (`headX`, `headY`; 0, 0 where there is none) cost `againstM`.
 */
export interface Expectation {
  readonly fromM: number;
  readonly toM: number;
  readonly segment: number;
  readonly likelyFromM: number;
  readonly likelyToM: number;
  readonly share: number;
  readonly mostM: number;
  readonly headX: number;
  readonly headY: number;
  readonly againstM: number;
}

export function trackLine(id: string, line: Line, drawn: boolean): TrackLine {
  const n = line.points.length;
  const [lon0, lat0] = line.points[0] ?? [0, 0];
  const middle = line.points[n >> 1] ?? [0, 0];
  const { lonM, latM } = degreeScale(middle[1]);
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = (line.points[i]![0] - lon0) * lonM;
    y[i] = (line.points[i]![1] - lat0) * latM;
  }
  return { id, x, y, alongM: line.alongM, lengthM: line.lengthM, lon0, lat0, lonM, latM, drawn };
}

/** The likeliest place on the line, or null where the line has no segment in the span. */
export function placeOnLine(line: TrackLine, lat: number, lon: number, expect: Expectation): Place | null {
  const { x, y, alongM } = line;
  const px = (lon - line.lon0) * line.lonM;
  const py = (lat - line.lat0) * line.latM;
  const lastSegment = x.length - 2;
  let first = Math.min(Math.max(expect.segment, 0), Math.max(lastSegment, 0));
  while (first > 0 && alongM[first]! > expect.fromM) first--;
  while (first < lastSegment && alongM[first + 1]! < expect.fromM) first++;
  let best = Number.POSITIVE_INFINITY;
  let bestOff = 0;
  let bestAlong = 0;
  let bestSegment = -1;
  for (let i = first; i <= lastSegment; i++) {
    const from = alongM[i]!;
    if (from > expect.toM) break;
    const ax = x[i]!;
    const ay = y[i]!;
    const dx = x[i + 1]! - ax;
    const dy = y[i + 1]! - ay;
    const squared = dx * dx + dy * dy;
    const span = alongM[i + 1]! - from;
    let t = squared > 0 ? ((px - ax) * dx + (py - ay) * dy) / squared : 0;
    // The ends of the span bound the place too, not only the ends of the segment.
    const low = from < expect.fromM && span > 0 ? (expect.fromM - from) / span : 0;
    const high = from + span > expect.toM && span > 0 ? (expect.toM - from) / span : 1;
    t = t < low ? low : Math.min(t, high);
    const ex = px - (ax + dx * t);
    const ey = py - (ay + dy * t);
    const off = Math.sqrt(ex * ex + ey * ey);
    if (off >= best) continue;
    const along = from + span * t;
    let cost = off;
    const unlikely =
      along < expect.likelyFromM
        ? expect.likelyFromM - along
        : along > expect.likelyToM
          ? along - expect.likelyToM
          : 0;
    cost += Math.min(unlikely * expect.share, expect.mostM);
    if (dx * expect.headX + dy * expect.headY < 0) cost += expect.againstM;
    if (cost < best) {
      best = cost;
      bestOff = off;
      bestAlong = along;
      bestSegment = i;
    }
  }
  return bestSegment < 0 ? null : { offM: bestOff, alongM: bestAlong, segment: bestSegment };
}

/** Metres from the line, wherever on it; `most` where it is farther than that. */
export function offLine(line: TrackLine, lat: number, lon: number, most: number): number {
  const { x, y } = line;
  const px = (lon - line.lon0) * line.lonM;
  const py = (lat - line.lat0) * line.latM;
  let best = most * most;
  for (let i = 0; i < x.length - 1; i++) {
    const ax = x[i]!;
    const ay = y[i]!;
    const dx = x[i + 1]! - ax;
    const dy = y[i + 1]! - ay;
    const squared = dx * dx + dy * dy;
    const t = squared > 0 ? Math.min(Math.max(((px - ax) * dx + (py - ay) * dy) / squared, 0), 1) : 0;
    const ex = px - (ax + dx * t);
    const ey = py - (ay + dy * t);
    best = Math.min(best, ex * ex + ey * ey);
  }
  return Math.sqrt(best);
}
