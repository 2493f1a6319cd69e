import { describe, expect, it } from 'vitest';
import { drive, judgeAll } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

const line: readonly Metres[] = [
  [0, 0],
  [4_000, 0],
];
const plan = smallPlan({ trips: [{ id: 't', line }] });

describe('a run begun much too late', () => {
  it('is taken up long after its end by a bus that goes along it from its first stop', () => {
    const reports = drive(
      [-500, 400],
      [
        { to: [0, 0], kmh: 30 },
        { to: [3_000, 0], kmh: 30 },
      ],
      { startS: 5_400 },
    );
    const { progress, findings } = judgeAll(plan, reports);
    expect(progress).toMatchObject({ trip: 't', runState: 'CARRYING' });
    expect(findings.map((f) => [f.rule, f.evidence.reason])).toEqual([['off_schedule', 'late']]);
  });

  it('is not taken up by one that only crosses its line, or comes onto it in the middle', () => {
    const across = drive([2_000, -800], [{ to: [2_000, 800], kmh: 30 }], { startS: 5_400 });
    expect(judgeAll(plan, across).progress).toBeNull();
    const middle = drive(
      [2_000, -800],
      [
        { to: [2_000, 0], kmh: 30 },
        { to: [3_900, 0], kmh: 30 },
      ],
      { startS: 5_400 },
    );
    expect(judgeAll(plan, middle).progress).toBeNull();
  });

  it('is not begun twice', () => {
    const twice = drive(
      [0, 0],
      [
        { to: [4_000, 0], kmh: 30 },
        { standS: 60 },
        { to: [0, 300], kmh: 60 },
        { standS: 2_600 },
        { to: [0, 0], kmh: 20 },
        { to: [3_000, 0], kmh: 30 },
      ],
    );
    expect(judgeAll(plan, twice).progress).toBeNull();
  });
});

describe('a rural route', () => {
  it('has a corridor of 100 m', () => {
    const legs = (sideM: number) => [
      { to: [800, 0] as const, kmh: 36 },
      { to: [800, sideM] as const, kmh: 36 },
      { to: [3_000, sideM] as const, kmh: 36 },
      { to: [3_000, 0] as const, kmh: 36 },
    ];
    const rural = {
      ...plan,
      routes: new Map([...plan.routes].map(([id, route]) => [id, { ...route, rural: true }])),
    };
    const found = (p: typeof plan, sideM: number) =>
      judgeAll(p, drive([0, 0], legs(sideM))).findings.filter((f) => f.rule === 'route_deviation').length;
    expect([found(plan, 90), found(rural, 90), found(rural, 110)]).toEqual([1, 0, 1]);
  });
});
