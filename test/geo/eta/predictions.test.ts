import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingLearned } from '../../../geo/eta/learned.ts';
import { ETA } from '../../../geo/eta/settings.ts';
import { plan, replayed, run } from './fixture.ts';

const anyRun = fc.record({
  kmh: fc.integer({ min: 8, max: 70 }),
  everyS: fc.integer({ min: 5, max: 60 }),
  standS: fc.integer({ min: 0, max: 90 }),
});

describe('predictions of a run under way', () => {
  it('are never in the past, in the order of the stops, within their range, for stops ahead alone', () => {
    fc.assert(
      fc.property(anyRun, ({ kmh, everyS, standS }) => {
        const arrived = new Set<number>();
        let told = 0;
        for (const event of replayed(run(kmh, everyS, standS))) {
          if (event.type === 'arrived') {
            arrived.add(event.arrival.stop);
            continue;
          }
          told++;
          expect(event.at - event.told.basis).toBeLessThanOrEqual(ETA.staleS * 1000);
          let before = event.at;
          for (const { stop, predicted, from, to, confidence } of event.told.stops) {
            expect(arrived.has(stop)).toBe(false);
            expect(predicted).toBeGreaterThanOrEqual(before);
            expect(from).toBeLessThanOrEqual(predicted);
            expect(to).toBeGreaterThanOrEqual(predicted);
            expect(confidence).toBeGreaterThanOrEqual(0);
            expect(confidence).toBeLessThanOrEqual(1);
            before = predicted;
          }
        }
        expect(told).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });

  it('are the same for the same reports, in whatever order they are given', () => {
    fc.assert(
      fc.property(anyRun, fc.infiniteStream(fc.nat()), ({ kmh, everyS, standS }, stream) => {
        const reports = run(kmh, everyS, standS);
        const shuffled = reports
          .map((report) => ({ report, key: stream.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ report }) => report);
        expect(JSON.stringify(replayed(shuffled))).toBe(JSON.stringify(replayed(reports)));
      }),
      { numRuns: 5 },
    );
  });

  it('widen once nothing is heard any more, and end', () => {
    const reports = run(36).slice(0, 20);
    const last = reports.at(-1)!.time;
    const after = replayed(reports).flatMap((event) =>
      event.type === 'told' && event.at > last ? [{ at: event.at, stop: event.told.stops.at(-1)! }] : [],
    );
    expect(after.map(({ at }) => (at - last) / 1000)).toEqual([30, 60, 90]);
    const widths = after.map(({ stop }) => stop.to - stop.from);
    expect(widths[2]).toBeGreaterThan(widths[0]!);
    expect(after[2]!.stop.confidence).toBeLessThan(after[0]!.stop.confidence);
  });

  it('come from what earlier buses needed, and not from the timetable, once there were some', () => {
    const errorOf = (days: number): number => {
      const learned = nothingLearned();
      for (let i = 0; i < days; i++) replayed(run(18), learned);
      const arrivals = new Map<number, number>();
      const told: { stop: number; predicted: number }[] = [];
      for (const event of replayed(run(18), learned, false)) {
        if (event.type === 'arrived') arrivals.set(event.arrival.stop, event.arrival.arrived);
        else for (const one of event.told.stops) told.push(one);
      }
      const errors = told.flatMap(({ stop, predicted }) => {
        const actual = arrivals.get(stop);
        return actual === undefined ? [] : Math.abs(actual - predicted) / 1000;
      });
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    expect(errorOf(12)).toBeLessThan(errorOf(0));
  });

  it('are not made for a run that is not under way', () => {
    const standing = run(36, 10, 300).slice(0, 25);
    expect(replayed(standing).filter((event) => event.type === 'told')).toEqual([]);
    expect(plan.trips.size).toBe(1);
  });
});
