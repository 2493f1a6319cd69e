import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceM } from '../../../geo/geometry/distance.ts';
import { gcj02ToWgs84, wgs84ToGcj02 } from '../../../geo/geometry/gcj02.ts';
import type { LonLat } from '../../../geo/geometry/point.ts';

const inChina = fc.tuple(
  fc.double({ min: 73, max: 135, noNaN: true }),
  fc.double({ min: 3, max: 53, noNaN: true }),
);

describe('GCJ-02', () => {
  it('has the known value', () => {
    const [lon, lat] = wgs84ToGcj02([118, 32]);
    expect(lon).toBeCloseTo(118.005431, 6);
    expect(lat).toBeCloseTo(31.997964, 6);
  });

  it('gives the known value back', () => {
    const [lon, lat] = gcj02ToWgs84([118.005431, 31.997964]);
    expect(lon).toBeCloseTo(118, 6);
    expect(lat).toBeCloseTo(32, 6);
  });

  it('comes back to the same place within a millimetre, from either side', () => {
    fc.assert(
      fc.property(inChina, (point) => {
        expect(distanceM(gcj02ToWgs84(wgs84ToGcj02(point)), point)).toBeLessThan(0.001);
        expect(distanceM(wgs84ToGcj02(gcj02ToWgs84(point)), point)).toBeLessThan(0.001);
      }),
    );
  });

  it('shifts by 20 to 1,200 m within China', () => {
    fc.assert(
      fc.property(inChina, (point) => {
        const shift = distanceM(point, wgs84ToGcj02(point));
        expect(shift).toBeGreaterThan(20);
        expect(shift).toBeLessThan(1200);
      }),
    );
  });

  it('is WGS-84 elsewhere', () => {
    const places: LonLat[] = [
      [-77.03, 38.9],
      [2.35, 48.86],
      [151.2, -33.87],
    ];
    for (const place of places) {
      expect(wgs84ToGcj02(place)).toEqual(place);
      expect(gcj02ToWgs84(place)).toEqual(place);
    }
  });
});
