import { distanceM } from '../geometry/distance.ts';
import { type Line, pointAlong } from '../geometry/line.ts';
import type { LonLat } from '../geometry/point.ts';
import { projectOnLine } from '../geometry/project.ts';

/** A stop may lie this much farther from the place its distance names than from the line itself. */
const FARTHER_THAN_NEEDED_M = 100;

/**
 * Places stops by the feed's own shape_dist_traveled, in whatever unit it is. Null where that is not to be trusted:
 * a stop has none, they fall, they leave the shape's range, or they name a place the stop is not near.
 */
export function alongFromFeed(
  line: Line,
  ofPoints: readonly number[],
  stops: readonly LonLat[],
  ofStops: readonly number[],
): Float64Array | null {
  const alongM = new Float64Array(stops.length);
  const first = ofPoints[0]!;
  const last = ofPoints.at(-1)!;
  const slack = (last - first) * 0.001;
  let segment = 0;
  for (let i = 0; i < stops.length; i++) {
    const distance = ofStops[i]!;
    const inRange = distance >= first - slack && distance <= last + slack;
    if (!inRange || (i > 0 && distance < ofStops[i - 1]!)) return null;
    while (segment < ofPoints.length - 2 && ofPoints[segment + 1]! < distance) segment++;
    const span = ofPoints[segment + 1]! - ofPoints[segment]!;
    const part = span > 0 ? Math.min(Math.max((distance - ofPoints[segment]!) / span, 0), 1) : 0;
    alongM[i] = line.alongM[segment]! + part * (line.alongM[segment + 1]! - line.alongM[segment]!);
  }
  const allowedM = (stop: LonLat) => (projectOnLine(line, stop)?.distanceM ?? 0) + FARTHER_THAN_NEEDED_M;
  return stops.every((stop, i) => distanceThereM(line, stop, alongM[i]!) <= allowedM(stop)) ? alongM : null;
}

/** Metres from the stop to the line at `alongM`. */
export function distanceThereM(line: Line, stop: LonLat, alongM: number): number {
  const { lon, lat } = pointAlong(line, alongM);
  return distanceM(stop, [lon, lat]);
}
