import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [20_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line, paceMs: 14 }] });
const found = (legs: Parameters<typeof drive>[1], options?: Parameters<typeof drive>[2], p = plan) =>
  judgeAll(p, drive([0, 0], legs, options)).findings.map(brief);

describe('speeding', () => {
  it('finds a bus above 60 km/h with pupils aboard, from the first fix to the first one at the limit', () => {
    const findings = judgeAll(
      plan,
      drive(
        [0, 0],
        [
          { to: [2_000, 0], kmh: 50 },
          { to: [3_000, 0], kmh: 75 },
          { to: [9_000, 0], kmh: 50 },
        ],
      ),
    ).findings;
    expect(findings.map(brief)).toEqual(['speeding P2 145-195']);
    expect(findings[0]!.evidence).toMatchObject({
      limitKmh: 60,
      limitSource: expect.stringContaining('Art. 35'),
      peakKmh: 75,
      excessShare: 0.25,
      planVersion: 'small-1',
      ruleVersion: 'R01/1',
      aboard: 'inferred',
    });
    expect(findings[0]!.trip).toBe('t');
  });

  it('caps the grade at P2 where pupils aboard are only inferred, and says so', () => {
    const [finding] = judgeAll(
      plan,
      drive(
        [0, 0],
        [
          { to: [2_000, 0], kmh: 50 },
          { to: [3_000, 0], kmh: 95 },
        ],
      ),
    ).findings;
    expect(finding).toMatchObject({ severity: 'P2', evidence: { grade: 'P1', unverified: true } });
  });

  it('reminds up to 10 % over', () => {
    expect(
      found([
        { to: [2_000, 0], kmh: 50 },
        { to: [3_000, 0], kmh: 65 },
        { to: [9_000, 0], kmh: 50 },
      ]),
    ).toEqual([expect.stringContaining('speeding P3')]);
  });

  it('is quiet just under the margin and for less than ten seconds', () => {
    expect(
      found([
        { to: [2_000, 0], kmh: 50 },
        { to: [4_000, 0], kmh: 63 },
      ]),
    ).toEqual([]);
    expect(
      found([
        { to: [2_000, 0], kmh: 50 },
        { to: [2_200, 0], kmh: 90 },
        { to: [4_000, 0], kmh: 50 },
      ]),
    ).toEqual([]);
  });

  it('makes at most one episode of 59/61 flicker', () => {
    const flicker = Array.from({ length: 60 }, (_, i) => ({
      to: [2_000 + i * 80, 0] as const,
      kmh: i % 2 ? 59 : 61,
    }));
    expect(found([{ to: [2_000, 0], kmh: 50 }, ...flicker])).toEqual([]);
    const harder = Array.from({ length: 60 }, (_, i) => ({
      to: [2_000 + i * 80, 0] as const,
      kmh: i % 2 ? 58 : 66,
    }));
    expect(found([{ to: [2_000, 0], kmh: 50 }, ...harder]).length).toBeLessThanOrEqual(1);
  });

  it('goes on when it begins again within two minutes, and begins anew after', () => {
    const twice = (slowM: number) =>
      found([
        { to: [2_000, 0], kmh: 50 },
        { to: [3_000, 0], kmh: 75 },
        { to: [3_000 + slowM, 0], kmh: 50 },
        { to: [4_000 + slowM, 0], kmh: 75 },
        { to: [9_000 + slowM, 0], kmh: 50 },
      ]);
    expect(twice(1_200)).toHaveLength(1);
    expect(twice(2_400)).toHaveLength(2);
  });

  it('does not hold an empty bus to the limits for pupils, but to the posted one', () => {
    const free = smallPlan({ trips: [{ id: 't', line, vehicle: 'other' }] });
    expect(found([{ to: [4_000, 0], kmh: 75 }], {}, free)).toEqual([]);
    const posted = smallPlan({
      trips: [{ id: 't', line, vehicle: 'other' }],
      fences: [
        {
          kind: 'speed_zone',
          speedLimitKmh: 40,
          ring: [
            [1_000, -50],
            [3_000, -50],
            [3_000, 50],
            [1_000, 50],
          ],
        },
      ],
    });
    const findings = judgeAll(posted, drive([0, 0], [{ to: [6_000, 0], kmh: 62 }])).findings;
    expect(findings.map((f) => f.severity)).toEqual(['P1']);
    expect(findings[0]!.evidence).toMatchObject({ limitKmh: 40, limitFence: 'fence-0' });
  });

  it('allows 80 on a motorway and 20 on a danger section', () => {
    const ring = [
      [3_000, -50],
      [8_000, -50],
      [8_000, 50],
      [3_000, 50],
    ] as const;
    const motorway = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [{ kind: 'speed_zone', motorway: true, ring }],
    });
    expect(
      found(
        [
          { to: [3_100, 0], kmh: 50 },
          { to: [7_900, 0], kmh: 78 },
          { to: [9_000, 0], kmh: 50 },
        ],
        {},
        motorway,
      ),
    ).toEqual([]);
    const danger = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [{ kind: 'danger_section', ring }],
    });
    const [finding] = judgeAll(
      danger,
      drive(
        [0, 0],
        [
          { to: [2_900, 0], kmh: 50 },
          { to: [4_000, 0], kmh: 28 },
        ],
      ),
    ).findings;
    expect(finding).toMatchObject({
      rule: 'speeding',
      severity: 'P2',
      evidence: { limitKmh: 20, limitFence: 'fence-0' },
    });
  });

  it('needs two fixes inside a danger section too short for three', () => {
    const ring = [
      [2_990, -30],
      [3_110, -30],
      [3_110, 30],
      [2_990, 30],
    ] as const;
    const short = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [{ kind: 'danger_section', ring }],
    });
    expect(found([{ to: [5_000, 0], kmh: 40 }], {}, short)).toEqual([expect.stringContaining('speeding P2')]);
  });

  it('believes the motorway where a street runs under a viaduct', () => {
    const ring = [
      [1_000, -50],
      [8_000, -50],
      [8_000, 50],
      [1_000, 50],
    ] as const;
    const viaduct = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [
        { kind: 'speed_zone', speedLimitKmh: 40, ring },
        { kind: 'speed_zone', speedLimitKmh: 80, motorway: true, ring },
      ],
    });
    expect(
      found(
        [
          { to: [900, 0], kmh: 38 },
          { to: [1_100, 0], kmh: 45 },
          { to: [7_900, 0], kmh: 70 },
        ],
        {},
        viaduct,
      ),
    ).toEqual([]);
  });

  it('believes no speed that nobody drove: frozen position, impossible value, recorder that disagrees', () => {
    const frozen = drive(
      [0, 0],
      [
        { to: [2_000, 0], kmh: 50 },
        { standS: 60, more: { speedKmh: 80 } },
      ],
    );
    expect(judgeAll(plan, frozen).findings).toEqual([]);
    expect(
      found([
        { to: [2_000, 0], kmh: 50 },
        { to: [4_000, 0], kmh: 50, more: { speedKmh: 400 } },
      ]),
    ).toEqual([]);
    expect(
      found([
        { to: [2_000, 0], kmh: 50 },
        { to: [4_000, 0], kmh: 50, more: { recorderSpeedKmh: 90 } },
      ]),
    ).toEqual([expect.stringContaining('terminal_fault P3')]);
  });

  it('takes two fixes where reports come every 30 s', () => {
    expect(
      found(
        [
          { to: [2_000, 0], kmh: 50 },
          { to: [4_000, 0], kmh: 72 },
          { to: [9_000, 0], kmh: 50 },
        ],
        { everyS: 30 },
      ),
    ).toHaveLength(1);
  });

  it('is not judged in a tunnel', () => {
    const tunnel = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [
        {
          kind: 'tunnel',
          ring: [
            [1_900, -50],
            [5_000, -50],
            [5_000, 50],
            [1_900, 50],
          ],
        },
      ],
    });
    const legs = [
      { to: [2_000, 0] as const, kmh: 50 },
      { to: [4_500, 0] as const, kmh: 90 },
      { to: [9_000, 0] as const, kmh: 50 },
    ];
    expect(found(legs, {}, tunnel)).toEqual([]);
    expect(found(legs)).toHaveLength(1);
  });

  it.each([
    ['city_no_centre_line', 30],
    ['highway_no_centre_line', 40],
    ['city_one_lane', 50],
    ['highway_one_lane', 60],
  ] as const)('holds a road without a sign of class %s to %d km/h with pupils aboard', (roadClass, kmh) => {
    const ring = [
      [900, -50],
      [12_000, -50],
      [12_000, 50],
      [900, 50],
    ] as const;
    const unsigned = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [{ kind: 'speed_zone', roadClass, ring }],
    });
    const at = (driven: number) =>
      found(
        [
          { to: [1_000, 0], kmh: 28 },
          { to: [4_000, 0], kmh: driven },
        ],
        {},
        unsigned,
      );
    expect(at(kmh + 3)).toEqual([]);
    expect(at(kmh + 4)).toHaveLength(1);
    const free = smallPlan({
      trips: [{ id: 't', line, vehicle: 'other' }],
      fences: [{ kind: 'speed_zone', roadClass, ring }],
    });
    expect(
      found(
        [
          { to: [1_000, 0], kmh: 28 },
          { to: [4_000, 0], kmh: 66 },
        ],
        {},
        free,
      ),
    ).toHaveLength(kmh < 60 ? 1 : 0);
  });

  it('takes item 0x11 for the terminal’s flag; its warning before that is none, and joins what is found', () => {
    const legs = (kmh: number, more: object) => [
      { to: [2_000, 0] as const, kmh: 50 },
      { to: [3_000, 0] as const, kmh, more },
      { to: [9_000, 0] as const, kmh: 50 },
    ];
    const source = (kmh: number, more: object) =>
      judgeAll(plan, drive([0, 0], legs(kmh, more))).findings.map((f) => [f.severity, f.evidence.source]);
    const item = { events: [{ kind: 'overspeed_area' as const, areaType: 4, areaId: 9 }] };
    expect(source(50, item)).toEqual([['P3', 'terminal']]);
    expect(source(75, item)).toEqual([['P2', 'both']]);
    expect(source(50, { alarmFlags: 1 << 13 })).toEqual([]);
    expect(source(75, { alarmFlags: 1 << 13 })).toEqual([['P2', 'both']]);
  });

  it('keeps a terminal flag that it cannot confirm as a record, and joins one that it can', () => {
    const flagged = { alarmFlags: 2 };
    const alone = judgeAll(
      plan,
      drive(
        [0, 0],
        [
          { to: [2_000, 0], kmh: 50 },
          { to: [2_500, 0], kmh: 50, more: flagged },
          { to: [9_000, 0], kmh: 50 },
        ],
      ),
    ).findings;
    expect(alone.map((f) => [f.rule, f.severity, f.evidence.source])).toEqual([
      ['speeding', 'P3', 'terminal'],
    ]);
    const both = judgeAll(
      plan,
      drive(
        [0, 0],
        [
          { to: [2_000, 0], kmh: 50 },
          { to: [3_000, 0], kmh: 75, more: flagged },
          { to: [9_000, 0], kmh: 50 },
        ],
      ),
    );
    expect(both.findings.map((f) => [f.rule, f.severity, f.evidence.source])).toEqual([
      ['speeding', 'P2', 'both'],
    ]);
    expect(both.kinds).toEqual(['opened speeding', 'updated speeding', 'closed speeding']);
  });
});
