import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKPOINT_MS } from '../../../services/ingest/checkpoints.ts';
import { foldInOrder, laneFixture, plainly, reportAt } from '../../support/lane-fixture.ts';
import { memoryStore } from '../../support/memory-store.ts';

const START = Date.UTC(2026, 10, 24, 0, 0, 0);
const speeding = (memory: ReturnType<typeof memoryStore>) =>
  memory.findings('V1').filter((f) => f.rule === 'speeding');

describe('a vehicle lane', () => {
  it('answers a report only after it is committed, and its state with it', async () => {
    const memory = memoryStore();
    let release = (): void => undefined;
    memory.hold = new Promise((resolve) => {
      release = resolve;
    });
    const fixture = laneFixture(memory);
    const lane = await fixture.open('V1');
    fixture.give(lane, 1, { time: START });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fixture.acked).toEqual([]);
    release();
    await fixture.settle();
    expect(fixture.acked).toEqual([1]);
    expect(memory.positions('V1')).toHaveLength(1);
    expect((await memory.ingest.claim('V1')).snapshot.judge).toMatchObject({ folded: 1, time: START });
  });

  it('judges a report sent twice once, and answers both after the commit', async () => {
    const memory = memoryStore();
    const fixture = laneFixture(memory);
    const lane = await fixture.open('V1');
    fixture.give(lane, 1, { time: START });
    fixture.give(lane, 2, { time: START });
    await fixture.settle();
    fixture.give(lane, 3, { time: START });
    expect(fixture.acked).toEqual([1, 2, 3]);
    expect(lane.judged).toMatchObject({ folded: 1 });
  });

  it('knows after a restart that the newest report was judged', async () => {
    const memory = memoryStore();
    const before = laneFixture(memory);
    before.give(await before.open('V1'), 1, { time: START });
    await before.settle();
    const after = laneFixture(memory);
    const lane = await after.open('V1');
    after.give(lane, 2, { time: START });
    expect(after.acked).toEqual([2]);
    expect(lane.judged).toMatchObject({ folded: 1 });
  });

  it('goes through the store for a report of the same second that it may not have seen', async () => {
    const memory = memoryStore();
    const before = laneFixture(memory);
    const lane = await before.open('V1');
    before.give(lane, 1, { time: START, speedKmh: 31 });
    before.give(lane, 2, { time: START, speedKmh: 32 });
    await before.settle();
    const after = laneFixture(memory);
    const again = await after.open('V1');
    after.give(again, 3, { time: START, speedKmh: 31 });
    await after.settle();
    expect(after.acked).toEqual([3]);
    expect(again.judged).toMatchObject({ folded: 2 });
    expect(memory.positions('V1')).toHaveLength(2);
  });

  it('finds late what a late report shows, and takes back what it disproves', async () => {
    const memory = memoryStore();
    const fixture = laneFixture(memory);
    const lane = await fixture.open('V1');
    const speeds = [30, 70, 70, 30, 30];
    for (const [i, speedKmh] of speeds.entries())
      fixture.give(lane, i, { time: START + i * 20_000, speedKmh });
    await fixture.settle();
    expect(speeding(memory)).toMatchObject([{ start: START + 20_000, end: START + 60_000, late: false }]);
    // Before it: speeding began earlier. After it: a second time.
    fixture.give(lane, 10, { time: START + 10_000, speedKmh: 80, backfill: true });
    fixture.give(lane, 11, { time: START + 70_000, speedKmh: 65, backfill: true });
    await fixture.settle();
    expect(speeding(memory)).toMatchObject([
      { start: START + 10_000, end: START + 60_000, late: false, evidence: { peakKmh: 80 } },
      { start: START + 70_000, end: START + 80_000, late: true },
    ]);
    expect(memory.retracted('V1')).toEqual([`speeding:V1:${START + 20_000}`]);
    expect(fixture.acked).toHaveLength(7);
  });

  it('goes on after a take-over from the state kept last and the reports stored since', async () => {
    const memory = memoryStore();
    const before = laneFixture(memory);
    const lane = await before.open('V1');
    for (let n = 0; n < 50; n += 1) {
      before.give(lane, n, { time: START + n * 5_000, speedKmh: n === 20 ? 80 : 30 });
      await before.settle();
      const kept = (memory.batches.at(-1)?.vehicles[0]?.kept ?? null) !== null;
      // The first report has nothing before it to be folded onto, and a finding is kept with what it rests on.
      if (n === 0 || n === 20) expect(kept).toBe(true);
    }
    const written = memory.batches.filter((batch) => batch.vehicles[0]?.kept).length;
    expect(written).toBeLessThan(12);
    const again = await laneFixture(memory).open('V1');
    expect(again.judged).toEqual(lane.judged);
    expect(again.contact).toEqual(lane.contact);
    expect(again.judged).toMatchObject({ folded: 50 });
  });

  it('loses to a newer epoch: nothing written, nothing answered', async () => {
    const memory = memoryStore();
    const here = laneFixture(memory);
    const lane = await here.open('V1');
    here.give(lane, 1, { time: START });
    await here.settle();
    await laneFixture(memory).open('V1');
    here.give(lane, 2, { time: START + 1_000 });
    await here.settle();
    expect(lane.state).toBe('lost');
    expect(here.acked).toEqual([1]);
    expect(memory.positions('V1')).toHaveLength(1);
    expect(here.counts.pendingReports).toBe(0);
  });

  it('stores a report that a rule fails on, and goes on', async () => {
    const memory = memoryStore();
    const fixture = laneFixture(memory);
    const lane = await fixture.open('V1');
    fixture.give(lane, 1, { time: START, speedKmh: 99 });
    fixture.give(lane, 2, { time: START + 1_000 });
    await fixture.settle();
    expect(fixture.acked).toEqual([1, 2]);
    expect(fixture.counts.events.of('judge_failed')).toBe(1);
    expect(memory.positions('V1')).toHaveLength(2);
  });

  it('comes to the findings of the order of event time whatever the order of arrival', async () => {
    const arrivals = fc.array(
      fc.record({
        // A few ten-minute boundaries apart, so that checkpoints take part.
        second: fc.integer({ min: 0, max: (4 * CHECKPOINT_MS) / 1_000 }),
        speedKmh: fc.constantFrom(30, 59, 61, 75, 90),
        pause: fc.boolean(),
      }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async (reports) => {
        const memory = memoryStore();
        const fixture = laneFixture(memory);
        const lane = await fixture.open('V1');
        for (const [i, { second, speedKmh, pause }] of reports.entries()) {
          fixture.give(lane, i, { time: START + second * 1_000, speedKmh });
          if (pause) await fixture.settle();
        }
        await fixture.settle();
        const stored = memory.positions('V1');
        expect(stored).toHaveLength(new Set(reports.map((r) => `${r.second} ${r.speedKmh}`)).size);
        expect(plainly(speeding(memory))).toEqual(plainly(foldInOrder(stored)));
        expect(lane.judged).toMatchObject({ folded: stored.length });
        expect(fixture.acked).toHaveLength(reports.length);
        expect(fixture.counts.pendingReports).toBe(0);
        // Every checkpoint that is left holds exactly the reports before it.
        for (const mark of memory.checkpoints('V1')) {
          const before = stored.filter((r) => r.time < mark.time);
          expect(mark.judge).toMatchObject({ folded: before.length });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('judges nothing again from further back than its reach, but stores it', async () => {
    const memory = memoryStore();
    const fixture = laneFixture(memory, undefined, { rejudgeReachMs: 60_000 });
    const lane = await fixture.open('V1');
    fixture.give(lane, 1, { time: START });
    fixture.give(lane, 2, { time: START - 120_000, speedKmh: 90 });
    await fixture.settle();
    expect(fixture.acked).toEqual([1, 2]);
    expect(memory.positions('V1')).toHaveLength(2);
    expect(speeding(memory)).toEqual([]);
    expect(fixture.counts.reports.of('too_late_to_judge')).toBe(1);
  });

  it('keeps the findings of a fold equal to those of reports at once', () => {
    // The measure itself: known by heart, so that the property above means something.
    const reports = [30, 70, 90, 30].map((kmh, i) => reportAt('V1', START + i * 1_000, kmh));
    expect(foldInOrder(reports)).toMatchObject([
      { start: START + 1_000, end: START + 3_000, evidence: { peakKmh: 90 } },
    ]);
  });
});
