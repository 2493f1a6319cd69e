import { describe, expect, it } from 'vitest';
import type { PositionView } from '../../../services/api/contract.ts';
import { BUS_STATES, delayMinutes, lookOf } from '../../../web-map/src/fleet/bus-state.ts';
import { freshnessOf } from '../../../web-map/src/fleet/freshness.ts';
import { dark, light } from '../../../web-map/src/theme/palette.ts';

const NOW = Date.parse('2026-11-24T07:30:00+08:00');
const run: NonNullable<PositionView['run']> = {
  trip: 'T',
  route: 'R',
  routeName: 'R',
  routeShortName: 'R',
  headsign: '',
  runState: 'CARRYING',
  progressM: 0,
  nextStop: null,
  nextStopName: null,
  delayS: 0,
  aboard: 'inferred',
};
const bus = (change: Partial<PositionView> = {}, ageS = 3): PositionView => ({
  vehicle: 'B1',
  plate: '苏D10260',
  time: new Date(NOW - ageS * 1_000).toISOString(),
  receivedAt: new Date(NOW - ageS * 1_000).toISOString(),
  lat: 31.79,
  lon: 119.97,
  speedKmh: 40,
  directionDeg: 0,
  accOn: true,
  positioned: true,
  run,
  schoolIds: [],
  district: null,
  ...change,
});

describe('how a bus looks', () => {
  it('is on its run, stopped, late or without a run', () => {
    expect(lookOf(bus(), null, NOW).state).toBe('onRoute');
    expect(lookOf(bus({ speedKmh: 1 }), null, NOW).state).toBe('stopped');
    expect(lookOf(bus({ run: { ...run, delayS: 301 } }), null, NOW).state).toBe('late');
    expect(lookOf(bus({ run: null }), null, NOW).state).toBe('offDuty');
  });

  it('is on its run for those who may not see its speed', () => {
    const { speedKmh: _, ...unseen } = bus();
    expect(lookOf(unseen, null, NOW).state).toBe('onRoute');
  });

  it('shows an alert before anything that is not about trust in its place', () => {
    expect(lookOf(bus({ run: null }), 'P1', NOW).state).toBe('alertP1');
    expect(lookOf(bus({ positioned: false }), 'P1', NOW)).toMatchObject({ state: 'noFix', alert: 'P1' });
  });

  it('is grey once its position is stale, and still carries its alert', () => {
    expect(lookOf(bus({}, 91), 'P2', NOW)).toEqual({ state: 'stale', freshness: 'stale', alert: 'P2' });
    expect(lookOf(bus({}, 60), null, NOW)).toMatchObject({ state: 'onRoute', freshness: 'delayed' });
  });

  it('has a colour for each state in both themes', () => {
    for (const palette of [light, dark]) {
      for (const state of BUS_STATES) expect(palette.bus[state]).toMatch(/^#[0-9a-f]{6}$/);
    }
  });
});

describe('freshness', () => {
  it('is live to 30 s, delayed to 90 s, then stale', () => {
    const at = [0, 30_000, 30_001, 90_000, 90_001, -5_000].map(freshnessOf);
    expect(at).toEqual(['live', 'live', 'delayed', 'delayed', 'stale', 'live']);
  });
});

describe('a delay', () => {
  it('counts whole minutes both ways', () => {
    expect([0, 59, 60, 619, -59, -61].map(delayMinutes).map((n) => n + 0)).toEqual([0, 0, 1, 10, 0, -1]);
  });
});
