import { describe, expect, it } from 'vitest';
import { replayReports } from '../../../geo/judge/replay-reports.ts';
import type { Report } from '../../../geo/report.ts';
import { judgeAll, report } from '../judge/drive.ts';
import { START, smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [20_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line, paceMs: 14 }] });

/** A drive second by second at these speeds, along the line. */
function speeds(kmh: readonly number[], more: (i: number) => Partial<Report> = () => ({})): Report[] {
  let x = 0;
  return kmh.map((speedKmh, i) => {
    x += speedKmh / 3.6;
    return report(START + i * 1_000, [x, 0], { speedKmh, directionDeg: 90, ...more(i) });
  });
}
const steady = (kmh: number, seconds: number): number[] => Array(seconds).fill(kmh);
const of = (reports: readonly Report[], p = plan) =>
  judgeAll(p, reports).findings.filter((f) => f.rule === 'collision');

describe('a speed that falls at once', () => {
  it('by 25 km/h in two seconds, and then a stand of half a minute', () => {
    const [finding, ...others] = of(speeds([...steady(50, 30), 20, 0, ...steady(0, 40)]));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'P1',
      evidence: { source: 'platform', fromKmh: 50, stoodStill: true },
    });
  });

  it('is none where it drives on, brakes as one does, or stands for less', () => {
    expect(of(speeds([...steady(50, 30), 24, ...steady(24, 60)]))).toEqual([]);
    expect(of(speeds([...steady(50, 30), 40, 30, 20, 10, ...steady(0, 60)]))).toEqual([]);
    expect(of(speeds([...steady(50, 30), 20, ...steady(0, 25), ...steady(30, 60)]))).toEqual([]);
  });

  it('is not believed of GNSS alone where the recorder drives on, nor in a tunnel, nor of reports far apart', () => {
    const lost = speeds([...steady(50, 30), 0, ...steady(0, 60)], (i) => ({
      recorderSpeedKmh: i < 30 ? 50 : 48,
    }));
    expect(of(lost)).toEqual([]);
    const tunnel = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [
        {
          kind: 'tunnel',
          ring: [
            [300, -50],
            [2_000, -50],
            [2_000, 50],
            [300, 50],
          ],
        },
      ],
    });
    expect(of(speeds([...steady(50, 30), 0, ...steady(0, 60)]), tunnel)).toEqual([]);
    const coarse = speeds([...steady(50, 30), ...steady(0, 200)]).filter((_, i) => i % 5 === 0);
    expect(of(coarse)).toEqual([]);
  });

  it('and then nothing is heard: told by silence, under the id that the stand would have', () => {
    const reports = speeds([...steady(50, 30), 20, 0, 0, 0]);
    const clockwork = report(START + 200_000, [9_000, 0], { vehicle: 'another', accOn: false });
    const found = replayReports(plan, [...reports, clockwork]).filter((f) => f.rule === 'collision');
    expect(found).toMatchObject([{ severity: 'P1', evidence: { reason: 'signal_lost', fromKmh: 50 } }]);
    const heard = report(START + 120_000, [reports.at(-1)!.lon, 0], { speedKmh: 0 });
    const again = { ...heard, lat: reports.at(-1)!.lat, lon: reports.at(-1)!.lon };
    const stood = replayReports(plan, [...reports, again, { ...again, time: again.time + 1_000 }]);
    expect(new Set(stood.filter((f) => f.rule === 'collision').map((f) => f.id)).size).toBe(1);
  });
});

describe('the terminal’s warning of a collision or rollover', () => {
  const warned = (kmh: readonly number[], from: number, bits: number) =>
    of(speeds(kmh, (i) => (i >= from && i < from + 3 ? { alarmFlags: bits } : {})));

  it('is to be reviewed where the speed does not change: a pot-hole', () => {
    const [finding] = warned(steady(40, 90), 30, 1 << 29);
    expect(finding).toMatchObject({ severity: 'P2', evidence: { source: 'terminal', alarmBits: [29] } });
    expect(finding!.evidence.review).toContain('pot-hole');
    expect(warned([...steady(40, 55), 30, 20, 10, ...steady(0, 40)], 30, 1 << 29)[0]!.severity).toBe('P2');
  });

  it('is grave where the speed falls in the next twenty seconds', () => {
    const braked = [...steady(40, 35), 30, 20, 10, ...steady(0, 40)];
    expect(warned(braked, 30, 1 << 30)).toMatchObject([{ severity: 'P1', evidence: { alarmBits: [30] } }]);
  });

  it('counts whatever the interval of the reports', () => {
    const coarse = speeds([...steady(40, 60), ...steady(0, 60)], (i) =>
      i >= 50 && i < 60 ? { alarmFlags: 1 << 29 } : {},
    ).filter((_, i) => i % 10 === 0);
    expect(of(coarse)).toMatchObject([{ severity: 'P1' }]);
  });
});
