import { describe, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import { replayReports } from '../../../geo/judge/replay-reports.ts';
import type { JudgeState } from '../../../geo/judge.ts';
import { heads, inOrder, said, signOn } from './crew-words.ts';
import { brief, drive, judgeAll, report } from './drive.ts';
import { START, smallPlan } from './small-plan.ts';

const line = [
  [0, 0],
  [20_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line }] });

describe('what the rules must survive', () => {
  it('a parked bus with 80 m of drift for twelve hours', () => {
    const wander = (spreadM: number, speedKmh: number | null) =>
      Array.from({ length: 12 * 120 }, (_, i) =>
        report(
          START - 13 * 3_600_000 + i * 30_000,
          [spreadM * Math.sin(i * 0.7) * Math.cos(i * 0.11), spreadM * Math.cos(i * 1.3)],
          {
            accOn: false,
            speedKmh,
          },
        ),
      );
    for (const speedKmh of [0, 2.5, null]) {
      expect(judgeAll(plan, wander(80, speedKmh)).findings).toEqual([]);
      const plain = smallPlan({ trips: [{ id: 't', line, vehicle: null }], duties: false });
      expect(judgeAll(plain, wander(80, speedKmh)).findings).toEqual([]);
    }
  });

  it('a blind stretch of 25 minutes that comes late, shuffled and doubled: one episode, late', () => {
    const reports = drive(
      [0, 0],
      [
        { to: [3_000, 0], kmh: 36 },
        { to: [3_000, 300], kmh: 36 },
        { to: [15_000, 300], kmh: 36 },
        { to: [15_000, 0], kmh: 36 },
        { to: [19_000, 0], kmh: 36 },
      ],
    );
    const from = START + 250_000;
    const to = from + 25 * 60_000;
    const live = reports.filter((one) => one.time <= from || one.time >= to);
    const blind = reports
      .filter((one) => one.time > from && one.time < to)
      .map((one, i) => ({ ...one, backfill: true, receivedAt: to + 5_000 + i }));
    const doubled = [...blind, ...blind.map((one) => ({ ...one, receivedAt: one.receivedAt + 60_000 }))];
    const shuffled = [
      ...live,
      ...doubled.sort((a, b) => ((a.lat * 1e7) % 97) - ((b.lat * 1e7) % 97) || b.time - a.time),
    ];
    const findings = replayReports(plan, shuffled);
    expect(findings.map((f) => [f.rule, f.late])).toEqual([
      ['terminal_offline', false],
      ['route_deviation', true],
    ]);
    const inOrder = judgeAll(plan, reports).findings.map(brief);
    expect(findings.filter((f) => f.rule === 'route_deviation').map(brief)).toEqual(inOrder);
  });

  it('a single fix on another continent, 0/0, and too few satellites', () => {
    const reports = drive([0, 0], [{ to: [6_000, 0], kmh: 45 }]).map((one, i) => {
      if (i === 30) return { ...one, lat: -31.8 };
      if (i === 40) return { ...one, lat: 0, lon: 0 };
      if (i > 50 && i % 5 === 0) return { ...one, lat: one.lat + 0.01, satellites: 3 };
      return one;
    });
    const { findings, progress } = judgeAll(plan, reports);
    expect(findings).toEqual([]);
    expect(progress).toMatchObject({ runState: 'CARRYING' });
  });

  it('a viaduct at 70 above a road of 40: no speeding', () => {
    const ring = [
      [500, -30],
      [9_000, -30],
      [9_000, 30],
      [500, 30],
    ] as const;
    const viaduct = smallPlan({
      trips: [{ id: 't', line, paceMs: 19 }],
      fences: [
        { kind: 'speed_zone', speedLimitKmh: 40, ring },
        { kind: 'speed_zone', speedLimitKmh: 80, motorway: true, ring },
      ],
    });
    const reports = drive(
      [0, 0],
      [
        { to: [600, 0], kmh: 38 },
        { to: [8_900, 0], kmh: 70 },
      ],
    );
    expect(judgeAll(viaduct, reports).findings.filter((f) => f.rule === 'speeding')).toEqual([]);
  });

  it('a clock eight hours off: one record, and the drive is judged as it was', () => {
    const reports = drive(
      [0, 0],
      [
        { to: [2_000, 0], kmh: 50 },
        { to: [3_000, 0], kmh: 80 },
        { to: [6_000, 0], kmh: 50 },
      ],
    );
    const corrected = reports.map((one) => ({
      ...one,
      events: [{ kind: 'clock' as const, offsetS: 28_800, corrected: true }],
    }));
    const { findings } = judgeAll(plan, corrected);
    const clock = findings.filter((f) => f.rule === 'terminal_fault');
    expect(clock).toMatchObject([{ severity: 'P3', evidence: { clock_offset: 28_800, corrected: true } }]);
    expect(findings.filter((f) => f.rule !== 'terminal_fault')).toEqual(judgeAll(plan, reports).findings);
  });

  it('ten minutes of 59 and 61 km/h: one episode at most', () => {
    const flicker = Array.from({ length: 120 }, (_, i) => ({
      to: [1_000 + i * 83, 0] as const,
      kmh: i % 2 ? 59 : 61,
    }));
    const { findings } = judgeAll(plan, drive([0, 0], [{ to: [1_000, 0], kmh: 50 }, ...flicker]));
    expect(findings.filter((f) => f.rule === 'speeding').length).toBeLessThanOrEqual(1);
  });

  it('believes a new place once three fixes agree on it', () => {
    const before = drive([0, 0], [{ to: [3_000, 0], kmh: 36 }]);
    const after = drive([9_000, 0], [{ to: [12_000, 0], kmh: 36 }], { startS: 305 });
    const { progress, findings } = judgeAll(plan, [...before, ...after]);
    expect(findings).toEqual([]);
    expect(progress!.progressM).toBeGreaterThan(11_900);
  });

  it('a swap of bus, driver and escort ten minutes before the run', () => {
    const people = ['d1', 'd2', 'e1', 'e2'].map((id) => ({
      id,
      role: id.startsWith('d') ? ('driver' as const) : ('escort' as const),
    }));
    const permits = [
      { vehicleId: 'bus', driverIds: ['d1'] },
      { vehicleId: 'spare', no: 'permit-2', driverIds: ['d2'] },
    ];
    const trip = { id: 't', line, driver: 'd1', escort: 'e1' };
    const common = { people, permits, vehicles: ['bus', 'spare'] };
    const before = makeJudge(smallPlan({ ...common, trips: [trip] }));
    const swapped = (driver: string) =>
      makeJudge(
        smallPlan({
          ...common,
          version: 'small-2',
          trips: [{ ...trip, vehicle: 'spare', driver, escort: 'e2' }],
        }),
      );
    const ready = drive([0, 0], [{ standS: 600 }], { startS: -1_200 });
    const run = drive([0, 0], [{ standS: 600 }, { to: [9_000, 0], kmh: 36 }], { startS: -600 });
    const words = [said(-550, signOn('e2')), said(60, heads(5))];
    const judged = (driver: string, vehicle: string, reports = run) => {
      const after = swapped(driver);
      let state: JudgeState | null = null;
      const found: string[] = [];
      for (const one of inOrder(ready, reports, vehicle === 'spare' ? words : [])) {
        const step = (one.time < START - 600_000 ? before : after).judge(state, { ...one, vehicle });
        state = step.state;
        for (const { kind, finding } of step.changes)
          if (kind === 'opened') found.push(`${finding.rule} ${finding.evidence.reason}`);
      }
      return { found, progress: state && after.progress(state) };
    };
    // The spare bus is on the run at once, with its own crew; the other one, which stays, is on none.
    expect(judged('d2', 'spare')).toMatchObject({ found: [], progress: { trip: 't', aboardCount: 5 } });
    expect(judged('d2', 'bus', drive([0, 0], [{ standS: 600 }], { startS: -600 }))).toEqual({
      found: [],
      progress: null,
    });
    // A driver who is not on the spare bus's permit is found at once.
    expect(judged('d1', 'spare').found).toEqual(['unapproved_driver not_on_permit']);
  });
});
