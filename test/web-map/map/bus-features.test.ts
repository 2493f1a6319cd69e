import { describe, expect, it } from 'vitest';
import { mercator } from '../../../web-map/src/fleet/clusters.ts';
import { still } from '../../../web-map/src/fleet/motion.ts';
import { drawFleet, type Frame } from '../../../web-map/src/map/bus-features.ts';
import type { Bus } from '../../../web-map/src/state/fleet.ts';
import { fakeBuses, fakePosition } from '../support/fake-fleet.ts';

const NOW = Date.parse('2026-11-24T07:30:00+08:00');

function fleet(count: number): Bus[] {
  return fakeBuses(count).map((bus) => {
    const view = fakePosition(bus, NOW);
    const motion = still({ at: [view.lon, view.lat], time: NOW, directionDeg: view.directionDeg });
    const place = mercator(view.lon, view.lat);
    const times = { timeMs: NOW, receivedMs: NOW };
    return { view, motion, ...place, ...times, shownHeadingDeg: null, closeUp: false };
  });
}
const frame = (change: Partial<Frame> = {}): Frame => ({
  screenNow: 0,
  elapsedMs: 16,
  serverNow: NOW,
  zoom: 14,
  bounds: [119, 31, 121, 33],
  metresPerPixel: 4,
  alertOf: new Map(),
  chosen: null,
  pointed: null,
  shows: null,
  still: false,
  labels: true,
  labelOf: (bus) => bus.view.plate ?? bus.view.vehicle,
  ...change,
});
const idsOf = (drawing: ReturnType<typeof drawFleet>) => drawing.buses.features.map((f) => f.properties.id);

describe('what the map draws of the fleet', () => {
  it('is every bus in view near the ground, and none beyond', () => {
    expect(idsOf(drawFleet(fleet(40), frame()))).toHaveLength(40);
    expect(idsOf(drawFleet(fleet(40), frame({ bounds: [0, 0, 1, 1] })))).toEqual([]);
  });

  it('is clusters far out, but every bus with an alert and the chosen one by itself', () => {
    const alertOf = new Map([['B003', 'P1' as const]]);
    const drawing = drawFleet(fleet(40), frame({ zoom: 8, alertOf, chosen: 'B005' }));
    expect(idsOf(drawing)).toEqual(expect.arrayContaining(['B003', 'B005']));
    const counted = drawing.clusters.features.reduce((sum, cluster) => sum + cluster.properties.count, 0);
    expect(counted + drawing.buses.features.length).toBe(40);
  });

  it('marks what is chosen, delayed, stale and in alarm, the most pressing first', () => {
    const buses = fleet(12);
    const late = drawFleet(buses, frame({ serverNow: NOW + 60_000, chosen: 'B002' }));
    const second = late.buses.features.find((f) => f.properties.id === 'B002');
    expect(second?.properties).toMatchObject({ chosen: true, delayed: true, order: 0 });
    const stale = drawFleet(
      buses,
      frame({ alertOf: new Map([['B001', 'P1' as const]]), serverNow: NOW + 120_000 }),
    );
    expect(stale.buses.features[0]?.properties).toMatchObject({ state: 'stale', alert: 'P1', order: 1 });
  });

  it('rests when nothing in view moves', () => {
    expect(drawFleet(fleet(5), frame())).toMatchObject({ fastestPxPerS: 0, turning: false });
  });
});
