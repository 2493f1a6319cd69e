import { describe, expect, it } from 'vitest';
import type { Fence } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

const ring: Metres[] = [
  [1_000, -200],
  [2_000, -200],
  [2_000, 200],
  [1_000, 200],
];
const planWith = (fence: Partial<Fence> & { readonly kind: Fence['kind'] }, duty = false) =>
  smallPlan({
    trips: [
      {
        id: 't',
        line: [
          [0, 0],
          [6_000, 0],
        ],
        vehicle: duty ? 'bus' : 'other',
      },
    ],
    fences: [{ name: 'yard', ring, ...fence }],
  });
const found = (plan: ReturnType<typeof planWith>, legs: readonly Leg[], startS = 0, from: Metres = [0, 0]) =>
  judgeAll(plan, drive(from, legs, { startS }))
    .findings.filter((f) => f.rule === 'fence')
    .map((f) => `${brief(f)} ${f.evidence.reason} ${f.evidence.source}`);
const through: Leg[] = [{ to: [4_000, 0], kmh: 36 }];
const forbidden = { kind: 'forbidden', keep: 'never_inside' } as const;

describe('never inside', () => {
  it('finds a way through, from the first fix inside to the first one clear of it', () => {
    expect(found(planWith(forbidden), through)).toEqual(['fence P2 105-205 never_inside platform']);
  });

  it('is graver with pupils aboard, capped where nobody counted them', () => {
    const [one] = judgeAll(planWith(forbidden, true), drive([0, 0], through)).findings;
    expect(one).toMatchObject({
      rule: 'fence',
      severity: 'P2',
      evidence: { aboard: 'inferred', unverified: true },
    });
  });

  it('needs two fixes and 10 s, and does not end over one fix outside', () => {
    const corner: Leg[] = [
      { to: [1_040, 0], kmh: 36 },
      { to: [0, 0], kmh: 36 },
    ];
    expect(found(planWith(forbidden), corner)).toEqual([]);
    const jumps = drive([0, 0], through).map((one, i) =>
      i === 28 ? { ...one, lat: one.lat + 0.0021 } : one,
    );
    expect(judgeAll(planWith(forbidden), jumps).findings.map(brief)).toEqual(['fence P2 105-205']);
  });

  it('holds in its hours, on its weekdays and for its vehicles alone', () => {
    const school = { kind: 'school', keep: 'never_inside' } as const;
    const hours = (from: number, to: number) => ({
      ...school,
      windows: [[from * 3_600, to * 3_600]] as const,
    });
    // START is a Monday, 7:00.
    expect(found(planWith(hours(6, 8)), through)).toHaveLength(1);
    expect(found(planWith(hours(8, 9)), through)).toEqual([]);
    expect(found(planWith({ ...school, weekdays: [1] }), through)).toHaveLength(1);
    expect(found(planWith({ ...school, weekdays: [2, 3, 7] }), through)).toEqual([]);
    expect(found(planWith({ ...school, vehicles: ['bus'] }), through)).toHaveLength(1);
    expect(found(planWith({ ...school, vehicles: ['other'] }), through)).toEqual([]);
    expect(found(planWith({ kind: 'school' }), through)).toEqual([]);
  });

  it('joins the terminal’s area alarm, and takes it alone for a record away from schools and depots', () => {
    const told: Partial<Report> = { alarmFlags: 1 << 20 };
    const legs: Leg[] = [
      { to: [1_500, 0], kmh: 36 },
      { to: [1_600, 0], kmh: 36, more: told },
      { to: [4_000, 0], kmh: 36 },
    ];
    expect(found(planWith(forbidden), legs)[0]).toMatch(/never_inside both$/);
    const area = { events: [{ kind: 'area', direction: 'in', areaType: 1, areaId: 7 }] } as Partial<Report>;
    const out: Leg[] = [
      { to: [5_000, 0], kmh: 36 },
      { to: [5_100, 0], kmh: 36, more: area },
      { to: [6_000, 0], kmh: 36 },
    ];
    expect(found(planWith({ kind: 'depot' }), out)).toEqual([
      expect.stringMatching(/^fence P3 .* terminal$/),
    ]);
    const gate: Leg[] = [
      { to: [2_000, 0], kmh: 36 },
      { to: [2_100, 0], kmh: 36, more: told },
      { to: [3_000, 0], kmh: 36 },
    ];
    expect(found(planWith({ kind: 'depot' }), gate)).toEqual([]);
  });
});

describe('only inside', () => {
  const night = { kind: 'depot', keep: 'only_inside', windows: [[0, 5 * 3_600]] } as const;
  const at2 = -5 * 3_600;

  it('finds a bus out of its depot at night, beyond 20 m', () => {
    const leaves: Leg[] = [
      { standS: 60 },
      { to: [3_000, 0], kmh: 36 },
      { to: [1_500, 0], kmh: 36 },
      { standS: 60 },
    ];
    const [one, ...more] = found(planWith(night), leaves, at2, [1_500, 0]);
    expect(more).toEqual([]);
    expect(one).toMatch(/^fence P2 -178\d\d-\S* only_inside platform$/);
    expect(found(planWith(night), [{ to: [2_015, 0], kmh: 10 }, { standS: 600 }], at2, [1_900, 0])).toEqual(
      [],
    );
  });

  it('does not mind by day, nor a bus whose run is due', () => {
    expect(found(planWith(night), through)).toEqual([]);
    const always = { kind: 'depot', keep: 'only_inside' } as const;
    expect(found(planWith(always, true), through)).toEqual([]);
  });
});

describe('speed inside', () => {
  const slow = { kind: 'school', speedLimitKmh: 20 } as const;

  it('finds more than 3 km/h over for 10 s, by grade', () => {
    const at = (kmh: number): Leg[] => [{ to: [4_000, 0], kmh }];
    expect(found(planWith(slow), at(30))).toEqual([
      expect.stringMatching(/^fence P2 125-\d+ speed_inside platform$/),
    ]);
    expect(found(planWith(slow), at(23))).toEqual([]);
    expect(found(planWith({ ...slow, speedLimitKmh: 50 }), at(54))).toEqual([
      expect.stringMatching(/^fence P3/),
    ]);
    const dash: Leg[] = [
      { to: [1_500, 0], kmh: 18 },
      { to: [1_550, 0], kmh: 30 },
      { to: [4_000, 0], kmh: 18 },
    ];
    expect(found(planWith(slow), dash)).toEqual([]);
  });
});
