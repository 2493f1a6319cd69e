import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { Report } from '../../../geo/report.ts';
import type { RecordedDay } from '../../evaluation/recorded-day.ts';
import { wmataDay } from '../../evaluation/wmata.ts';
import { foldInOrder, laneFixture, plainly } from '../../support/lane-fixture.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { describeWith, sharedFolder } from '../../support/needs.ts';

/** What is put into a recorded track, so that there is something to find. */
const wrongs = fc.record({
  from: fc.double({ min: 0, max: 0.9, noNaN: true }),
  fixes: fc.integer({ min: 1, max: 12 }),
  what: fc.constantFrom('fast', 'detour', 'sos', 'nothing' as const),
});
/** Stretches that arrive later than they were recorded, some of them twice. */
const delays = fc.record({
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  fixes: fc.integer({ min: 1, max: 60 }),
  afterFixes: fc.integer({ min: 1, max: 200 }),
  backwards: fc.boolean(),
  twice: fc.boolean(),
});

function withWrongs(
  track: readonly Report[],
  list: readonly { from: number; fixes: number; what: string }[],
) {
  const reports = [...track];
  for (const { from, fixes, what } of list) {
    const first = Math.floor(from * reports.length);
    for (let i = first; i < Math.min(first + fixes, reports.length); i++) {
      const one = reports[i]!;
      if (what === 'fast') reports[i] = { ...one, speedKmh: 95 };
      if (what === 'detour') reports[i] = { ...one, lat: one.lat + 0.004 };
      if (what === 'sos') reports[i] = { ...one, alarmFlags: 1 };
    }
  }
  return reports;
}

interface Delay {
  readonly from: number;
  readonly fixes: number;
  readonly afterFixes: number;
  readonly backwards: boolean;
  readonly twice: boolean;
}

/** The order of arrival: each report at its turn, but for what is delayed. */
function arrivalsOf(reports: readonly Report[], list: readonly Delay[]): Report[] {
  const turns = reports.map((report, i) => ({ report, turn: i }));
  const again: { report: Report; turn: number }[] = [];
  for (const { from, fixes, afterFixes, backwards, twice } of list) {
    const first = Math.floor(from * turns.length);
    const last = Math.min(first + fixes, turns.length) - 1;
    for (let i = first; i <= last; i++) {
      const one = turns[i]!;
      if (twice) again.push({ ...one, turn: one.turn + 0.5 });
      one.turn = last + afterFixes + (backwards ? last - i : i - first) / 1_000;
    }
  }
  return [...turns, ...again].sort((a, b) => a.turn - b.turn).map(({ report }) => report);
}

describeWith('shared reference data', 'recorded tracks that arrive in any order', () => {
  let day: RecordedDay;
  let tracks: Report[][];
  beforeAll(() => {
    day = wmataDay(sharedFolder!, true);
    const byVehicle = new Map<string, Report[]>();
    for (const report of day.reports) {
      byVehicle.set(report.vehicle, [...(byVehicle.get(report.vehicle) ?? []), report]);
    }
    tracks = [...byVehicle.values()]
      .map((track) => track.sort((a, b) => a.time - b.time).slice(0, 400))
      .filter((track) => track.length > 200);
  }, 120_000);

  it('give the findings of the order in which they were driven, once each, late where they came late', async () => {
    const seen = { findings: 0, late: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000),
        fc.array(wrongs, { minLength: 1, maxLength: 5 }),
        fc.array(delays, { maxLength: 4 }),
        fc.integer({ min: 1, max: 90 }),
        async (pick, wrong, delay, breath) => {
          const reports = withWrongs(tracks[pick % tracks.length]!, wrong);
          const arrivals = arrivalsOf(reports, delay);
          const memory = memoryStore();
          const fixture = laneFixture(memory, makeJudge, {}, day.plan);
          const { vehicle } = reports[0]!;
          const lane = await fixture.open(vehicle);
          let now = 0;
          for (const [i, report] of arrivals.entries()) {
            now = Math.max(now, report.time);
            fixture.giveReport(lane, i, { ...report, receivedAt: now });
            if (i % breath === 0) await fixture.settle();
          }
          await fixture.settle();
          const offline = (f: { rule: string }): boolean => f.rule !== 'terminal_offline';
          const live = memory.findings(vehicle).filter(offline);
          expect(plainly(live)).toEqual(plainly(foldInOrder(reports, makeJudge, day.plan).filter(offline)));
          expect(fixture.acked).toHaveLength(arrivals.length);
          if (delay.length === 0) expect(live.filter((f) => f.late)).toEqual([]);
          seen.findings += live.length;
          seen.late += live.filter((f) => f.late).length;
        },
      ),
      { numRuns: 60 },
    );
    // The property is about findings, so there must have been some, and late ones too.
    expect(seen.findings).toBeGreaterThan(15);
    expect(seen.late).toBeGreaterThan(0);
  }, 180_000);
});
