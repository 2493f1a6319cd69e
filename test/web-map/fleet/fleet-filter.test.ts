import { describe, expect, it } from 'vitest';
import {
  filterOfQuery,
  isFiltering,
  NO_FILTER,
  passesFilter,
  queryOfValues,
} from '../../../web-map/src/fleet/fleet-filter.ts';
import { fakeBuses, fakeFleetVehicle, fakePosition } from '../support/fake-fleet.ts';

const NOW = Date.parse('2026-11-24T07:30:00+08:00');
const [bus] = fakeBuses(1) as [ReturnType<typeof fakeBuses>[number]];
const registered = fakeFleetVehicle(bus, NOW);
const position = fakePosition(bus, NOW);
const passes = (change: Partial<typeof NO_FILTER>, alert: 'P1' | 'P2' | null = null) =>
  passesFilter({ ...NO_FILTER, ...change }, registered, position, 'onRoute', alert);

describe('the filter of map and list', () => {
  it('lets everything through where nothing is chosen', () => {
    expect(isFiltering(NO_FILTER)).toBe(false);
    expect(passes({})).toBe(true);
  });

  it('takes any value of a kind, and wants every kind', () => {
    expect(passes({ states: ['late', 'onRoute'] })).toBe(true);
    expect(passes({ states: ['late'] })).toBe(false);
    expect(passes({ districts: [registered.district!], states: ['onRoute'] })).toBe(true);
    expect(passes({ districts: ['nowhere'], states: ['onRoute'] })).toBe(false);
    expect(passes({ providers: [registered.operator!] })).toBe(true);
    expect(passes({ schools: ['S1'] })).toBe(true);
    expect(passes({ schools: ['none'] })).toBe(false);
    expect(passes({ routes: [registered.route!] })).toBe(true);
  });

  it('asks for an alert by its severity', () => {
    expect(passes({ alerts: ['P1'] }, 'P1')).toBe(true);
    expect(passes({ alerts: ['P1'] }, 'P2')).toBe(false);
    expect(passes({ alerts: ['P1'] })).toBe(false);
  });

  it('is written into an address and read back, commas and all; what is no value is passed over', () => {
    const filter = { ...NO_FILTER, districts: ['A,B', '区'], states: ['stale' as const] };
    const query = Object.fromEntries(
      Object.entries(filter).map(([kind, values]) => [kind, queryOfValues(values as string[])]),
    );
    expect(filterOfQuery(query)).toEqual(filter);
    expect(filterOfQuery({ states: 'nonsense,late', alerts: 'P9' })).toEqual({
      ...NO_FILTER,
      states: ['late'],
    });
  });
});
