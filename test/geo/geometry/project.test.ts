import * as turf from '@turf/turf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destination, distanceM } from '../../../geo/geometry/distance.ts';
import { measureLine, pointAlong, segmentAt } from '../../../geo/geometry/line.ts';
import { passesOf } from '../../../geo/geometry/passes.ts';
import type { LonLat } from '../../../geo/geometry/point.ts';
import { distanceToLineM, projectOnLine, projectWithin } from '../../../geo/geometry/project.ts';

const home: LonLat = [119.95, 31.78];

/** A wandering road: legs of up to 300 m that turn as they like. */
const road = (legs: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 359 })), {
      minLength: 1,
      maxLength: legs,
    })
    .map((steps) => {
      const points: LonLat[] = [home];
      for (const [metres, angle] of steps) points.push(destination(points.at(-1)!, metres, angle));
      return measureLine(points);
    });
const bystander = fc
  .tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 359 }))
  .map(([metres, angle]) => destination(home, metres, angle));

describe('measuring a line', () => {
  it('is as long as turf says, to what sphere and ellipsoid differ', () => {
    fc.assert(
      fc.property(road(60), (line) => {
        const reference = turf.length(turf.lineString(line.points.map((p) => [...p])), { units: 'meters' });
        expect(Math.abs(line.lengthM - reference)).toBeLessThanOrEqual(reference * 0.006 + 1e-6);
      }),
    );
  });

  it('finds the place that lies so far along', () => {
    fc.assert(
      fc.property(road(60), fc.double({ min: 0, max: 1, noNaN: true }), (line, part) => {
        const alongM = line.lengthM * part;
        const { lon, lat } = pointAlong(line, alongM);
        const segment = segmentAt(line, alongM);
        expect(line.alongM[segment]! + distanceM(line.points[segment]!, [lon, lat])).toBeCloseTo(alongM, 3);
      }),
    );
  });

  it('stops at its two ends', () => {
    const line = measureLine([home, destination(home, 100, 90)]);
    expect(pointAlong(line, -5)).toMatchObject({ lon: home[0], lat: home[1], bearingDeg: 90 });
    expect(distanceM(home, [pointAlong(line, 500).lon, pointAlong(line, 500).lat])).toBeCloseTo(100, 3);
  });
});

describe('projection on the whole line', () => {
  it('agrees with turf to 0.6 % and a decimetre', () => {
    fc.assert(
      fc.property(road(60), bystander, (line, point) => {
        fc.pre(line.lengthM > 0);
        const reference = turf.nearestPointOnLine(
          turf.lineString(line.points.map((p) => [...p])),
          [...point],
          {
            units: 'meters',
          },
        );
        const projection = projectOnLine(line, point)!;
        expect(Math.abs(projection.distanceM - reference.properties.dist)).toBeLessThanOrEqual(
          reference.properties.dist * 0.006 + 0.1,
        );
      }),
    );
  });

  it('is a place on the line: its distance along and its distance to the point are true', () => {
    fc.assert(
      fc.property(road(80), bystander, (line, point) => {
        const projection = projectOnLine(line, point)!;
        const there = pointAlong(line, projection.alongM);
        expect(distanceM([there.lon, there.lat], [projection.lon, projection.lat])).toBeLessThan(0.01);
        const measured = distanceM(point, [projection.lon, projection.lat]);
        expect(Math.abs(measured - projection.distanceM)).toBeLessThan(0.01 + measured * 0.001);
      }),
    );
  });

  it('skips boxes without ever missing a nearer segment', () => {
    fc.assert(
      fc.property(road(200), bystander, (line, point) => {
        let least = Infinity;
        for (let i = 1; i < line.points.length; i++) {
          const leg = projectOnLine(measureLine([line.points[i - 1]!, line.points[i]!]), point)!;
          least = Math.min(least, leg.distanceM);
        }
        expect(distanceToLineM(line, point)).toBeCloseTo(least, 6);
      }),
    );
  });

  it('takes the earlier of two equal passes, and gives the direction of travel there', () => {
    const east = destination(home, 1000, 90);
    const thereAndBack = measureLine([home, east, home]);
    const projection = projectOnLine(thereAndBack, destination(destination(home, 500, 90), 20, 0))!;
    expect(projection.alongM).toBeCloseTo(500, 1);
    expect(projection.distanceM).toBeCloseTo(20, 2);
    expect(projection.bearingDeg).toBeCloseTo(90, 1);
  });

  it('crosses the date line', () => {
    const line = measureLine([
      [179.99, 10],
      [-179.99, 10],
    ]);
    const projection = projectOnLine(line, [-179.995, 10.001])!;
    expect(projection.lon).toBeCloseTo(-179.995, 6);
    expect(projection.distanceM).toBeCloseTo(110.6, 0);
    expect(projectOnLine(line, [179.995, 10.001])!.lon).toBeCloseTo(179.995, 6);
  });

  it('copes with a line of one point and says null for one of none', () => {
    expect(projectOnLine(measureLine([home]), destination(home, 30, 45))!.distanceM).toBeCloseTo(30, 2);
    expect(projectOnLine(measureLine([]), home)).toBeNull();
    expect(projectWithin(measureLine([]), home, 0, 1)).toBeNull();
  });
});

describe('projection within a stretch', () => {
  it('never leaves the stretch, and is the nearest within it', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(road(120), bystander, fraction, fraction, (line, point, a, b) => {
        const fromM = Math.min(a, b) * line.lengthM;
        const toM = Math.max(a, b) * line.lengthM;
        const projection = projectWithin(line, point, fromM, toM)!;
        expect(projection.alongM).toBeGreaterThanOrEqual(fromM - 1e-6);
        expect(projection.alongM).toBeLessThanOrEqual(toM + 1e-6);
        for (let i = 0; i <= 50; i++) {
          const there = pointAlong(line, fromM + ((toM - fromM) * i) / 50);
          const measured = distanceM(point, [there.lon, there.lat]);
          expect(projection.distanceM).toBeLessThanOrEqual(measured * 1.001 + 0.01);
        }
      }),
    );
  });

  it('over the whole line is the projection on the line', () => {
    fc.assert(
      fc.property(road(120), bystander, (line, point) => {
        expect(projectWithin(line, point, -10, line.lengthM + 10)).toEqual(projectOnLine(line, point));
      }),
    );
  });

  it('tells the way back from the way out', () => {
    const east = destination(home, 1000, 90);
    const thereAndBack = measureLine([home, east, home]);
    const kerb = destination(destination(home, 400, 90), 10, 0);
    expect(projectWithin(thereAndBack, kerb, 900, 2000)!.alongM).toBeCloseTo(1600, 1);
    expect(projectWithin(thereAndBack, kerb, 900, 2000)!.bearingDeg).toBeCloseTo(270, 1);
  });
});

describe('passes', () => {
  it('finds each pass of a line that comes by three times', () => {
    const east = destination(home, 1000, 90);
    const line = measureLine([home, east, home, east]);
    const kerb = destination(destination(home, 400, 90), 10, 0);
    expect(passesOf(line, kerb, 50).map((pass) => Math.round(pass.alongM))).toEqual([400, 1600, 2400]);
    expect(passesOf(line, kerb, 5)).toEqual([]);
  });

  it('holds the nearest point of the line, if that is near enough', () => {
    fc.assert(
      fc.property(road(150), bystander, fc.integer({ min: 1, max: 500 }), (line, point, withinM) => {
        const nearest = projectOnLine(line, point)!;
        const passes = passesOf(line, point, withinM);
        if (nearest.distanceM > withinM) expect(passes).toEqual([]);
        else expect(Math.min(...passes.map((p) => p.distanceM))).toBeCloseTo(nearest.distanceM, 6);
        for (const pass of passes) expect(pass.distanceM).toBeLessThanOrEqual(withinM + 1e-6);
        for (let i = 1; i < passes.length; i++) {
          expect(passes[i]!.alongM).toBeGreaterThanOrEqual(passes[i - 1]!.alongM);
        }
      }),
    );
  });
});
