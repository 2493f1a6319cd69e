import type { LonLat } from './point.ts';

/** Own code beside turf, because fences are tested for every report of every vehicle; turf is its reference in the tests. */

export type Ring = readonly LonLat[];
/** Rings, the outer first, then holes. First and last point of a ring may or may not be the same. */
export type Rings = readonly Ring[];
export type Area = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** Is the point in the polygon or on its edge? In a hole it is outside, on the hole's edge inside. */
export function pointInRings(point: LonLat, rings: Rings): boolean {
  for (let i = 0; i < rings.length; i++) {
    const place = placeInRing(point, rings[i]!);
    if (place === 'edge') return true;
    if (i === 0 ? place === 'outside' : place === 'inside') return false;
  }
  return rings.length > 0;
}

/** As `pointInRings`, for GeoJSON. */
export function pointInPolygon(point: LonLat, area: Area): boolean {
  return polygonsOf(area).some((rings) => pointInRings(point, rings));
}

/**
 * Has whoever went straight from `a` to `b` been in the polygon? Touching counts, so a bus that jumps a small fence
 * between two reports still crosses it.
 */
export function segmentCrossesPolygon(a: LonLat, b: LonLat, area: Area): boolean {
  return polygonsOf(area).some(
    (rings) => pointInRings(a, rings) || rings.some((ring) => segmentCrossesLine(a, b, ring, true)),
  );
}

/** Does the segment from `a` to `b` cross or touch the polyline? `closed` joins its last point to its first. */
export function segmentCrossesLine(a: LonLat, b: LonLat, line: readonly LonLat[], closed = false): boolean {
  for (let i = 1; i < line.length; i++) if (segmentsTouch(a, b, line[i - 1]!, line[i]!)) return true;
  return closed && line.length > 1 && segmentsTouch(a, b, line.at(-1)!, line[0]!);
}

/** The polygons of a GeoJSON area, each as its rings. */
export function polygonsOf(area: Area): readonly Rings[] {
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  // GeoJSON types a position as number[]; the plan's reader has checked that each has at least two numbers.
  return polygons as unknown as readonly Rings[];
}

function placeInRing([x, y]: LonLat, ring: Ring): 'inside' | 'outside' | 'edge' {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    const turn = (xj - xi) * (y - yi) - (yj - yi) * (x - xi);
    if (turn === 0 && between(x, xi, xj) && between(y, yi, yj)) return 'edge';
    if (yi > y !== yj > y && turn > 0 === yj > yi) inside = !inside;
  }
  return inside ? 'inside' : 'outside';
}

function segmentsTouch(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  const c1 = side(a, b, c);
  const d1 = side(a, b, d);
  const a1 = side(c, d, a);
  const b1 = side(c, d, b);
  if (c1 !== d1 && a1 !== b1) return true;
  return (
    (c1 === 0 && onSegment(a, b, c)) ||
    (d1 === 0 && onSegment(a, b, d)) ||
    (a1 === 0 && onSegment(c, d, a)) ||
    (b1 === 0 && onSegment(c, d, b))
  );
}

/** 1 left of the way from `a` to `b`, -1 right of it, 0 on its line. */
function side(a: LonLat, b: LonLat, p: LonLat): number {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}

function onSegment(a: LonLat, b: LonLat, p: LonLat): boolean {
  return between(p[0], a[0], b[0]) && between(p[1], a[1], b[1]);
}

function between(value: number, a: number, b: number): boolean {
  return a < b ? value >= a && value <= b : value >= b && value <= a;
}
