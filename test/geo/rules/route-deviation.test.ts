import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

const straight: readonly Metres[] = [
  [0, 0],
  [10_000, 0],
];
const plan = smallPlan({ trips: [{ id: 't', line: straight }] });
const found = (legs: readonly Leg[], options?: Parameters<typeof drive>[2], p = plan) =>
  judgeAll(p, drive([0, 0], legs, options))
    .findings.filter((f) => f.rule === 'route_deviation')
    .map(brief);
const detour = (sideM: number, lengthM: number): Leg[] => [
  { to: [3_000, 0], kmh: 36 },
  { to: [3_000, sideM], kmh: 36 },
  { to: [3_000 + lengthM, sideM], kmh: 36 },
  { to: [3_000 + lengthM, 0], kmh: 36 },
  { to: [9_000, 0], kmh: 36 },
];

describe('route deviation', () => {
  it('finds a detour, from the first fix off the corridor to the first one back on it', () => {
    const { findings } = judgeAll(plan, drive([0, 0], detour(200, 600)));
    expect(findings.map(brief)).toEqual(['route_deviation P2 310-400']);
    expect(findings[0]!.evidence).toMatchObject({ corridorM: 60, peakM: 200, run: 'duty', route: 'route-t' });
  });

  it('is sure at once beyond 300 m', () => {
    expect(found(detour(2_000, 100))).toEqual([expect.stringMatching(/^route_deviation P2 310-/)]);
  });

  it('keeps quiet within the corridor and on its edge', () => {
    expect(found(detour(55, 2_000))).toEqual([]);
  });

  it('keeps quiet for a short step aside', () => {
    expect(found(detour(90, 60))).toEqual([]);
  });

  it('is capped at P2 while pupils aboard are inferred', () => {
    const { findings } = judgeAll(plan, drive([0, 0], detour(1_500, 100)));
    expect(findings[0]).toMatchObject({
      severity: 'P2',
      evidence: { uncappedSeverity: 'P1', unverified: true, aboard: 'inferred' },
    });
  });

  it('goes on when the bus only touches its route in between', () => {
    const legs: Leg[] = [
      { to: [3_000, 0], kmh: 36 },
      { to: [3_000, 200], kmh: 36 },
      { to: [3_500, 200], kmh: 36 },
      { to: [3_500, 0], kmh: 36 },
      { to: [3_900, 0], kmh: 36 },
      { to: [3_900, 200], kmh: 36 },
      { to: [4_500, 200], kmh: 36 },
      { to: [4_500, 0], kmh: 36 },
      { to: [9_000, 0], kmh: 36 },
    ];
    expect(found(legs)).toHaveLength(1);
  });

  it('does not see one in a single jump, nor in three fixes that no bus can have driven', () => {
    const reports = drive([0, 0], [{ to: [6_000, 0], kmh: 36 }]);
    const jump = reports.map((one, i) => (i === 60 ? { ...one, lat: one.lat + 0.02 } : one));
    expect(judgeAll(plan, jump).findings).toEqual([]);
    const far = reports.map((one, i) => (i === 60 || i === 62 ? { ...one, lat: one.lat + 0.5 } : one));
    expect(judgeAll(plan, far).findings).toEqual([]);
  });

  it('does not see one before the run is under way, nor behind its last stop', () => {
    expect(
      found([
        { to: [-3_000, 2_000], kmh: 36 },
        { to: [0, 0], kmh: 36 },
        { to: [10_000, 0], kmh: 40 },
        { to: [10_000, 4_000], kmh: 40 },
      ]),
    ).toEqual([]);
  });

  it('does not see one while the bus stands beside its route all night', () => {
    const drift = drive([3_000, 45], [{ standS: 12 * 3_600 }], { everyS: 30 }).map((one, i) => ({
      ...one,
      lat: one.lat + 0.0007 * Math.sin(i * 1.7),
      lon: one.lon + 0.0007 * Math.cos(i * 2.3),
      speedKmh: i % 7 === 0 ? 2.5 : 0,
    }));
    const arrived = drive([0, 0], [{ to: [3_000, 0], kmh: 36 }]);
    const later = drift.map((one) => ({ ...one, time: one.time + 320_000, receivedAt: one.time + 320_000 }));
    const { findings } = judgeAll(plan, [...arrived, ...later]);
    expect(findings.filter((f) => f.rule === 'route_deviation')).toEqual([]);
  });

  it('follows loops, crossings and the way back along the same road', () => {
    const figureEight: Metres[] = [
      [0, 0],
      [2_000, 0],
      [2_000, 1_000],
      [1_000, 1_000],
      [1_000, -1_000],
      [3_000, -1_000],
      [3_000, 0],
      [0, 0],
    ];
    const eight = smallPlan({ trips: [{ id: 't', line: figureEight }] });
    for (const everyS of [5, 15, 30]) {
      const { findings, progress } = judgeAll(
        eight,
        drive(
          [0, 0],
          figureEight.slice(1, -1).map((to) => ({ to, kmh: 30 })),
          { everyS },
        ),
      );
      expect(findings).toEqual([]);
      expect(progress).toMatchObject({ runState: 'CARRYING' });
      expect(progress!.progressM).toBeGreaterThan(8_600);
    }
  });

  it('names the terminal where only its bit 23 says so', () => {
    const reports = drive(
      [0, 0],
      [
        { to: [3_000, 0], kmh: 36 },
        { to: [3_200, 0], kmh: 36, more: { alarmFlags: 1 << 23 } },
        { to: [9_000, 0], kmh: 36 },
      ],
    );
    const { findings } = judgeAll(plan, reports);
    expect(findings.map((f) => [f.rule, f.severity, f.evidence.source])).toEqual([
      ['route_deviation', 'P3', 'terminal'],
    ]);
  });
});

describe('route deviation without duties', () => {
  const plain = smallPlan({ trips: [{ id: 't', line: straight, vehicle: null }], duties: false });

  it('infers the run and finds the detour', () => {
    const { findings } = judgeAll(plain, drive([0, 0], detour(200, 600)));
    expect(findings.map(brief)).toEqual(['route_deviation P2 310-400']);
    expect(findings[0]!.trip).toBe('t');
    expect(findings[0]!.evidence.run).toBe('inferred');
  });

  it('infers nothing against the direction of the line, or where the timetable has nobody', () => {
    const back = judgeAll(plain, drive([8_000, 0], [{ to: [1_000, 0], kmh: 36 }]));
    expect(back.progress).toBeNull();
    const late = judgeAll(plain, drive([0, 0], detour(200, 600), { startS: 7_200 }));
    expect([late.progress, late.findings]).toEqual([null, []]);
  });
});
