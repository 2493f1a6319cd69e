import { describe, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { JudgeState, RunProgress } from '../../../geo/judge.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

/** What is shown of the run after each report, where it changes: `trip state`. */
function states(plan: Plan, reports: readonly Report[]): string[] {
  const judge = makeJudge(plan);
  const seen: string[] = [];
  let state: JudgeState | null = null;
  for (const report of reports) {
    state = judge.judge(state, report).state;
    const progress = judge.progress(state);
    const now = progress === null ? 'none' : `${progress.trip} ${progress.runState}`;
    if (now !== seen.at(-1)) seen.push(now);
  }
  return seen;
}

const there: readonly Metres[] = [
  [0, 0],
  [4_000, 0],
];
const back: readonly Metres[] = [
  [4_000, 0],
  [0, 0],
];
const morning = smallPlan({
  trips: [
    { id: 'out', line: there, departS: 0 },
    { id: 'back', line: back, departS: 900 },
    { id: 'again', line: there, departS: 1_800 },
  ],
});

describe('which run a vehicle is on', () => {
  it('goes from one duty to the next, through all states, on one road both ways', () => {
    const legs: Leg[] = [
      { to: [0, 0], kmh: 30 },
      { standS: 60 },
      { to: [4_000, 0], kmh: 30 },
      { standS: 300 },
      { to: [0, 0], kmh: 30 },
      { standS: 300 },
      { to: [4_000, 0], kmh: 30 },
      { standS: 60 },
    ];
    const reports = drive([-600, 300], legs, { startS: -140 });
    expect(states(morning, reports)).toEqual([
      'out EMPTY',
      'out CARRYING',
      'out ARRIVED',
      'back PLANNED',
      'back EMPTY',
      'back CARRYING',
      'back ARRIVED',
      'again EMPTY',
      'again CARRYING',
      'again ARRIVED',
    ]);
    expect(judgeAll(morning, reports).findings).toEqual([]);
  });

  it('keeps a late run until it arrives, though the next should have begun', () => {
    const late = drive([0, 0], [{ to: [4_000, 0], kmh: 12 }], { startS: 300 });
    expect(states(morning, late).at(-1)).toBe('out ARRIVED');
    expect(judgeAll(morning, late.slice(0, 150)).progress).toMatchObject({
      trip: 'out',
      runState: 'CARRYING',
    });
  });

  it('takes up the next run when the bus goes along it without having finished the last', () => {
    const short = drive(
      [0, 0],
      [
        { to: [3_000, 0], kmh: 30 },
        { to: [3_000, 500], kmh: 30 },
        { standS: 480 },
        { to: [3_000, 0], kmh: 30 },
        { to: [500, 0], kmh: 30 },
      ],
    );
    expect(judgeAll(morning, short).progress).toMatchObject({ trip: 'back', runState: 'CARRYING' });
  });

  it('picks the right one of several when the first report comes in the middle', () => {
    const reports = drive([2_500, 0], [{ to: [1_000, 0], kmh: 30 }], { startS: 1_100 });
    expect(judgeAll(morning, reports).progress).toMatchObject({ trip: 'back', runState: 'CARRYING' });
  });

  it('has none for a vehicle without duties, and none long after', () => {
    const strange = drive([0, 0], [{ to: [2_000, 0], kmh: 30 }]).map((one) => ({ ...one, vehicle: 'other' }));
    expect(judgeAll(morning, strange).progress).toBeNull();
    const tomorrow = drive([0, 0], [{ to: [2_000, 0], kmh: 30 }], { startS: 20_000 });
    expect(judgeAll(morning, tomorrow).progress).toBeNull();
  });
});

describe('progress along the run', () => {
  const corners: readonly Metres[] = [
    [0, 0],
    [3_000, 0],
    [3_000, 40],
    [0, 40],
    [0, 2_000],
    [1_500, 2_000],
    [1_500, -1_000],
  ];
  const plan = smallPlan({
    trips: [{ id: 't', line: corners, stops: [0, 2_900, 3_200, 6_000, 8_000, 12_540] }],
  });

  it.each([1, 5, 15, 30, 60])(
    'never jumps between legs that lie side by side or cross, every %i s',
    (everyS) => {
      const judge = makeJudge(plan);
      let state: JudgeState | null = null;
      let last: RunProgress | null = null;
      let drivenM = 0;
      const reports = drive(
        [0, 0],
        corners.slice(1).map((to) => ({ to, kmh: 30 })),
        { everyS },
      );
      for (const [i, report] of reports.entries()) {
        const noisy = {
          ...report,
          lat: report.lat + 0.00008 * Math.sin(i * 2.1),
          lon: report.lon + 0.00008 * Math.cos(i * 1.3),
        };
        state = judge.judge(state, noisy).state;
        const progress = judge.progress(state);
        drivenM = (i * everyS * 30) / 3.6;
        if (progress === null || progress.runState === 'ARRIVED') continue;
        if (i > 3) expect(Math.abs(progress.progressM - drivenM)).toBeLessThan(80 + everyS);
        if (last) expect(progress.progressM).toBeGreaterThan(last.progressM - 100);
        last = progress;
      }
      expect(last?.progressM).toBeGreaterThan(drivenM - 700);
    },
  );

  it('tells the next stop and the delay', () => {
    const slow = judgeAll(plan, drive([0, 0], [{ to: [2_950, 0], kmh: 18 }])).progress;
    expect(slow).toMatchObject({ trip: 't', route: 'route-t', serviceDate: '20260302', nextStop: 't-2' });
    expect(slow!.delayS).toBeGreaterThan(190);
    expect(slow!.delayS).toBeLessThan(240);
  });

  it('does not arrive where the line only passes its end', () => {
    const loop: readonly Metres[] = [
      [0, 0],
      [2_000, 0],
      [2_000, 1_000],
      [0, 1_000],
      [0, 0],
      [0, -30],
    ];
    const round = smallPlan({ trips: [{ id: 't', line: loop }] });
    const { progress } = judgeAll(round, drive([0, 0], [{ standS: 120 }, { to: [2_000, 0], kmh: 30 }]));
    expect(progress).toMatchObject({ runState: 'CARRYING', progressM: 2_000 });
    expect(
      judgeAll(
        round,
        drive(
          [0, 0],
          loop.slice(1).map((to) => ({ to, kmh: 30 })),
        ),
      ).progress?.runState,
    ).toBe('ARRIVED');
  });
});
