import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingChange } from '../../../geo/finding.ts';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import { replayReports } from '../../../geo/judge/replay-reports.ts';
import type { JudgeState } from '../../../geo/judge.ts';
import type { Report } from '../../../geo/report.ts';
import { drive, type Leg } from './drive.ts';
import { type Metres, smallPlan } from './small-plan.ts';

const line: Metres[] = [
  [0, 0],
  [4_000, 0],
  [4_000, 2_000],
  [0, 2_000],
  [0, -2_000],
];
const spec = {
  trips: [
    { id: 'a', line, escort: null },
    { id: 'b', line: [...line].reverse(), departS: 1_700, escort: 'driver' },
  ],
  vehicles: ['bus'],
  people: [
    { id: 'driver', role: 'driver' as const },
    { id: 'escort', role: 'escort' as const },
  ],
  permits: [{ vehicleId: 'bus', routeIds: ['route-a'] }],
  fences: [
    {
      kind: 'danger_section' as const,
      ring: [
        [1_000, -50],
        [2_000, -50],
        [2_000, 50],
        [1_000, 50],
      ] as const,
    },
  ],
};
const plan = smallPlan(spec);
const nextPlan = smallPlan({ ...spec, version: 'small-2' });

/** Terminals have a millionth of a degree. */
const asSent = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** Drives of all kinds: along the run, off it, too fast, standing, with noise, jumps, gaps and alarm bits. */
const tracks = fc
  .record({
    legs: fc.array(
      fc.oneof(
        fc.record({
          to: fc.tuple(fc.integer({ min: -500, max: 4_500 }), fc.integer({ min: -2_500, max: 2_500 })),
          kmh: fc.integer({ min: 10, max: 110 }),
        }),
        fc.constantFrom<Leg>(
          { to: [4_000, 0], kmh: 45 },
          { to: [4_000, 2_000], kmh: 70 },
          { to: [0, 2_000], kmh: 30 },
        ),
        fc.record({ standS: fc.integer({ min: 10, max: 300 }) }),
      ),
      { minLength: 1, maxLength: 7 },
    ),
    everyS: fc.constantFrom(5, 10, 30),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ legs, everyS, seed }) => {
    let random = seed;
    const next = (): number => {
      random = (random * 48_271) % 2_147_483_647;
      return random / 2_147_483_647;
    };
    return drive([0, 0], legs as Leg[], { everyS })
      .filter(() => next() > 0.05)
      .map((one): Report => {
        const jump = next() < 0.02 ? 0.03 : 0.00005;
        return {
          ...one,
          lat: asSent(one.lat + (next() - 0.5) * jump),
          lon: asSent(one.lon + (next() - 0.5) * jump),
          alarmFlags: next() < 0.02 ? 1 : next() < 0.05 ? 2 : 0,
          satellites: next() < 0.05 ? 3 : 11,
          positioned: next() > 0.02,
          recorderSpeedKmh: next() < 0.5 ? one.speedKmh : null,
        };
      })
      .slice(0, 400);
  })
  .filter((reports) => reports.length > 2);

function fold(reports: readonly Report[], between: (state: JudgeState, i: number) => JudgeState = (s) => s) {
  const judge = makeJudge(plan);
  const changes: FindingChange[] = [];
  let state: JudgeState | null = null;
  for (const [i, report] of reports.entries()) {
    const step = judge.judge(state, report);
    changes.push(...step.changes);
    state = between(step.state, i);
  }
  return { changes, state };
}

describe('the fold of reports', () => {
  it('is the same whenever its state is written as JSON and read again', () => {
    fc.assert(
      fc.property(tracks, (reports) => {
        const through = fold(reports, (state) => JSON.parse(JSON.stringify(state)) as JudgeState);
        expect(through).toEqual(fold(reports));
      }),
      { numRuns: 60 },
    );
  });

  it('is not changed by reports that come twice', () => {
    fc.assert(
      fc.property(tracks, fc.integer({ min: 1, max: 5 }), (reports, every) => {
        const doubled = reports.flatMap((one, i) =>
          i % every === 0 ? [one, { ...one, receivedAt: one.receivedAt + 1, serial: 7 }] : [one],
        );
        expect(fold(doubled)).toEqual(fold(reports));
      }),
      { numRuns: 60 },
    );
  });

  it('tells every finding by one opening, at most one closing, in that order, under one id', () => {
    fc.assert(
      fc.property(tracks, (reports) => {
        const told = new Map<string, string[]>();
        for (const { kind, finding } of fold(reports).changes) {
          expect(finding.end === null).toBe(kind !== 'closed');
          if (finding.end !== null) expect(finding.end).toBeGreaterThanOrEqual(finding.start);
          told.set(finding.id, [...(told.get(finding.id) ?? []), kind]);
        }
        for (const kinds of told.values()) expect(kinds.join(' ')).toMatch(/^opened( updated)*( closed)?$/);
      }),
      { numRuns: 60 },
    );
  });

  it('stays small, and holds nothing that JSON does not', () => {
    fc.assert(
      fc.property(tracks, (reports) => {
        const { state } = fold(reports);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        expect(JSON.stringify(state).length).toBeLessThan(4_000);
      }),
      { numRuns: 60 },
    );
  });

  it('survives a change of plan in the middle', () => {
    fc.assert(
      fc.property(tracks, (reports) => {
        const [before, after] = [makeJudge(plan), makeJudge(nextPlan)];
        let state: JudgeState | null = null;
        for (const [i, report] of reports.entries()) {
          state = (i < reports.length / 2 ? before : after).judge(state, report).state;
          before.progress(state);
          after.progress(state);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('replays to the same findings, whatever the order that the reports are given in', () => {
    fc.assert(
      fc.property(tracks, fc.infiniteStream(fc.nat()), (reports, keys) => {
        const shuffled = [...reports]
          .map((one) => [keys.next().value as number, one] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, one]) => one);
        expect(JSON.stringify(replayReports(plan, shuffled))).toBe(
          JSON.stringify(replayReports(plan, reports)),
        );
      }),
      { numRuns: 30 },
    );
  });
});
