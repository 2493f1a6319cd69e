import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../services/simulator/latency-histogram.ts';
import { WakeHeap } from '../../../services/simulator/wake-heap.ts';

describe('the heap of sleepers', () => {
  it('wakes everybody once, in order of time, whatever was set, moved and removed before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.nat(20), at: fc.integer({ min: -50, max: 5 }), remove: fc.boolean() }), {
          minLength: 1,
          maxLength: 60,
        }),
        async (steps) => {
          const heap = new WakeHeap();
          const start = heap.now();
          const due = new Map<number, number>();
          const woken: number[] = [];
          let settle: () => void = () => undefined;
          const all = new Promise<void>((resolve) => {
            settle = resolve;
          });
          const sleepers = Array.from({ length: 21 }, (_, who) => ({
            heapIndex: -1,
            wake: () => {
              woken.push(who);
              if (woken.length === due.size) settle();
            },
          }));
          for (const { who, at, remove } of steps) {
            if (remove) {
              heap.remove(sleepers[who]!);
              due.delete(who);
            } else {
              heap.set(sleepers[who]!, start + at);
              due.set(who, at);
            }
          }
          if (due.size > 0) await all;
          heap.close();
          expect([...woken].sort()).toEqual([...due.keys()].sort());
          for (let i = 1; i < woken.length; i++) {
            expect(due.get(woken[i]!)).toBeGreaterThanOrEqual(due.get(woken[i - 1]!)!);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the histogram of latencies', () => {
  it('is right to 3 % against sorting', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.05, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const histogram = new LatencyHistogram();
        for (const value of values) histogram.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        for (const share of [0.5, 0.99]) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
          expect(Math.abs(histogram.percentile(share)! - exact) / exact).toBeLessThan(0.03);
        }
        expect(histogram.count).toBe(values.length);
      }),
    );
  });

  it('has nothing to say of nothing', () => {
    expect(new LatencyHistogram().percentile(0.5)).toBeNull();
  });
});
