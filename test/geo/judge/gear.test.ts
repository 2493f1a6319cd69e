import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../geo/finding.ts';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import { settingNames } from '../../../geo/judge/setting-names.ts';
import type { JudgeState } from '../../../geo/judge.ts';
import {
  type Amendments,
  NO_AMENDMENTS,
  type RuleOverride,
} from '../../../geo/plan/amendments/amendments.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { brief, drive, judgeAll } from './drive.ts';
import { START, smallPlan } from './small-plan.ts';

const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

const override = (more: Partial<RuleOverride>): RuleOverride => ({
  id: 'one',
  note: '',
  version: '',
  scope: 'platform',
  scopeId: '',
  rule: 'speeding',
  table: 'speeding',
  parameter: null,
  value: null,
  mode: 'live',
  ...ALWAYS,
  ...more,
});

const planWith = (amendments: Partial<Amendments>, version = 'small-1'): Plan => ({
  ...smallPlan({
    version,
    trips: [
      {
        id: 'T',
        vehicle: 'bus',
        escort: 'escort',
        line: [
          [0, 0],
          [9_000, 0],
        ],
      },
    ],
    fences: [
      {
        kind: 'school',
        ring: [
          [5_000, -100],
          [6_000, -100],
          [6_000, 100],
          [5_000, 100],
        ],
      },
    ],
  }),
  amendments: { ...NO_AMENDMENTS, ...amendments },
});
const settings = (...rows: Partial<RuleOverride>[]): Plan => planWith({ settings: rows.map(override) });

/** Along the line at 50 km/h, 40 s of it at 70. */
const FAST = drive(
  [0, 0],
  [
    { to: [2_000, 0], kmh: 50 },
    { to: [2_800, 0], kmh: 70 },
    { to: [6_500, 0], kmh: 50 },
  ],
);
/** All of it at 50 km/h, beyond the fence. */
const EVEN = drive([0, 0], [{ to: [8_000, 0], kmh: 50 }]);

const found = (plan: Plan, reports: readonly Report[]): string[] =>
  judgeAll(plan, reports).findings.map((one) => `${brief(one).split(' ')[0]}${one.shadow ? '~' : ''}`);

describe('settings of rules', () => {
  it('are the defaults where nothing is overridden', () => {
    const [finding] = judgeAll(settings(), FAST).findings;
    expect(finding?.rule).toBe('speeding');
    expect(finding?.evidence).toMatchObject({ limitKmh: 60 });
    expect(finding?.evidence).not.toHaveProperty('overrides');
  });

  it('override one number, and the finding says which, where and why', () => {
    const plan = settings({
      parameter: 'otherRoadKmh',
      value: 40,
      scope: 'route',
      scopeId: 'route-T',
      note: '雨季',
      version: '3',
    });
    const [finding] = judgeAll(plan, EVEN).findings;
    expect(finding?.evidence).toMatchObject({
      limitKmh: 40,
      overrides: [
        {
          setting: 'one',
          parameter: 'speeding.otherRoadKmh',
          value: 40,
          standard: 60,
          scope: 'route route-T',
          note: '雨季',
          version: '3',
        },
      ],
    });
    const plain = judgeAll(settings(), FAST).findings[0];
    expect(finding?.evidence.parameters).not.toBe(plain?.evidence.parameters);
  });

  it('go by the narrowest scope, whatever their order', () => {
    const rows: Partial<RuleOverride>[] = [
      { id: 'bus', scope: 'vehicle', scopeId: 'bus', parameter: 'otherRoadKmh', value: 60 },
      { id: 'all', parameter: 'otherRoadKmh', value: 40 },
    ];
    expect(found(settings(...rows), EVEN)).toEqual([]);
    expect(found(settings(...rows.reverse()), EVEN)).toEqual([]);
    expect(
      found(settings({ parameter: 'otherRoadKmh', value: 40, scope: 'vehicle', scopeId: 'other' }), EVEN),
    ).toEqual([]);
  });

  it('hold from and until a day', () => {
    const later = (s: number) => START + s * 1000;
    const limit = { parameter: 'otherRoadKmh', value: 40 };
    expect(found(settings({ ...limit, from: later(10_000) }), EVEN)).toEqual([]);
    expect(found(settings({ ...limit, to: later(0) }), EVEN)).toEqual([]);
    const [finding] = judgeAll(settings({ ...limit, from: later(300) }), EVEN).findings;
    expect(finding?.start).toBe(later(300));
  });

  it('hold on a section alone', () => {
    const plan = settings({ parameter: 'otherRoadKmh', value: 40, scope: 'section', scopeId: 'fence-0' });
    const [finding, ...others] = judgeAll(plan, EVEN).findings;
    expect(others).toEqual([]);
    const seconds = ((finding?.start ?? 0) - START) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(5_000 / (50 / 3.6));
    expect(seconds).toBeLessThan(6_000 / (50 / 3.6));
  });

  it('reach the machinery and the matching too', () => {
    const plan = settings({ rule: 'machinery', table: 'machinery', parameter: 'retellS', value: 10 });
    const kinds = judgeAll(
      plan,
      drive(
        [0, 0],
        [
          { to: [2_000, 0], kmh: 50 },
          { to: [4_000, 0], kmh: 70 },
        ],
      ),
    ).kinds;
    expect(kinds.filter((kind) => kind === 'updated speeding').length).toBeGreaterThan(5);
    const off = drive(
      [0, 0],
      [
        { to: [1_500, 0], kmh: 40 },
        { to: [1_600, 90], kmh: 40 },
        { to: [4_000, 90], kmh: 40 },
      ],
    );
    expect(found(settings(), off)).toEqual(['route_deviation']);
    expect(
      found(settings({ rule: 'matching', table: 'matching', parameter: 'corridorM', value: 100 }), off),
    ).toEqual([]);
  });

  it('name every number once', () => {
    const names = settingNames().map(({ rule, parameter }) => `${rule}.${parameter}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('route_deviation.confirm_fixes');
  });
});

describe('a rule in shadow', () => {
  it('is recorded and marked, under an id of its own', () => {
    const [shadow] = judgeAll(settings({ mode: 'shadow' }), FAST).findings;
    const [live] = judgeAll(settings(), FAST).findings;
    expect(shadow).toMatchObject({ rule: 'speeding', shadow: true, start: live?.start });
    expect(shadow?.id).not.toBe(live?.id);
  });

  it('tries a number beside the rule that is in force', () => {
    const plan = settings({ parameter: 'otherRoadKmh', value: 40, mode: 'shadow' });
    expect(found(plan, FAST).sort()).toEqual(['speeding', 'speeding~']);
    expect(found(plan, EVEN)).toEqual(['speeding~']);
  });

  it('ends, as an episode of a rule that is taken out, when the plan takes it out', () => {
    const begun = FAST.slice(0, FAST.findIndex((one) => one.speedKmh === 70) + 6);
    const { state, findings } = judgeAll(planWith({}, 'one'), begun);
    expect(findings[0]?.end).toBeNull();
    const without = makeJudge({ ...settings({ mode: 'off' }), version: 'two' });
    const changes: Finding[] = [];
    let now: JudgeState = state;
    for (const report of FAST.slice(begun.length)) {
      const step = without.judge(now, report);
      now = step.state;
      changes.push(...step.changes.map((change) => change.finding));
    }
    expect(changes).toEqual([expect.objectContaining({ id: findings[0]?.id, end: expect.any(Number) })]);
  });
});

describe('what the day allows', () => {
  const order = {
    id: 'o1',
    note: '',
    kind: 'ice',
    limitKmh: 20,
    district: null,
    area: null,
    text: '结冰限速令',
    ...ALWAYS,
  } as const;

  it('limits by a weather order with pupils aboard, and names it', () => {
    const [finding] = judgeAll(planWith({ orders: [order] }), EVEN).findings;
    expect(finding?.evidence).toMatchObject({ limitKmh: 20, order: 'o1', orderText: '结冰限速令' });
    expect(finding?.evidence.limitSource).toContain('bad weather');
    expect(finding?.evidence.explain).toMatchObject({ zh: expect.stringContaining('恶劣天气') });
  });

  const around = drive(
    [0, 0],
    [
      { to: [2_000, 0], kmh: 40 },
      { to: [2_000, 600], kmh: 40 },
      { to: [4_000, 600], kmh: 40 },
      { to: [4_000, 0], kmh: 40 },
      { to: [7_000, 0], kmh: 40 },
    ],
  );
  const planned = planWith({});

  it('follows a declared detour, and no other way', () => {
    expect(found(planned, around)).toEqual(['route_deviation']);
    const points = around.map(({ lon, lat }) => [lon, lat] as const);
    const detour = {
      id: 'u1',
      note: '',
      tripId: null,
      routeId: 'route-T',
      line: points,
      onDispatch: false,
      ...ALWAYS,
    };
    expect(found(planWith({ detours: [detour] }), around)).toEqual([]);
    expect(found(planWith({ detours: [{ ...detour, routeId: 'other' }] }), around)).toEqual([
      'route_deviation',
    ]);
  });

  it('keeps an excused finding as a record with its excuse', () => {
    const excuse = {
      id: 'e1',
      note: '',
      kind: 'road_works',
      tripId: 'T',
      routeId: null,
      by: '交警 0521',
      ...ALWAYS,
    } as const;
    const [finding] = judgeAll(planWith({ excuses: [excuse] }), around).findings;
    expect(finding).toMatchObject({ rule: 'route_deviation', severity: 'P3' });
    expect(finding?.evidence).toMatchObject({
      excused: { excuse: 'e1', kind: 'road_works', by: '交警 0521' },
      gradeWithoutExcuse: 'P2',
    });
    const speeding = judgeAll(planWith({ excuses: [excuse] }), FAST).findings[0];
    expect(speeding?.evidence).not.toHaveProperty('excused');
  });
});
