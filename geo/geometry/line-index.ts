import type { Line } from './line.ts';
import { wrapLongitude } from './point.ts';

/**
 * A polyline prepared for many projections: flat coordinates and a bounding box for every `SEGMENTS_PER_BOX`
 * consecutive segments. Consecutive segments of a road lie together, so skipping boxes that are farther than the best
 * found skips nearly all of a long line; no tree is needed for a few thousand points.
 */
export interface LineIndex {
  /** lon, lat, lon, lat, ... with longitudes unwrapped, so that a line across the date line has no jump. */
  readonly coordinates: Float64Array;
  readonly alongM: Float64Array;
  readonly segmentCount: number;
  /** west, south, east, north of each box. */
  readonly boxes: Float64Array;
  readonly boxCount: number;
}

export const SEGMENTS_PER_BOX = 16;

const indexes = new WeakMap<Line, LineIndex>();

/** The index of the line, built at its first use and kept as long as the line itself. */
export function indexOf(line: Line): LineIndex {
  let index = indexes.get(line);
  if (!index) {
    index = buildIndex(line);
    indexes.set(line, index);
  }
  return index;
}

function buildIndex({ points, alongM }: Line): LineIndex {
  const coordinates = new Float64Array(points.length * 2);
  for (let i = 0; i < points.length; i++) {
    const [lon, lat] = points[i]!;
    const before = i === 0 ? lon : coordinates[2 * i - 2]!;
    coordinates[2 * i] = before + wrapLongitude(lon - before);
    coordinates[2 * i + 1] = lat;
  }
  // A line of one point is one segment of no length.
  const segmentCount = Math.max(points.length - 1, Math.min(points.length, 1));
  const boxCount = Math.ceil(segmentCount / SEGMENTS_PER_BOX);
  const boxes = new Float64Array(boxCount * 4);
  for (let box = 0; box < boxCount; box++) {
    const first = box * SEGMENTS_PER_BOX;
    const last = Math.min(first + SEGMENTS_PER_BOX, points.length - 1);
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = first; i <= last; i++) {
      west = Math.min(west, coordinates[2 * i]!);
      east = Math.max(east, coordinates[2 * i]!);
      south = Math.min(south, coordinates[2 * i + 1]!);
      north = Math.max(north, coordinates[2 * i + 1]!);
    }
    boxes.set([west, south, east, north], box * 4);
  }
  return { coordinates, alongM, segmentCount, boxes, boxCount };
}
