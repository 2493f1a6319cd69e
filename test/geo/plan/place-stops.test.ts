import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destination, distanceM } from '../../../geo/geometry/distance.ts';
import { measureLine, pointAlong } from '../../../geo/geometry/line.ts';
import type { LonLat } from '../../../geo/geometry/point.ts';
import { projectOnLine } from '../../../geo/geometry/project.ts';
import { alongFromFeed } from '../../../geo/plan/feed-distances.ts';
import { placeStops } from '../../../geo/plan/place-stops.ts';

const home: LonLat = [119.95, 31.78];
const go = (from: LonLat, eastM: number, northM: number): LonLat =>
  destination(destination(from, eastM, 90), northM, 0);
const line = (...corners: [number, number][]) => measureLine(corners.map(([e, n]) => go(home, e, n)));
const stops = (...places: [number, number][]) => places.map(([e, n]) => go(home, e, n));
/** Times at a steady 10 m/s. */
const steady = (...alongM: number[]) => alongM.map((m) => m / 10);
const rounded = (alongM: Float64Array) => [...alongM].map((m) => Math.round(m / 5) * 5);

describe('stops placed along their line', () => {
  it('puts the last stop of a ring at its end and the first at its start', () => {
    const ring = line([0, 0], [1000, 0], [1000, 1000], [0, 1000], [0, 0]);
    const at = stops([5, 8], [1000, 500], [500, 1000], [5, 8]);
    expect(rounded(placeStops(ring, at, steady(0, 1500, 2500, 4000)))).toEqual([5, 1500, 2500, 3990]);
  });

  it('tells the way back from the way out by the timetable, though both pass the stop', () => {
    const thereAndBack = line([0, 0], [3000, 0], [0, 0]);
    // The second stop is served on the way back: it stands on the other side of the same street.
    const at = stops([0, 6], [3000, 6], [1000, 6], [0, 6]);
    expect(rounded(placeStops(thereAndBack, at, steady(0, 3000, 5000, 6000)))).toEqual([0, 3000, 5000, 6000]);
    const onTheWayOut = stops([0, 6], [1000, 6], [2000, 6], [0, 6]);
    expect(rounded(placeStops(thereAndBack, onTheWayOut, steady(0, 1000, 2000, 6000)))).toEqual([
      0, 1000, 2000, 6000,
    ]);
    expect(rounded(placeStops(thereAndBack, onTheWayOut, steady(0, 1000, 4000, 6000)))).toEqual([
      0, 1000, 4000, 6000,
    ]);
  });

  it('does not let a nearer pass of a crossing take the stop out of order', () => {
    // A figure of eight: the crossing at (500, 0) is passed at 500 m and again at 2500 m.
    const eight = line([0, 0], [1000, 0], [1000, 500], [500, 500], [500, -500]);
    const at = stops([0, 0], [990, 10], [760, 500], [500, 3], [500, -500]);
    expect(rounded(placeStops(eight, at, steady(0, 1000, 1740, 2500, 3000)))).toEqual([
      0, 990, 1740, 2495, 3000,
    ]);
  });

  it('prefers the map to the timetable where they quarrel', () => {
    const straight = line([0, 0], [5000, 0]);
    const at = stops([0, 5], [1000, 5], [5000, 5]);
    expect(rounded(placeStops(straight, at, [0, 590, 600]))).toEqual([0, 1000, 5000]);
  });

  it('gives two stops face to face that project in the wrong order one place', () => {
    const straight = line([0, 0], [5000, 0]);
    const placed = placeStops(
      straight,
      stops([0, 5], [2010, 10], [2000, -10], [5000, 0]),
      steady(0, 2000, 2001, 5000),
    );
    expect(placed[2]).toBe(placed[1]);
    expect(Math.abs(placed[1]! - 2010)).toBeLessThan(10);
  });

  it('keeps order even where the line runs the other way', () => {
    const straight = line([0, 0], [5000, 0]);
    const placed = placeStops(straight, stops([5000, 5], [3000, 5], [0, 5]), steady(0, 2000, 5000));
    expect(placed[0]).toBeLessThanOrEqual(placed[1]!);
    expect(placed[1]).toBeLessThanOrEqual(placed[2]!);
  });

  it('finds again the places that stops were put at, on any wandering road that they follow', () => {
    const road = fc.array(fc.tuple(fc.integer({ min: 150, max: 400 }), fc.integer({ min: -60, max: 60 })), {
      minLength: 4,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        road,
        fc.integer({ min: 2, max: 12 }),
        fc.infiniteStream(fc.integer({ min: -8, max: 8 })),
        (legs, count, side) => {
          const points: LonLat[] = [home];
          let heading = 0;
          for (const [metres, turn] of legs) {
            heading += turn;
            points.push(destination(points.at(-1)!, metres, heading));
          }
          const road = measureLine(points);
          const true_ = Array.from({ length: count }, (_, i) => (road.lengthM * i) / (count - 1));
          const at = true_.map((m) => {
            const { lon, lat, bearingDeg } = pointAlong(road, m);
            return destination([lon, lat], side.next().value!, bearingDeg + 90);
          });
          const placed = placeStops(
            road,
            at,
            true_.map((m) => m / 8),
          );
          placed.forEach((alongM, i) => {
            if (i > 0) expect(alongM).toBeGreaterThanOrEqual(placed[i - 1]!);
            const { lon, lat } = pointAlong(road, alongM);
            const nearest = projectOnLine(road, at[i]!)!.distanceM;
            // A stop may share another's place; it is never put on another street.
            expect(distanceM([lon, lat], at[i]!)).toBeLessThan(nearest + 45);
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('stops placed by the distances of the feed', () => {
  const straight = line([0, 0], [1000, 0], [3000, 0]);
  /** In kilometres, a little longer than ours. */
  const ofPoints = [0, 1.01, 3.03];
  const at = stops([0, 5], [2000, 5], [3000, 5]);

  it('are at that part of the line, whatever the unit', () => {
    expect(rounded(alongFromFeed(straight, ofPoints, at, [0, 2.02, 3.03])!)).toEqual([0, 2000, 3000]);
  });

  it('are not trusted where they fall, leave the line, lack, or name a place the stop is not at', () => {
    expect(alongFromFeed(straight, ofPoints, at, [0, 2.02, 2])).toBeNull();
    expect(alongFromFeed(straight, ofPoints, at, [0, 2.02, 9])).toBeNull();
    expect(alongFromFeed(straight, ofPoints, at, [0, Number.NaN, 3.03])).toBeNull();
    expect(alongFromFeed(straight, ofPoints, at, [0, 1, 3.03])).toBeNull();
  });
});
