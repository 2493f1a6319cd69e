import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterSpots, mercator, type Spot, unmercator } from '../../../web-map/src/fleet/clusters.ts';

const spot = (item: string, lon: number, lat: number, pinned = false): Spot<string> => ({
  item,
  ...mercator(lon, lat),
  pinned,
});
const crowd = (count: number, pinned = false) =>
  Array.from({ length: count }, (_, i) => spot(`B${i}`, 119.97 + i * 1e-5, 31.79, pinned));

describe('clusters', () => {
  it('take in buses that would overlap far out', () => {
    const { singles, clusters } = clusterSpots(crowd(10), 9);
    expect(singles).toEqual([]);
    expect(clusters.map((c) => c.items.length)).toEqual([10]);
  });

  it('never hide a bus with an alert', () => {
    const { singles, clusters } = clusterSpots([...crowd(10), spot('SOS', 119.97, 31.79, true)], 5);
    expect(singles.map((s) => s.item)).toEqual(['SOS']);
    expect(clusters[0]?.items).toHaveLength(10);
  });

  it('leave a few buses alone, and all of them near the ground', () => {
    expect(clusterSpots(crowd(3), 9).singles).toHaveLength(3);
    expect(clusterSpots(crowd(50), 13).singles).toHaveLength(50);
  });

  it('take in a crowd near the ground too, but for those with an alert', () => {
    const { singles, clusters } = clusterSpots([...crowd(2_000), spot('SOS', 119.97, 31.79, true)], 14);
    expect(singles.some((s) => s.item === 'SOS')).toBe(true);
    expect(singles.length + clusters.length).toBeLessThan(500);
  });

  it('lose no bus and count none twice', () => {
    const place = fc.record({
      lon: fc.double({ min: 119, max: 121, noNaN: true }),
      lat: fc.double({ min: 31, max: 32, noNaN: true }),
      pinned: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 200 }),
        fc.double({ min: 3, max: 18, noNaN: true }),
        (places, zoom) => {
          const spots = places.map((p, i) => spot(String(i), p.lon, p.lat, p.pinned));
          const { singles, clusters } = clusterSpots(spots, zoom);
          const seen = [...singles.map((s) => s.item), ...clusters.flatMap((c) => c.items)].sort();
          expect(seen).toEqual(spots.map((s) => s.item).sort());
        },
      ),
    );
  });
});

describe('the Mercator square', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -84, max: 84, noNaN: true }),
        (lon, lat) => {
          const { x, y } = mercator(lon, lat);
          const [lonBack, latBack] = unmercator(x, y);
          expect(lonBack).toBeCloseTo(lon, 7);
          expect(latBack).toBeCloseTo(lat, 7);
        },
      ),
    );
  });
});
