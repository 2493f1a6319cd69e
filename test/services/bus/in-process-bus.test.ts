import { describe, expect, it } from 'vitest';
import { openBus } from '../../../services/bus/open-bus.ts';
import { busBehaviour, collector, silent } from './bus-behaviour.ts';

describe('in-process bus', () => {
  busBehaviour(async () => {
    const bus = await openBus({ log: silent });
    return { here: bus, there: bus };
  });

  it('tells a publisher that nobody listens', async () => {
    const bus = await openBus({ log: silent });
    expect(bus.hasListeners('live.d.s.v')).toBe(false);
    const end = bus.subscribe('live.*.s.>', () => undefined);
    expect(bus.hasListeners('live.d.s.v')).toBe(true);
    expect(bus.hasListeners('live.d.t.v')).toBe(false);
    end();
    expect(bus.hasListeners('live.d.s.v')).toBe(false);
  });

  it('never runs a subscriber within the publisher', async () => {
    const bus = await openBus({ log: silent });
    const got = collector();
    bus.subscribe('x', got.handler);
    bus.publish('x', 1);
    expect(got.got).toEqual([]);
    await got.atLeast(1);
  });
});
