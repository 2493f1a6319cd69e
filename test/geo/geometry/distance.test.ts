import * as turf from '@turf/turf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearingDeg, destination, distanceM } from '../../../geo/geometry/distance.ts';
import { angleBetween, type LonLat, wrapBearing, wrapLongitude } from '../../../geo/geometry/point.ts';

/** turf measures on a sphere; the ellipsoid differs from it by up to 0.56 %. */
const SPHERE_TOLERANCE = 0.006;

const place = fc.tuple(
  fc.double({ min: -180, max: 179.9, noNaN: true }),
  fc.double({ min: -60, max: 60, noNaN: true }),
);
const nearby = (metres: number) =>
  fc
    .tuple(
      place,
      fc.double({ min: 1, max: metres, noNaN: true }),
      fc.double({ min: 0, max: 360, noNaN: true }),
    )
    .map(([a, m, angle]): [LonLat, LonLat] => [a, destination(a, m, angle)]);

describe('distance', () => {
  it('is the length of a degree on the WGS-84 ellipsoid', () => {
    // NGA's degree-length calculator: 1 degree of latitude at 0 and 45 degrees, of longitude at 0 and 60 degrees.
    expect(distanceM([0, -0.5], [0, 0.5])).toBeCloseTo(110_574.3, -1);
    expect(distanceM([0, 44.5], [0, 45.5])).toBeCloseTo(111_131.8, -1);
    expect(distanceM([0, 0], [1, 0])).toBeCloseTo(111_319.5, -1);
    expect(distanceM([0, 60], [1, 60])).toBeCloseTo(55_800, -1);
  });

  it('agrees with turf to what sphere and ellipsoid differ', () => {
    fc.assert(
      fc.property(nearby(50_000), ([a, b]) => {
        const reference = turf.distance([...a], [...b], { units: 'meters' });
        expect(Math.abs(distanceM(a, b) - reference)).toBeLessThanOrEqual(
          reference * SPHERE_TOLERANCE + 1e-6,
        );
      }),
    );
  });

  it('is the same both ways and zero only on the spot', () => {
    fc.assert(
      fc.property(nearby(50_000), ([a, b]) => {
        expect(distanceM(a, b)).toBe(distanceM(b, a));
        expect(distanceM(a, a)).toBe(0);
        expect(distanceM(a, b)).toBeGreaterThan(0);
      }),
    );
  });

  it('crosses the date line', () => {
    expect(distanceM([179.9995, 0], [-179.9995, 0])).toBeCloseTo(111.32, 1);
  });
});

describe('bearing and destination', () => {
  it('points the way turf points, to half a degree', () => {
    fc.assert(
      fc.property(nearby(20_000), ([a, b]) => {
        expect(angleBetween(bearingDeg(a, b), turf.bearing([...a], [...b]))).toBeLessThan(0.5);
      }),
    );
  });

  it('is 0 north, 90 east, below 360', () => {
    expect(bearingDeg([120, 31], [120, 32])).toBe(0);
    expect(bearingDeg([120, 31], [121, 31])).toBe(90);
    expect(bearingDeg([120, 31], [119, 31])).toBe(270);
    expect(bearingDeg([120, 31], [120, 31])).toBe(0);
  });

  it('comes out where it set off for', () => {
    fc.assert(
      fc.property(place, fc.double({ min: 0, max: 5000, noNaN: true }), fc.nat(359), (a, metres, angle) => {
        expect(Math.abs(distanceM(a, destination(a, metres, angle)) - metres)).toBeLessThan(
          0.002 * metres + 1e-6,
        );
      }),
    );
  });
});

describe('angles', () => {
  it('wraps longitudes and bearings into their one range', () => {
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (degrees) => {
        expect(wrapLongitude(degrees)).toBeGreaterThanOrEqual(-180);
        expect(wrapLongitude(degrees)).toBeLessThan(180);
        expect(wrapBearing(degrees)).toBeGreaterThanOrEqual(0);
        expect(wrapBearing(degrees)).toBeLessThan(360);
      }),
    );
    expect(wrapLongitude(180)).toBe(-180);
    expect(angleBetween(350, 10)).toBe(20);
    expect(angleBetween(10, 350)).toBe(20);
    expect(angleBetween(0, 180)).toBe(180);
  });
});
