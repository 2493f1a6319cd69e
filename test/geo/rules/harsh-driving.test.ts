import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { judgeAll, report } from '../judge/drive.ts';
import { START, smallPlan } from '../judge/small-plan.ts';

const plan = smallPlan({
  trips: [
    {
      id: 't',
      line: [
        [0, 0],
        [20_000, 0],
      ],
      vehicle: 'other',
    },
  ],
});

function drive(
  kmh: readonly number[],
  { everyS = 1, headings = [] as readonly number[], more = (_i: number): Partial<Report> => ({}) } = {},
): Report[] {
  let x = 0;
  return kmh.map((speedKmh, i) => {
    x += (speedKmh / 3.6) * everyS;
    const directionDeg = headings[i] ?? 90;
    return report(START + i * everyS * 1_000, [x, 0], { speedKmh, directionDeg, ...more(i) });
  });
}
const steady = (value: number, count: number): number[] => Array(count).fill(value);
const of = (reports: readonly Report[]) =>
  judgeAll(plan, reports)
    .findings.filter((f) => f.rule === 'harsh_driving')
    .map((f) => [f.evidence.manoeuvre, f.severity, f.evidence.source]);

describe('harsh driving', () => {
  it('is braking and acceleration of more than 2.5 m/s² over two seconds', () => {
    expect(of(drive([...steady(50, 10), 40, 30, ...steady(30, 10)]))).toEqual([
      ['braking', 'P3', 'platform'],
    ]);
    expect(of(drive([...steady(10, 10), 20, 30, ...steady(30, 10)]))).toEqual([
      ['acceleration', 'P3', 'platform'],
    ]);
    expect(of(drive([...steady(50, 10), 42, 34, 26, ...steady(26, 10)]))).toEqual([]);
  });

  it('is no single fix that is off, and nothing that tyres cannot do', () => {
    expect(of(drive([...steady(50, 10), 30, ...steady(50, 10)]))).toEqual([]);
    expect(of(drive([...steady(90, 10), 50, 10, ...steady(10, 10)]))).toEqual([]);
  });

  it('is a turn of more than 3 m/s², not a heading that wavers', () => {
    const turning = [...steady(90, 10), 110, 130, 150, ...steady(150, 10)];
    expect(of(drive(steady(40, 23), { headings: turning }))).toEqual([['turn', 'P3', 'platform']]);
    expect(of(drive(steady(25, 23), { headings: turning }))).toEqual([]);
    const wavering = Array.from({ length: 23 }, (_, i) => 90 + (i % 2 ? 25 : -25));
    expect(of(drive(steady(40, 23), { headings: wavering }))).toEqual([]);
  });

  it('is never seen in reports ten seconds apart', () => {
    expect(of(drive([...steady(80, 5), 20, 0, 60, 0], { everyS: 10 }))).toEqual([]);
  });

  it('is what the terminal says, from any interval, once for each manoeuvre', () => {
    const driving = {
      events: [{ kind: 'driving' as const, alarm: 'braking' as const, alarmId: null, speedKmh: 40 }],
    };
    expect(of(drive(steady(40, 9), { everyS: 10, more: (i) => (i === 4 ? driving : {}) }))).toEqual([
      ['braking', 'P3', 'terminal'],
    ]);
    const flag = (i: number) => (i >= 3 && i < 8 ? { alarmFlags: 8 } : {});
    expect(of(drive(steady(40, 20), { everyS: 10, more: flag }))).toEqual([['flagged', 'P3', 'terminal']]);
  });
});
