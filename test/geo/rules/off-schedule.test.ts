import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';
import { withRiders } from '../judge/with-riders.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
/** 10 m/s: a stop every 150 s. */
const bare = smallPlan({
  trips: [{ id: 't', line: LINE, stops: [0, 1_500, 3_000, 4_500, 6_000], paceMs: 10 }],
});
const plan = withRiders(bare, { t: ['t-1', 't-2', 't-3'] });
const found = (legs: readonly Leg[], startS = 0, p = plan, everyS = 5) =>
  judgeAll(p, drive([0, 0], legs, { startS, everyS })).findings.filter((f) => f.rule === 'off_schedule');

describe('early departure', () => {
  const leaving = (atS: number): Leg[] => [
    { standS: 60 },
    { to: [1_500, 0], kmh: 36 },
    { standS: 20 },
    { to: [1_700, 0], kmh: 36 },
    { standS: Math.max(0, -atS) },
    { to: [6_000, 0], kmh: 30 },
  ];

  it('finds a pick-up stop left more than a minute before its time', () => {
    const [one, ...more] = found(leaving(-200), -160);
    expect(more).toEqual([]);
    // Due at 150 s, left at 70 s; the fix after it is the one that counts.
    expect(one).toMatchObject({
      severity: 'P2',
      evidence: { reason: 'early_departure', stop: 't-1', earlyS: 75, stood: true },
    });
    expect(brief(one!)).toBe('off_schedule P2 70-70');
  });

  it('keeps quiet up to a minute, without a roster, and where nobody gets on', () => {
    expect(found(leaving(-200), -140)).toEqual([]);
    expect(found(leaving(-200), -160, bare)).toEqual([]);
    expect(found(leaving(-200), -160, withRiders(bare, { t: ['t-2'] }))).toEqual([]);
  });

  it('does not mind how early pupils get home, but when the bus leaves the school', () => {
    const stops = new Map(bare.stops);
    stops.set('t-0', { ...stops.get('t-0')!, locationType: 1 });
    const home = withRiders({ ...bare, stops }, { t: ['t-1', 't-2'] });
    expect(found(leaving(-200), -60, home)).toEqual([]);
    expect(found(leaving(-200), -160, home).map((f) => f.evidence.stop)).toEqual(['t-0']);
  });
});

describe('late run', () => {
  it('tells a run that is ten minutes late, again with every five minutes, until it is not', () => {
    const reports = drive(
      [0, 0],
      [
        { to: [2_000, 0], kmh: 36 },
        { standS: 1_000 },
        { to: [5_900, 0], kmh: 36 },
        { to: [6_000, 0], kmh: 10 },
        { standS: 500 },
      ],
    );
    const { findings, kinds } = judgeAll(bare, reports);
    const late = findings.filter((f) => f.rule === 'off_schedule');
    expect(late).toHaveLength(1);
    expect(late[0]).toMatchObject({
      severity: 'P3',
      evidence: { reason: 'late', noticeMin: 15, nextStop: 't-2' },
    });
    expect(brief(late[0]!)).toMatch(/^off_schedule P3 800-16\d\d$/);
    expect(kinds.filter((kind) => kind.endsWith('off_schedule')).slice(0, 2)).toEqual([
      'opened off_schedule',
      'updated off_schedule',
    ]);
  });

  it('keeps quiet at nine minutes late', () => {
    expect(
      found([{ to: [2_000, 0], kmh: 36 }, { standS: 540 }, { to: [6_000, 0], kmh: 36 }], 0, bare),
    ).toEqual([]);
  });
});

describe('a run that does not begin', () => {
  it('is found ten minutes after its planned start, and ends when the bus is on its way', () => {
    const waits = found([{ standS: 900 }, { to: [6_000, 0], kmh: 36 }, { standS: 60 }], -60, bare);
    const [one] = waits;
    expect(one).toMatchObject({ severity: 'P2', evidence: { reason: 'not_started' } });
    expect(brief(one!)).toMatch(/^off_schedule P2 600-8[56]\d$/);
  });

  it('is quiet before, and where the bus has begun', () => {
    expect(found([{ standS: 640 }], -60, bare)).toEqual([]);
    expect(found([{ standS: 60 }, { to: [6_000, 0], kmh: 30 }, { standS: 60 }], 0, bare)).toEqual([]);
  });
});
