import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll, type Leg, report } from '../judge/drive.ts';
import { type Metres, START, smallPlan } from '../judge/small-plan.ts';
import { withRiders } from '../judge/with-riders.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
const bare = smallPlan({
  trips: [{ id: 't', line: LINE, stops: [0, 1_500, 3_000, 4_500, 6_000], paceMs: 10 }],
});
const plan = withRiders(bare, { t: ['t-0', 't-1', 't-1', 't-2', 't-3'] });
/** To these places at 36 km/h, standing at each for so long. */
const legs = (places: readonly (readonly [number, number])[]): Leg[] =>
  places.flatMap(([m, standS]): Leg[] => [{ to: [m, 0], kmh: 36 }, ...(standS > 0 ? [{ standS }] : [])]);
const served: readonly (readonly [number, number])[] = [
  [0, 20],
  [1_500, 20],
  [3_000, 20],
  [4_500, 20],
  [6_000, 60],
];
const without = (stop: number): Leg[] => legs(served.map(([m, s], i) => [m, i === stop ? 0 : s]));
const skips = (p = plan, legs = without(2), everyS = 5) =>
  judgeAll(p, drive([0, 0], legs, { everyS })).findings.filter((one) => one.rule === 'skipped_stop');

describe('skipped stop', () => {
  it('keeps quiet where every stop is served', () => {
    for (const everyS of [1, 5, 10, 30, 60, 240])
      expect(skips(plan, legs(served), everyS).map(brief)).toEqual([]);
  });

  it('finds a stop driven by, once the bus is 200 m past it', () => {
    const reports = drive([0, 0], without(2));
    const { findings, kinds } = judgeAll(plan, reports);
    expect(findings.map((f) => f.rule)).toEqual(['skipped_stop']);
    expect(kinds).toEqual(['opened skipped_stop']);
    const [one] = findings;
    // Passed at 340 s, 200 m further at 360 s, seen by the next report.
    expect(brief(one!)).toBe('skipped_stop P2 340-365');
    expect(one!.evidence).toMatchObject({
      stop: 't-2',
      how: 'passed_by',
      expectedRiders: 1,
      absences: 0,
    });
  });

  it.each([1, 5, 10, 15])(
    'finds it with a report every %i s, and nothing at intervals that cannot show it',
    (everyS) => {
      expect(skips(plan, without(2), everyS)).toHaveLength(1);
      expect(skips(plan, without(2), 30)).toEqual([]);
    },
  );

  it('takes standing for 8 s within 50 m for having stopped, and less for not', () => {
    const standing = (atM: number, standS: number) =>
      skips(plan, legs([...served.slice(0, 2), [atM, standS], ...served.slice(3)] as never), 1);
    expect(standing(2_960, 9)).toEqual([]);
    expect(standing(3_040, 9)).toEqual([]);
    expect(standing(3_000, 4)).toHaveLength(1);
    expect(standing(2_930, 20)).toHaveLength(1);
    expect(standing(3_070, 20)).toHaveLength(1);
  });

  it('finds a stop that the bus went around', () => {
    const around: Leg[] = [
      ...legs(served.slice(0, 2)),
      { to: [2_700, 0], kmh: 36 },
      { to: [2_700, 250], kmh: 36 },
      { to: [3_300, 250], kmh: 36 },
      { to: [3_300, 0], kmh: 36 },
      ...legs(served.slice(3)),
    ];
    const [one] = skips(plan, around);
    expect(one!.evidence).toMatchObject({ stop: 't-2', how: 'went_another_way' });
  });

  it('asks the escort where a gap lies over the stop', () => {
    const reports = drive([0, 0], without(2)).filter(
      ({ time }) => time < START + 290_000 || time > START + 390_000,
    );
    const found = judgeAll(plan, reports).findings.filter((one) => one.rule === 'skipped_stop');
    expect(found.map((f) => [f.severity, f.evidence.how, f.evidence.unverified])).toEqual([
      ['P3', 'no_fixes', true],
    ]);
  });

  it('expects nobody where no pupil lives, where all are excused, and without a roster', () => {
    expect(skips(bare).map(brief)).toEqual([]);
    expect(skips(withRiders(bare, { t: ['t-0', 't-1'] }))).toEqual([]);
    const excused = (riders: readonly string[], beforeS: number) => {
      const events = riders.map((rider, i) => ({
        kind: 'absent' as const,
        rider,
        id: `e${i}`,
        by: 'school' as const,
      }));
      const filed = report(START - beforeS * 1000, [0, 0], { eventsOnly: true, positioned: false, events });
      return judgeAll(plan, [filed, ...drive([0, 0], without(1))]).findings.map(
        (f) => f.evidence.expectedRiders,
      );
    };
    expect(excused(['t-1/0', 't-1/1'], 3_600)).toEqual([]);
    expect(excused(['t-1/0'], 3_600)).toEqual([1]);
    expect(excused(['t-1/0', 't-1/1'], 24 * 3_600)).toEqual([2]);
  });

  it('expects riders of a run that was merged into this one', () => {
    const merged = {
      ...withRiders(bare, { t: ['t-1'], other: ['t-2'] }),
      amendments: {
        ...bare.amendments,
        dispatch: [
          {
            id: 'd',
            note: '',
            serviceDate: '20260302',
            tripId: 'other',
            action: 'merge' as const,
            value: 't',
            at: START,
            by: 'desk',
          },
        ],
      },
    };
    expect(skips(merged)).toHaveLength(1);
  });

  it('is told of every stop once, whatever way the reports are cut', () => {
    const twice = legs(served.map(([m, s], i) => [m, i === 1 || i === 3 ? 0 : s]));
    expect(skips(plan, twice).map((f) => f.evidence.stop)).toEqual(['t-1', 't-3']);
  });
});
