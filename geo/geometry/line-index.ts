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
  /** As the line's, without the points that repeat the one before them. */
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

function buildIndex(line: Line): LineIndex {
  const coordinates = new Float64Array(line.points.length * 2);
  const alongM = new Float64Array(line.points.length);
  let count = 0;
  for (let i = 0; i < line.points.length; i++) {
    const [lon, lat] = line.points[i]!;
    // A repeated point makes a segment without length, which has no direction.
    if (count > 0 && line.alongM[i] === alongM[count - 1]) continue;
    const before = count === 0 ? lon : coordinates[2 * count - 2]!;
    coordinates[2 * count] = before + wrapLongitude(lon - before);
    coordinates[2 * count + 1] = lat;
    alongM[count] = line.alongM[i]!;
    count++;
  }
  // A line of one point is one segment of no length.
  const segmentCount = Math.max(count - 1, Math.min(count, 1));
  const boxCount = Math.ceil(segmentCount / SEGMENTS_PER_BOX);
  const boxes = new Float64Array(boxCount * 4);
  for (let box = 0; box < boxCount; box++) {
    const first = box * SEGMENTS_PER_BOX;
    const last = Math.min(first + SEGMENTS_PER_BOX, count - 1);
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = first; i <= last; i++) {
      west = Math.min(west, coordinates[2 * i]!);
      east = Math.max(east, coordinates[2 * i]!);
      south = Math.min(south, coordinates[2 * i + 1]!);
      north = Math.max(north, coordinates[2 * i + 1]!);
    }
    boxes.set([west, south, east, north], box * 4);
  }
  return {
    coordinates: coordinates.subarray(0, 2 * count),
    alongM: alongM.subarray(0, count),
    segmentCount,
    boxes,
    boxCount,
  };
}
