import * as turf from '@turf/turf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LonLat } from '../../../geo/geometry/point.ts';
import { pointInPolygon, segmentCrossesLine, segmentCrossesPolygon } from '../../../geo/geometry/polygon.ts';

const square = (west: number, south: number, size: number): [number, number][] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const withHole: GeoJSON.Polygon = { type: 'Polygon', coordinates: [square(0, 0, 10), square(4, 4, 2)] };
const two: GeoJSON.MultiPolygon = {
  type: 'MultiPolygon',
  coordinates: [[square(0, 0, 1)], [square(5, 5, 1)]],
};

/** A star around the origin never crosses itself. Whole numbers so that edges and corners are really hit. */
const star: fc.Arbitrary<GeoJSON.Polygon> = fc
  .array(fc.integer({ min: 2, max: 20 }), { minLength: 3, maxLength: 12 })
  .map((radii) => {
    const ring = radii.map((radius, i): [number, number] => {
      const angle = (2 * Math.PI * i) / radii.length;
      return [Math.round(radius * Math.cos(angle)), Math.round(radius * Math.sin(angle))];
    });
    return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
  });
const gridPoint = fc.tuple(fc.integer({ min: -21, max: 21 }), fc.integer({ min: -21, max: 21 }));

describe('point in polygon', () => {
  it('counts the edge and the corner as inside', () => {
    expect(pointInPolygon([0, 5], withHole)).toBe(true);
    expect(pointInPolygon([10, 10], withHole)).toBe(true);
    expect(pointInPolygon([10.0001, 10], withHole)).toBe(false);
  });

  it('leaves the hole out, but not its edge', () => {
    expect(pointInPolygon([5, 5], withHole)).toBe(false);
    expect(pointInPolygon([4, 5], withHole)).toBe(true);
    expect(pointInPolygon([3, 5], withHole)).toBe(true);
  });

  it('knows every part of a multipolygon', () => {
    expect(pointInPolygon([0.5, 0.5], two)).toBe(true);
    expect(pointInPolygon([5.5, 5.5], two)).toBe(true);
    expect(pointInPolygon([3, 3], two)).toBe(false);
  });

  it('closes a ring that was left open', () => {
    const open: GeoJSON.Polygon = { type: 'Polygon', coordinates: [square(0, 0, 10).slice(0, -1)] };
    expect(pointInPolygon([0.5, 5], open)).toBe(true);
    expect(pointInPolygon([0, 5], open)).toBe(true);
  });

  it('agrees with turf on every grid point', () => {
    fc.assert(
      fc.property(star, gridPoint, (polygon, point) => {
        expect(pointInPolygon(point, polygon)).toBe(turf.booleanPointInPolygon(point, polygon));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a way that crosses', () => {
  it('finds the fence that was jumped between two reports', () => {
    expect(segmentCrossesPolygon([-1, 0.5], [2, 0.5], two)).toBe(true);
    expect(segmentCrossesPolygon([-1, 2], [2, 2], two)).toBe(false);
  });

  it('is inside the whole way, or only ends there', () => {
    expect(segmentCrossesPolygon([1, 1], [2, 2], withHole)).toBe(true);
    expect(segmentCrossesPolygon([-5, 5], [0, 5], withHole)).toBe(true);
    expect(segmentCrossesPolygon([4.5, 4.5], [5.5, 5.5], withHole)).toBe(false);
  });

  it('agrees with turf', () => {
    fc.assert(
      fc.property(star, gridPoint, gridPoint, (polygon, a, b) => {
        fc.pre(a[0] !== b[0] || a[1] !== b[1]);
        const reference = turf.booleanIntersects(turf.lineString([a, b]), polygon);
        expect(segmentCrossesPolygon(a, b, polygon)).toBe(reference);
      }),
      { numRuns: 1000 },
    );
  });

  it('crosses a line, touches its end, lies along it, or passes by', () => {
    const line: LonLat[] = [
      [0, 0],
      [10, 0],
      [10, 10],
    ];
    expect(segmentCrossesLine([5, -1], [5, 1], line)).toBe(true);
    expect(segmentCrossesLine([0, 0], [-1, -1], line)).toBe(true);
    expect(segmentCrossesLine([2, 0], [3, 0], line)).toBe(true);
    expect(segmentCrossesLine([11, 0], [12, 0], line)).toBe(false);
    expect(segmentCrossesLine([0, 5], [4, 5], line)).toBe(false);
    expect(segmentCrossesLine([0, 5], [6, 5], line, true)).toBe(true);
  });
});
