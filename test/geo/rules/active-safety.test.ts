import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import type { VehicleEvent } from '../../../geo/vehicle-event.ts';
import { brief, judgeAll, report } from '../judge/drive.ts';
import { START, smallPlan } from '../judge/small-plan.ts';

const plan = smallPlan({
  trips: [
    {
      id: 't',
      line: [
        [0, 0],
        [60_000, 0],
      ],
      vehicle: 'other',
    },
  ],
});
type Alarm = Extract<VehicleEvent, { kind: 'adas' | 'dsm' }>;

const alarm = (kind: Alarm['kind'], name: string, more: Partial<Alarm> = {}): Alarm => ({
  kind,
  alarm: name,
  level: 2,
  phase: null,
  alarmId: null,
  speedKmh: 50,
  files: 0,
  ...more,
});
/** Half an hour of driving, a report every 10 s, with what is told at these seconds. */
const drive = (
  told: { readonly [second: number]: Alarm },
  more: (second: number) => Partial<Report> = () => ({}),
) =>
  Array.from({ length: 180 }, (_, i) => {
    const event = told[i * 10];
    return report(START + i * 10_000, [i * 120, 0], {
      speedKmh: 43,
      ...(event ? { events: [event] } : {}),
      ...more(i * 10),
    });
  });
const of = (reports: readonly Report[]) =>
  judgeAll(plan, reports).findings.filter((f) => f.rule === 'adas' || f.rule === 'dsm');

describe('driving assistance and driver monitoring', () => {
  it.each([
    ['adas', 'forward collision', 2, 50, 'P2'],
    ['adas', 'forward collision', 1, 50, 'P3'],
    ['adas', 'forward collision', 2, 30, 'P3'],
    ['adas', 'pedestrian collision', 2, 31, 'P2'],
    ['adas', 'lane departure', 2, 80, 'P3'],
    ['adas', 'left rear approach', 1, 20, 'P3'],
    ['adas', 'type 9', 2, 80, 'P3'],
    ['dsm', 'fatigue', 2, 50, 'P2'],
    ['dsm', 'phone call', 2, 50, 'P2'],
    ['dsm', 'smoking', 2, 50, 'P2'],
    ['dsm', 'distraction', 2, 50, 'P2'],
    ['dsm', 'driver abnormal', 2, 50, 'P1'],
    ['dsm', 'driver abnormal', 2, 10, 'P3'],
    ['dsm', 'no seat belt', 2, 50, 'P3'],
  ] as const)('%s: %s of level %d at %d km/h is %s', (kind, name, level, speedKmh, severity) => {
    const found = of(drive({ 100: alarm(kind, name, { level, speedKmh }) }));
    expect(found.map((f) => [f.rule, f.severity, f.evidence.alarm])).toEqual([[kind, severity, name]]);
    expect(found[0]!.end).toBe(found[0]!.start + 10_000);
  });

  it('fatigue of level 2 twice in ten minutes is grave, later it is two', () => {
    const twice = (second: number) =>
      of(drive({ 100: alarm('dsm', 'fatigue'), [second]: alarm('dsm', 'fatigue') }));
    expect(twice(690).map((f) => f.severity)).toEqual(['P1']);
    expect(twice(900).map((f) => f.severity)).toEqual(['P2', 'P2']);
  });

  it('alarms of one kind within two minutes are one episode, with the number of each for its files', () => {
    const found = of(
      drive({
        100: alarm('dsm', 'phone call', { alarmId: 'a', files: 2 }),
        150: alarm('dsm', 'phone call', { alarmId: 'b', files: 3 }),
        160: alarm('dsm', 'smoking', { alarmId: 'c' }),
      }),
    );
    expect(found.map(brief)).toEqual(['dsm P2 100-160', 'dsm P2 160-170']);
    expect(found[0]!.evidence).toMatchObject({ alarms: 2, alarmIds: ['a', 'b'], files: 5 });
  });

  it('an alarm with a start and an end lasts from one to the other, and five minutes without an end', () => {
    const start = alarm('dsm', 'phone call', { phase: 'start', alarmId: 'a' });
    const end = alarm('dsm', 'phone call', { phase: 'end', alarmId: 'a' });
    const [ended] = of(drive({ 100: start, 220: end }));
    expect(brief(ended!)).toBe('dsm P2 100-230');
    expect(ended!.evidence.alarms).toBe(1);
    expect(of(drive({ 100: start })).map(brief)).toEqual(['dsm P2 100-410']);
  });

  it('snapshots and signs read are no alarms, and a covered camera is a fault', () => {
    expect(
      of(drive({ 100: alarm('dsm', 'driver changed (event)'), 200: alarm('dsm', 'camera covered') })),
    ).toEqual([]);
  });

  it('the bits of 2019 say the same without a level', () => {
    const found = of(
      drive({ 100: alarm('adas', 'forward collision') }, (second) =>
        second === 110 ? { statusFlags: 3 | (1 << 6) } : second === 300 ? { alarmFlags: 1 << 17 } : {},
      ),
    );
    expect(found.map((f) => [f.evidence.kind, f.severity])).toEqual([
      ['forward_collision', 'P2'],
      ['blind_spot', 'P3'],
    ]);
  });
});
