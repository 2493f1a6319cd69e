import { degreeScale } from './distance.ts';
import { type Line, segmentAt } from './line.ts';
import { indexOf, type LineIndex, SEGMENTS_PER_BOX } from './line-index.ts';
import { type LonLat, wrapBearing, wrapLongitude } from './point.ts';

/** Where a point falls on a line. */
export interface Projection {
  /** Metres from the line's start. */
  readonly alongM: number;
  /** Metres from the point to the line there. */
  readonly distanceM: number;
  readonly lat: number;
  readonly lon: number;
  /** Direction of travel of the line there; 0 north, clockwise. */
  readonly bearingDeg: number;
}

/** The nearest point of the whole line; of two equally near the earlier. Null where the line has no points. */
export function projectOnLine(line: Line, point: LonLat): Projection | null {
  const index = indexOf(line);
  if (index.segmentCount === 0) return null;
  const search = startSearch(index, point);
  // The box nearest by its bounds goes first: its best then rules out almost every other box.
  let nearestBox = 0;
  let nearestBound = Infinity;
  for (let box = 0; box < index.boxCount; box++) {
    const bound = boxDistanceSquared(search, box);
    if (bound < nearestBound) {
      nearestBound = bound;
      nearestBox = box;
    }
  }
  scanBox(search, nearestBox);
  for (let box = 0; box < index.boxCount; box++) {
    if (box !== nearestBox && boxDistanceSquared(search, box) <= search.bestSquared) scanBox(search, box);
  }
  return found(search);
}

/**
 * The nearest point of the stretch from `fromM` to `toM` along the line, both bounded by its ends. This tells the passes
 * of a loop apart when progress is roughly known. Null where the line has no points.
 */
export function projectWithin(line: Line, point: LonLat, fromM: number, toM: number): Projection | null {
  const index = indexOf(line);
  if (index.segmentCount === 0) return null;
  const search = startSearch(index, point);
  search.fromM = Math.min(Math.max(fromM, 0), line.lengthM);
  search.toM = Math.min(Math.max(toM, search.fromM), line.lengthM);
  const first = segmentAt(index, search.fromM);
  const last = segmentAt(index, search.toM);
  for (let segment = first; segment <= last; ) {
    const box = Math.floor(segment / SEGMENTS_PER_BOX);
    const boxEnd = Math.min((box + 1) * SEGMENTS_PER_BOX, last + 1);
    if (boxDistanceSquared(search, box) <= search.bestSquared) scan(search, segment, boxEnd);
    segment = boxEnd;
  }
  return found(search);
}

/** Metres from the point to the nearest of the line. */
export function distanceToLineM(line: Line, point: LonLat): number {
  return projectOnLine(line, point)?.distanceM ?? Infinity;
}

/** One search under way. Distances are on the plane that touches the earth at the point, in metres. */
interface Search {
  readonly index: LineIndex;
  readonly lon: number;
  readonly lat: number;
  readonly lonM: number;
  readonly latM: number;
  fromM: number;
  toM: number;
  bestSquared: number;
  bestSegment: number;
  bestT: number;
}

function startSearch(index: LineIndex, [lon, lat]: LonLat): Search {
  const { lonM, latM } = degreeScale(lat);
  const first = index.coordinates[0]!;
  return {
    index,
    lon: first + wrapLongitude(lon - first),
    lat,
    lonM,
    latM,
    fromM: 0,
    toM: Infinity,
    bestSquared: Infinity,
    bestSegment: 0,
    bestT: 0,
  };
}

function boxDistanceSquared(search: Search, box: number): number {
  const { boxes } = search.index;
  const dx = Math.max(boxes[4 * box]! - search.lon, 0, search.lon - boxes[4 * box + 2]!) * search.lonM;
  const dy = Math.max(boxes[4 * box + 1]! - search.lat, 0, search.lat - boxes[4 * box + 3]!) * search.latM;
  return dx * dx + dy * dy;
}

function scanBox(search: Search, box: number): void {
  const first = box * SEGMENTS_PER_BOX;
  scan(search, first, Math.min(first + SEGMENTS_PER_BOX, search.index.segmentCount));
}

function scan(search: Search, first: number, end: number): void {
  const { coordinates, alongM } = search.index;
  for (let i = first; i < end; i++) {
    // The last pair stands in for its missing successor where the line is a single point.
    const j = Math.min(2 * i + 2, coordinates.length - 2);
    const ax = (coordinates[2 * i]! - search.lon) * search.lonM;
    const ay = (coordinates[2 * i + 1]! - search.lat) * search.latM;
    const dx = (coordinates[j]! - search.lon) * search.lonM - ax;
    const dy = (coordinates[j + 1]! - search.lat) * search.latM - ay;
    const squared = dx * dx + dy * dy;
    let t = squared > 0 ? Math.min(Math.max(-(ax * dx + ay * dy) / squared, 0), 1) : 0;
    const from = alongM[i]!;
    const span = (alongM[i + 1] ?? from) - from;
    if (span > 0) {
      if (from + t * span < search.fromM) t = (search.fromM - from) / span;
      else if (from + t * span > search.toM) t = (search.toM - from) / span;
      // A segment that only touches the window's edge from outside.
      if (t < 0 || t > 1) continue;
    }
    const x = ax + t * dx;
    const y = ay + t * dy;
    const distanceSquared = x * x + y * y;
    // Of two equally near the earlier, whatever the order of the scan.
    if (
      distanceSquared < search.bestSquared ||
      (distanceSquared === search.bestSquared && i < search.bestSegment)
    ) {
      search.bestSquared = distanceSquared;
      search.bestSegment = i;
      search.bestT = t;
    }
  }
}

function found(search: Search): Projection {
  const { coordinates, alongM } = search.index;
  const i = search.bestSegment;
  const j = Math.min(2 * i + 2, coordinates.length - 2);
  const dLon = coordinates[j]! - coordinates[2 * i]!;
  const dLat = coordinates[j + 1]! - coordinates[2 * i + 1]!;
  const from = alongM[i]!;
  return {
    alongM: from + search.bestT * ((alongM[i + 1] ?? from) - from),
    distanceM: Math.sqrt(search.bestSquared),
    lat: coordinates[2 * i + 1]! + search.bestT * dLat,
    lon: wrapLongitude(coordinates[2 * i]! + search.bestT * dLon),
    bearingDeg: wrapBearing((Math.atan2(dLon * search.lonM, dLat * search.latM) * 180) / Math.PI),
  };
}
