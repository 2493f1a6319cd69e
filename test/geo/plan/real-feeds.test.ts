import { join } from 'node:path';
import { expect, it } from 'vitest';
import { distanceM } from '../../../geo/geometry/distance.ts';
import { pointAlong } from '../../../geo/geometry/line.ts';
import { projectOnLine } from '../../../geo/geometry/project.ts';
import type { Trip } from '../../../geo/plan/plan.ts';
import { readPlanFiles } from '../../../services/plan/plan-files.ts';
import { describeWith, sharedFolder } from '../../support/needs.ts';
import { planOf, warningsOf } from './small-plan.ts';

const feeds = [
  { feed: 'wmata-bus-2026/gtfs.zip', routes: 2, trips: 2558, stops: 243, shapes: 10, stopTimes: 150_454 },
  {
    feed: 'transitclock-wmata-2016/gtfs_3T.zip',
    routes: 1,
    trips: 363,
    stops: 97,
    shapes: 2,
    stopTimes: 17_963,
  },
];

describeWith('shared reference data', 'real feeds', () => {
  it.each(feeds)('$feed loads whole', async ({ feed, routes, trips, stops, shapes, stopTimes }) => {
    const files = await readPlanFiles(join(sharedFolder!, 'data', feed));
    const plan = planOf(files);
    expect(plan.timeZone).toBe('America/New_York');
    expect(plan.routes.size).toBe(routes);
    expect(plan.trips.size).toBe(trips);
    expect(plan.stops.size).toBe(stops);
    expect(plan.shapes.size).toBe(shapes);
    expect([...plan.trips.values()].reduce((sum, trip) => sum + trip.stopTimes.length, 0)).toBe(stopTimes);
    expect(warningsOf(files)).toEqual([]);
  });

  it.each(feeds)(
    '$feed: every stop lies on its line in order, at the pass it belongs to',
    async ({ feed }) => {
      const plan = planOf(await readPlanFiles(join(sharedFolder!, 'data', feed)));
      const patterns = new Map<string, Trip>();
      for (const trip of plan.trips.values()) {
        patterns.set(`${trip.shapeId} ${trip.stopTimes.map((s) => s.stopId)}`, trip);
        const backward = trip.stopTimes.filter((s, i) => i > 0 && s.alongM <= trip.stopTimes[i - 1]!.alongM);
        expect(backward).toEqual([]);
      }
      for (const trip of patterns.values()) {
        const shape = plan.shapes.get(trip.shapeId)!;
        for (const { stopId, alongM } of trip.stopTimes) {
          const stop = plan.stops.get(stopId)!;
          const { lon, lat } = pointAlong(shape, alongM);
          const nearestM = projectOnLine(shape, [stop.lon, stop.lat])!.distanceM;
          expect(distanceM([stop.lon, stop.lat], [lon, lat])).toBeLessThan(nearestM + 1);
        }
      }
    },
  );

  it('finds the trips that were under way on the morning of the recording', async () => {
    const plan = planOf(await readPlanFiles(join(sharedFolder!, 'data/wmata-bus-2026/gtfs.zip')));
    const runs = plan.runsAt(Date.parse('2026-02-16T17:00:00Z'), 0);
    // 21 buses were recorded over those hours.
    expect(runs.length).toBeGreaterThan(10);
    expect(runs.length).toBeLessThan(30);
    expect(new Set(runs.map((run) => run.serviceDate))).toEqual(new Set(['20260216']));
  });
});
