import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll, type Leg, SWAPPED_STOPS } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
const plan = smallPlan({ trips: [{ id: 't', line: LINE, stops: [0, 1_500, 3_000, 4_500, 6_000] }] });
const found = (legs: readonly Leg[], everyS = 5, p = plan) =>
  judgeAll(p, drive([0, 0], legs, { everyS })).findings.filter((f) => f.rule === 'wrong_stop_order');

/** Round stop 1 to stop 2, back to stop 1, and on. */
const swapped: Leg[] = [{ standS: 20 }, { to: [1_200, 0], kmh: 36 }, ...SWAPPED_STOPS];
/** So far back along the line, and on again. */
const back = (m: number): Leg[] => [
  { to: [4_000, 0], kmh: 36 },
  { to: [4_000 - m, 0], kmh: 36 },
  { to: [6_000, 0], kmh: 36 },
  { standS: 60 },
];

describe('wrong stop order', () => {
  it('finds a stop that is served after a later one', () => {
    const [one, ...more] = found(swapped);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'P2',
      trip: 't',
      evidence: { stop: 't-1', servedAfterStop: 't-2' },
    });
    expect(one!.end).not.toBeNull();
  });

  it('keeps quiet over stops in order, loops that cross themselves, and roads driven both ways', () => {
    const loop: Metres[] = [
      [0, 0],
      [2_000, 0],
      [2_000, 1_000],
      [1_000, 1_000],
      [1_000, -1_000],
      [3_000, -1_000],
      [3_000, 0],
      [0, 0],
    ];
    const eight = smallPlan({
      trips: [{ id: 't', line: loop, stops: [0, 900, 3_000, 5_100, 8_500, 9_900, 11_000, 12_000] }],
    });
    const legs = loop.slice(1).flatMap((to): Leg[] => [{ to, kmh: 30 }, { standS: 20 }]);
    for (const everyS of [1, 5, 15, 30, 60]) expect(found(legs, everyS, eight)).toEqual([]);
    const both: Metres[] = [
      [0, 0],
      [3_000, 0],
      [0, 0],
    ];
    const out = smallPlan({ trips: [{ id: 't', line: both, stops: [0, 1_500, 3_000, 4_500, 6_000] }] });
    const there = both.slice(1).flatMap((to): Leg[] => [{ to, kmh: 30 }, { standS: 20 }]);
    for (const everyS of [1, 5, 15, 30, 60]) expect(found(there, everyS, out)).toEqual([]);
    // Turned round before the end: stops are missed, but none is served out of its order.
    const short: Leg[] = [{ to: [2_000, 0], kmh: 30 }, { standS: 20 }, { to: [0, 0], kmh: 30 }];
    for (const everyS of [5, 15]) expect(found(short, everyS, out)).toEqual([]);
  });
});

describe('driving back along the route', () => {
  it('finds it beyond 200 m, from where the bus turned', () => {
    const [one] = found(back(800));
    expect(one).toMatchObject({ severity: 'P2', evidence: { reason: 'against_direction' } });
    expect(brief(one!)).toMatch(/^wrong_stop_order P2 4[12]\d-48\d$/);
    expect(Number(one!.evidence.backM)).toBeGreaterThan(750);
    for (const everyS of [1, 5, 15, 30]) expect(found(back(800), everyS)).toHaveLength(1);
  });

  it('keeps quiet up to 200 m, while standing, and while the fixes wander', () => {
    for (const everyS of [1, 5, 15, 30]) expect(found(back(180), everyS).map(brief)).toEqual([]);
    const wander = drive(
      [0, 0],
      [{ to: [3_000, 0], kmh: 36 }, { standS: 900 }, { to: [6_000, 0], kmh: 36 }],
    ).map((one, i) => ({ ...one, lon: one.lon + 0.0008 * Math.sin(i * 0.2) }));
    expect(judgeAll(plan, wander).findings.map(brief)).toEqual([expect.stringMatching(/^off_schedule P3/)]);
  });

  it('keeps quiet before the run and after its end', () => {
    const early = drive([4_000, 0], [{ to: [0, 0], kmh: 36 }, { standS: 60 }, { to: [6_000, 0], kmh: 36 }], {
      startS: -420,
    });
    expect(judgeAll(plan, early).findings.filter((f) => f.rule === 'wrong_stop_order')).toEqual([]);
    const home = drive([0, 0], [{ to: [6_000, 0], kmh: 36 }, { standS: 60 }, { to: [0, 0], kmh: 36 }]);
    expect(judgeAll(plan, home).findings).toEqual([]);
  });
});
