import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { demoUsers } from '../../../services/simulator/demo-users.ts';
import { metresFromPath } from '../../../services/simulator/path.ts';

const files = demoPlanFiles();

function demoPlan(): Plan {
  const built = buildPlan(files, 'demo');
  if (!built.ok) throw new Error(JSON.stringify(built.problems.slice(0, 3)));
  return built.plan;
}

const plan = demoPlan();
const NOON = Date.parse('2026-11-24T12:00:00+08:00');

describe('the demo plan', () => {
  it('is valid, and has nothing to warn of but what is staged', () => {
    const built = buildPlan(files, 'demo');
    if (!built.ok) throw new Error('not valid');
    const unexpected = built.warnings.filter(
      (warning) => !/permit until 20250831|has no escort/.test(warning.reason),
    );
    expect(unexpected).toEqual([]);
  });

  it('is the same text every time', () => {
    expect([...demoPlanFiles()]).toEqual([...files]);
  });

  it('is as large as a real district: 6 schools, 12 routes, 40 buses, terminals of all three editions', () => {
    expect(plan.schools.size).toBe(6);
    expect(plan.routes.size).toBe(12);
    expect(plan.vehicles.size).toBe(40);
    const editions = new Set([...plan.vehicles.values()].map((vehicle) => vehicle.terminalVersion));
    expect([...editions].sort()).toEqual(['2011', '2013', '2019']);
    expect(new Set(plan.fences.map((fence) => fence.kind)).size).toBe(5);
  });

  it('has most buses under way at any moment of any day', () => {
    for (let minute = 0; minute < 24 * 60; minute += 7) {
      const time = NOON + minute * 60_000;
      const underWay = [...plan.vehicles.keys()].filter(
        (vehicle) => plan.dutiesAt(vehicle, time, 0).length > 0,
      );
      expect(underWay.length).toBeGreaterThan(25);
    }
  });

  it('lets one run of a bus begin where the one before ended, and never two at once', () => {
    for (const vehicle of plan.vehicles.keys()) {
      const runs = plan.dutiesAt(vehicle, NOON, 12 * 3600);
      for (let i = 1; i < runs.length; i++) {
        const [before, after] = [runs[i - 1]!, runs[i]!];
        expect(after.start).toBeGreaterThanOrEqual(before.end);
        expect(after.trip.stopTimes[0]!.stopId).toBe(before.trip.stopTimes.at(-1)!.stopId);
      }
    }
  });

  it('has stop times that a bus keeps at 25 to 45 km/h, dwelling 20 to 40 s', () => {
    // All trips of a line have the same times after their start: those of the first hour are enough.
    for (const trip of [...plan.trips.values()].filter((t) => t.startS < 3600)) {
      const stops = trip.stopTimes;
      for (let i = 1; i < stops.length; i++) {
        const kmh =
          ((stops[i]!.alongM - stops[i - 1]!.alongM) / (stops[i]!.arrivalS - stops[i - 1]!.departureS)) * 3.6;
        expect(kmh).toBeLessThan(45);
        if (i === stops.length - 1) continue;
        expect(stops[i]!.departureS - stops[i]!.arrivalS).toBeGreaterThanOrEqual(20);
        expect(stops[i]!.departureS - stops[i]!.arrivalS).toBeLessThanOrEqual(40);
      }
      const whole = stops.reduce(
        (sum, stop) => sum - (stop.departureS - stop.arrivalS),
        trip.endS - trip.startS,
      );
      expect((stops.at(-1)!.alongM / whole) * 3.6).toBeGreaterThan(25);
    }
  });

  it('runs its routes on the roads of its base layer, and its stops on its routes', () => {
    const base = JSON.parse(files.get('base.geojson')!) as GeoJSON.FeatureCollection;
    const corners = new Set(
      base.features.flatMap((f) =>
        f.geometry.type === 'LineString' ? f.geometry.coordinates.map(String) : [],
      ),
    );
    for (const shape of plan.shapes.values()) {
      for (const point of shape.points) expect(corners.has(String(point))).toBe(true);
    }
    for (const trip of plan.trips.values()) {
      if (!trip.id.endsWith('-0000') && trip.startS > 7200) continue;
      for (const { stopId } of trip.stopTimes) {
        const stop = plan.stops.get(stopId)!;
        expect(metresFromPath(plan.shapes.get(trip.shapeId)!, [stop.lon, stop.lat])).toBeLessThan(5);
      }
    }
    const classes = new Set(base.features.map((feature) => String(feature.properties?.class)));
    expect([...classes].sort()).toEqual([
      'motorway',
      'park',
      'place',
      'primary',
      'residential',
      'secondary',
      'water',
    ]);
  });

  it('gives every login something to see', () => {
    const users = demoUsers();
    expect(new Set(users.map((user) => user.role)).size).toBe(6);
    const districts = new Set([...plan.vehicles.values()].map((vehicle) => vehicle.district));
    for (const user of users) {
      if (user.district !== null) expect(districts.has(user.district)).toBe(true);
      if (user.schoolId !== null) expect(plan.schools.has(user.schoolId)).toBe(true);
      if (user.personId !== null) {
        expect(plan.people.get(user.personId)?.role).toBe('escort');
        const on = plan.runsAt(NOON, 3600).filter((run) => run.escortId === user.personId);
        expect(on.length).toBeGreaterThan(0);
      }
      for (const rider of user.riderIds) expect(files.get('riders.csv')).toContain(`\n${rider},`);
    }
  });
});
