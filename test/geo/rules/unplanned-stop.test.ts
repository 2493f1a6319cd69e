import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type Metres, type SmallPlan, smallPlan } from '../judge/small-plan.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [9_000, 0],
];
const spec: SmallPlan = { trips: [{ id: 't', line: LINE, stops: [0, 3_000, 9_000], paceMs: 10 }] };
const plan = smallPlan(spec);
const square = (e: number, n: number, half = 60): Metres[] => [
  [e - half, n - half],
  [e + half, n - half],
  [e + half, n + half],
  [e - half, n + half],
];
const withFence = (
  kind: 'fuel_station' | 'danger_section' | 'queue_area' | 'platform' | 'school',
  e: number,
) => smallPlan({ ...spec, fences: [{ kind, name: 'here', ring: square(e, 0) }] });
const standingAt = (m: number, standS: number, more: Partial<Report> = {}): Leg[] => [
  { to: [m, 0], kmh: 36 },
  { standS, more },
  { to: [8_500, 0], kmh: 36 },
];
const found = (legs: readonly Leg[], p = plan, everyS = 5) =>
  judgeAll(p, drive([0, 0], legs, { everyS }))
    .findings.filter((f) => f.rule === 'unplanned_stop')
    .map((f) => `${brief(f)} ${f.evidence.reason}`);
/** Front door open (JT/T 808 status bit 13). */
const DOOR = { statusFlags: 3 | (1 << 13) };

describe('unplanned stop', () => {
  it('finds 90 s where no stop is, from the first standing fix to the first moving one', () => {
    expect(found(standingAt(1_500, 120))).toEqual(['unplanned_stop P3 155-280 unplanned']);
    for (const everyS of [1, 5, 15, 30]) expect(found(standingAt(1_500, 150), plan, everyS)).toHaveLength(1);
    // A light that is on no map is red for no longer than this.
    expect(found(standingAt(1_500, 200))).toEqual(['unplanned_stop P2 155-360 unplanned']);
  });

  it('keeps quiet below 90 s, near an approved stop, and before anybody is aboard', () => {
    expect(found(standingAt(1_500, 85))).toEqual([]);
    expect(found(standingAt(2_930, 120))).toEqual([]);
    expect(found(standingAt(3_070, 120))).toEqual([]);
    expect(found(standingAt(3_100, 120))).toHaveLength(1);
    const before = drive(
      [-2_000, 300],
      [{ to: [-1_000, 300], kmh: 36 }, { standS: 200 }, { to: [0, 0], kmh: 36 }],
      {
        startS: -500,
      },
    );
    expect(judgeAll(plan, before).findings).toEqual([]);
  });

  it('excuses platforms, schools and places where buses are known to queue', () => {
    for (const kind of ['platform', 'school', 'queue_area'] as const) {
      expect(found(standingAt(1_500, 200), withFence(kind, 1_500))).toEqual([]);
    }
  });

  it('needs 10 s where a door opens, unless it had been open all the while', () => {
    expect(found(standingAt(1_500, 15, DOOR))).toEqual([expect.stringMatching(/^unplanned_stop P2 155-/)]);
    expect(found(standingAt(1_500, 6, DOOR))).toEqual([]);
    const stuck = drive([0, 0], standingAt(1_500, 60)).map((one) => ({ ...one, ...DOOR }));
    expect(judgeAll(plan, stuck).findings.filter((f) => f.rule === 'unplanned_stop')).toEqual([]);
  });

  it('takes creeping for a jam, and standing in one too', () => {
    const creeping: Leg[] = [
      { to: [1_500, 0], kmh: 36 },
      { to: [1_700, 0], kmh: 2.5 },
      { to: [8_500, 0], kmh: 36 },
    ];
    expect(found(creeping)).toEqual([]);
    const stopAndGo = Array.from({ length: 12 }, (_, i): Leg[] => [
      { standS: 25 },
      { to: [1_530 + i * 30, 0], kmh: 12 },
    ]).flat();
    expect(
      found([{ to: [1_500, 0], kmh: 36 }, ...stopAndGo, { standS: 120 }, { to: [8_500, 0], kmh: 36 }]),
    ).toEqual([]);
  });
});

describe('long stop', () => {
  it('finds five minutes at an approved stop past its time, eight elsewhere', () => {
    expect(found(standingAt(3_000, 330))).toEqual([
      expect.stringMatching(/^unplanned_stop P2 3[67]\d-\d+ long$/),
    ]);
    expect(found(standingAt(3_000, 280))).toEqual([]);
    // Where no stop is one episode says it all; where standing is excused, as in a queue, eight minutes are too long.
    expect(found(standingAt(1_500, 500))).toEqual([expect.stringMatching(/unplanned$/)]);
    expect(found(standingAt(1_500, 560), withFence('queue_area', 1_500))).toEqual([
      expect.stringMatching(/long$/),
    ]);
    expect(found(standingAt(1_500, 450))).toEqual([expect.stringMatching(/unplanned$/)]);
  });

  it('does not mind waiting for the hour of departure', () => {
    const early = smallPlan({ ...spec, trips: [{ ...spec.trips[0]!, paceMs: 4 }] });
    // Due to leave at 750 s, come to at 300 s.
    expect(found(standingAt(3_000, 440), early)).toEqual([]);
  });

  it('joins the terminal’s own overtime, and takes its word alone for a record', () => {
    const flagged = found(standingAt(3_000, 100, { alarmFlags: 1 << 19 }));
    expect(flagged).toEqual([expect.stringMatching(/^unplanned_stop P3 \d+-\d+ long$/)]);
    const both = judgeAll(plan, drive([0, 0], standingAt(3_000, 400, { alarmFlags: 1 << 19 }))).findings;
    expect(both.filter((f) => f.rule === 'unplanned_stop').map((f) => f.evidence.source)).toEqual(['both']);
  });
});

describe('stops in places of danger', () => {
  it('finds a minute on a dangerous section, half with a door open', () => {
    const danger = withFence('danger_section', 1_500);
    expect(found(standingAt(1_500, 70), danger)).toEqual([
      expect.stringMatching(/^unplanned_stop P2 155-\d+ dangerous_section$/),
    ]);
    expect(found(standingAt(1_500, 50), danger)).toEqual([]);
    expect(found(standingAt(1_500, 40, DOOR), danger)).toHaveLength(1);
    expect(found(standingAt(1_500, 20, DOOR), danger)).toEqual([]);
  });

  it('finds a minute at a fuel station with pupils aboard', () => {
    const fuel = withFence('fuel_station', 1_500);
    expect(found(standingAt(1_500, 70), fuel)).toEqual([
      expect.stringMatching(/^unplanned_stop P2 155-\d+ refuelling$/),
    ]);
    expect(found(standingAt(1_500, 50), fuel)).toEqual([]);
    const empty = drive([1_500, 0], [{ standS: 300 }], { startS: -7_200 });
    expect(judgeAll(fuel, empty).findings).toEqual([]);
  });
});
