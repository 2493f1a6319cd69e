import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { FleetClock } from '../../../services/simulator/fleet-clock.ts';
import { metresBetween } from '../../../services/simulator/path.ts';
import { planFleet } from '../../../services/simulator/plan-buses.ts';
import { stagedFleet } from '../../../services/simulator/staged-fleet.ts';
import { polygonsHold } from './polygons-hold.ts';

const files = demoPlanFiles();
const built = buildPlan(files, 'demo');
if (!built.ok) throw new Error('the demo plan is not valid');
const { plan } = built;
const MORNING = Date.parse('2026-11-24T06:30:00+08:00');
const { buses } = planFleet(plan, null, MORNING, 1);

describe('a bus that drives its planned runs', () => {
  it('moves without a jump and never faster than 60 km/h, hour after hour', () => {
    let farthestM = 0;
    let fastestMps = 0;
    for (const bus of buses) {
      let last = bus.motion.at(MORNING);
      for (let s = 1; s <= 2 * 3600; s++) {
        const now = bus.motion.at(MORNING + s * 1000);
        farthestM = Math.max(farthestM, metresBetween([last.lon, last.lat], [now.lon, now.lat]));
        fastestMps = Math.max(fastestMps, now.speedMps);
        last = now;
      }
    }
    expect(farthestM).toBeLessThan(16);
    expect(fastestMps).toBeGreaterThan(10);
    expect(fastestMps).toBeLessThanOrEqual(60 / 3.6);
  });

  it('keeps the limits of the fences', () => {
    const limited = plan.fences.filter((fence) => fence.speedLimitKmh !== null);
    let inside = 0;
    for (const bus of buses) {
      for (let s = 0; s <= 3600; s += 5) {
        const now = bus.motion.at(MORNING + s * 1000);
        for (const fence of limited) {
          if (!polygonsHold(fence.geometry, now.lon, now.lat)) continue;
          inside++;
          expect(now.speedMps * 3.6).toBeLessThanOrEqual(fence.speedLimitKmh!);
        }
      }
    }
    expect(inside).toBeGreaterThan(1000);
  });

  it('is at its stops when the timetable says, within half a minute', () => {
    for (const bus of buses) {
      for (const run of plan.dutiesAt(bus.identity.vehicle, MORNING, 0)) {
        for (const { stopId, departureS } of run.trip.stopTimes.slice(0, -1)) {
          const stop = plan.stops.get(stopId)!;
          const at = bus.motion.at(run.start + (departureS - run.trip.startS) * 1000);
          expect(metresBetween([at.lon, at.lat], [stop.lon, stop.lat])).toBeLessThan(250);
        }
      }
    }
  });

  it('is where it is whatever was asked before: a function of plan, seed and time', () => {
    fc.assert(
      fc.property(
        fc.nat(buses.length - 1),
        fc.array(fc.nat(86_400), { minLength: 2, maxLength: 6 }),
        (which, seconds) => {
          const bus = buses[which]!;
          const asked = seconds.map((s) => bus.motion.at(MORNING + s * 1000));
          const afresh = planFleet(plan, null, MORNING, 1).buses[which]!;
          const backwards = [...seconds].reverse().map((s) => afresh.motion.at(MORNING + s * 1000));
          expect(backwards.reverse()).toEqual(asked);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('measures with a few metres of noise', () => {
    const clock = new FleetClock(MORNING, MORNING, 1);
    const fleet = stagedFleet({ plan, files, buses: 10, intervalS: 10, seed: 1, clock, incidents: false });
    let largest = 0;
    for (const bus of fleet.buses) {
      bus.source.lineUp(MORNING);
      for (let i = 0; i < 200; i++) {
        const fix = bus.source.take(0);
        const truth = bus.motion.at(fix.time);
        largest = Math.max(largest, metresBetween([fix.lon, fix.lat], [truth.lon, truth.lat]));
        expect(Math.abs(fix.speedKmh - truth.speedMps * 3.6)).toBeLessThan(1);
      }
    }
    expect(largest).toBeGreaterThan(1);
    expect(largest).toBeLessThan(6);
  });
});

describe('buses beyond those of the plan', () => {
  it('are made up, each with a phone of its own that is in no register', () => {
    const { buses: many } = planFleet(plan, 500, MORNING, 1);
    expect(new Set(many.map((bus) => bus.identity.phone)).size).toBe(500);
    for (const bus of many.slice(40)) {
      expect(plan.vehicleByPhone.has(bus.identity.phone.replace(/^0+/, ''))).toBe(false);
    }
  });
});

describe('a plan that says nothing of vehicles and duties', () => {
  const gtfs = new Map([...files].filter(([name]) => name.endsWith('.txt')));
  const bare = buildPlan(gtfs, 'bare');
  if (!bare.ok) throw new Error('not valid');

  it('has its runs given out to buses that drive them without a jump', () => {
    const fleet = planFleet(bare.plan, 30, MORNING, 1);
    let driving = 0;
    let farthestM = 0;
    for (const bus of fleet.buses) {
      let last = bus.motion.at(MORNING);
      for (let s = 5; s <= 3 * 3600; s += 5) {
        const now = bus.motion.at(MORNING + s * 1000);
        farthestM = Math.max(farthestM, metresBetween([last.lon, last.lat], [now.lon, now.lat]));
        if (now.run) driving++;
        last = now;
      }
    }
    expect(farthestM).toBeLessThan(30 * 5);
    expect(driving).toBeGreaterThan(30 * 3 * 720 * 0.5);
  });
});
