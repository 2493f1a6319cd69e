import { degreeScale } from './distance.ts';
import type { Line } from './line.ts';
import { indexOf, SEGMENTS_PER_BOX } from './line-index.ts';
import { type LonLat, wrapLongitude } from './point.ts';
import { type Projection, projectWithin } from './project.ts';

/**
 * Every pass of the line by the point: the places where the distance is least among their neighbours and not above
 * `withinM`, in order along the line. A line that comes by twice has two.
 */
export function passesOf(line: Line, point: LonLat, withinM: number): Projection[] {
  const { coordinates, alongM, boxes, boxCount, segmentCount } = indexOf(line);
  if (segmentCount === 0) return [];
  const { lonM, latM } = degreeScale(point[1]);
  const lon = coordinates[0]! + wrapLongitude(point[0] - coordinates[0]!);
  const lat = point[1];
  const passes: Projection[] = [];
  /** The last segment looked at came nearer until its very end; a next one that goes away makes that end a pass. */
  let approaching = true;
  for (let box = 0; box < boxCount; box++) {
    const dx = Math.max(boxes[4 * box]! - lon, 0, lon - boxes[4 * box + 2]!) * lonM;
    const dy = Math.max(boxes[4 * box + 1]! - lat, 0, lat - boxes[4 * box + 3]!) * latM;
    // Nothing of a box so far away is a pass, nor is a point that it shares with its neighbours.
    if (dx * dx + dy * dy > withinM * withinM) continue;
    if (box > 0)
      approaching = nearestPart(coordinates, box * SEGMENTS_PER_BOX - 1, lon, lat, lonM, latM) >= 1;
    const end = Math.min((box + 1) * SEGMENTS_PER_BOX, segmentCount);
    for (let i = box * SEGMENTS_PER_BOX; i < end; i++) {
      const part = nearestPart(coordinates, i, lon, lat, lonM, latM);
      if (Number.isNaN(part)) continue;
      if (part < 1 && (part > 0 || approaching)) keep(i);
      approaching = part >= 1;
    }
  }
  if (approaching) keep(segmentCount - 1);
  return passes;

  function keep(segment: number): void {
    const from = alongM[segment]!;
    const pass = projectWithin(line, point, from, alongM[segment + 1] ?? from);
    if (pass && pass.distanceM <= withinM) passes.push(pass);
  }
}

/** Where on segment `i` the point's foot falls: 0 its start or before, 1 its end or beyond; NaN where it has no length. */
function nearestPart(
  coordinates: Float64Array,
  i: number,
  lon: number,
  lat: number,
  lonM: number,
  latM: number,
): number {
  const j = Math.min(2 * i + 2, coordinates.length - 2);
  const ax = (coordinates[2 * i]! - lon) * lonM;
  const ay = (coordinates[2 * i + 1]! - lat) * latM;
  const dx = (coordinates[j]! - lon) * lonM - ax;
  const dy = (coordinates[j + 1]! - lat) * latM - ay;
  const squared = dx * dx + dy * dy;
  return squared > 0 ? Math.min(Math.max(-(ax * dx + ay * dy) / squared, 0), 1) : Number.NaN;
}
