import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { FindingChange } from '../../../geo/finding.ts';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { Judge, JudgeState } from '../../../geo/judge.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { restlessDrives } from './restless-drives.ts';
import { type Metres, type SmallPlan, smallPlan } from './small-plan.ts';
import { withRiders } from './with-riders.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [4_000, 0],
  [4_000, 2_000],
  [0, 2_000],
  [0, -2_000],
];
const square = (east: number, north: number, sideM: number): Metres[] => [
  [east, north],
  [east + sideM, north],
  [east + sideM, north + sideM],
  [east, north + sideM],
];
const SPEC: SmallPlan = {
  trips: [
    { id: 'a', line: LINE, escort: null, stops: [0, 1_500, 3_000, 6_000, 13_900] },
    { id: 'b', line: [...LINE].reverse(), departS: 1_700, stops: [0, 2_000, 13_900] },
    { id: 'c', line: LINE, vehicle: 'other', departS: 300, stops: [0, 800, 1_600, 2_400] },
  ],
  vehicles: ['bus', 'other'],
  permits: [{ vehicleId: 'bus', routeIds: ['route-a'], morningWindow: [25_200, 26_100] }],
  fences: [
    { kind: 'danger_section', ring: square(1_000, -200, 400) },
    { kind: 'fuel_station', ring: square(3_900, 200, 200) },
    { kind: 'tunnel', ring: square(3_900, 900, 300) },
    { kind: 'forbidden', ring: square(2_000, 300, 500), keep: 'never_inside' },
    { kind: 'depot', ring: square(-300, -300, 600), keep: 'only_inside' },
    { kind: 'school', ring: square(-100, -2_100, 200), speedLimitKmh: 20 },
  ],
};
const RIDERS = { a: ['a-1', 'a-2', 'a-2', 'a-3'], b: ['b-1'] };
const PLANS: readonly [string, Plan][] = [
  ['every register', withRiders(smallPlan({ ...SPEC, people: undefined }), RIDERS)],
  ['neither fences nor permits', smallPlan({ trips: SPEC.trips })],
  ['no duties', smallPlan({ trips: SPEC.trips, duties: false })],
  ['a bus that is not on the register', smallPlan({ ...SPEC, vehicles: ['other'] })],
];

/** The same judge, but that everything is news with every report. */
async function judgeThatAsksAll(plan: Plan): Promise<Judge> {
  vi.resetModules();
  vi.doMock('../../../geo/judge/news-of.ts', () => ({ newsOf: () => ~0 }));
  const asksAll = await import('../../../geo/judge/make-judge.ts');
  return asksAll.makeJudge(plan);
}

function fold(judge: Judge, reports: readonly Report[]): { changes: FindingChange[]; state: JudgeState } {
  const changes: FindingChange[] = [];
  let state: JudgeState | null = null;
  for (const report of reports) {
    const step = judge.judge(state, report);
    changes.push(...step.changes);
    state = step.state;
  }
  return { changes, state: state! };
}

describe('rules that wait for news', () => {
  afterAll(() => vi.doUnmock('../../../geo/judge/news-of.ts'));

  it.each(PLANS)(
    'would have had nothing to say before it: %s',
    async (_name, plan) => {
      const [waits, asksAll] = [makeJudge(plan), await judgeThatAsksAll(plan)];
      fc.assert(
        fc.property(restlessDrives(LINE), (reports) => {
          expect(fold(waits, reports)).toEqual(fold(asksAll, reports));
        }),
        { numRuns: 25 },
      );
    },
    120_000,
  );
});
