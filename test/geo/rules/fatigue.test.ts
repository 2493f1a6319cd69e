import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { card, cardOut, inOrder, said } from '../judge/crew-words.ts';
import { brief, judgeAll, report } from '../judge/drive.ts';
import { START, smallPlan } from '../judge/small-plan.ts';

const plan = smallPlan({
  trips: [
    {
      id: 't',
      line: [
        [0, 0],
        [5_000, 0],
      ],
      vehicle: null,
    },
  ],
});
const H = 3_600;

/** To and fro on a straight road, a report a minute. */
function driving(fromS: number, toS: number, more: Partial<Report> = {}): Report[] {
  const reports: Report[] = [];
  for (let s = fromS; s <= toS; s += 60) {
    const lap = (s / 60) % 20;
    const east = (lap < 10 ? lap : 20 - lap) * 500;
    reports.push(report(START + s * 1000, [east, 0], { speedKmh: 30, ...more }));
  }
  return reports;
}
const standing = (fromS: number, toS: number, more: Partial<Report> = {}): Report[] =>
  driving(fromS, toS, {
    lat: report(START, [0, 0]).lat,
    lon: report(START, [0, 0]).lon,
    speedKmh: 0,
    ...more,
  });

const found = (...lists: Report[][]) =>
  judgeAll(plan, inOrder(...lists)).findings.filter((one) => one.rule === 'fatigue');
const told = (...lists: Report[][]) => found(...lists).map(brief);

describe('fatigue', () => {
  it('warns at three and a half hours and finds four, without a rest of twenty minutes', () => {
    expect(told(driving(0, 3.4 * H))).toEqual([]);
    expect(told(driving(0, 3.6 * H))).toEqual([`fatigue P3 ${3.5 * H}-`]);
    expect(told(driving(0, 4.1 * H))).toEqual([`fatigue P2 ${3.5 * H}-`]);
  });

  it('counts short stops as driving and a stop of twenty minutes as a rest, which ends it', () => {
    const short = [driving(0, 2 * H), standing(2 * H + 60, 2 * H + 1_080), driving(2 * H + 1_140, 4.1 * H)];
    expect(told(...short)[0]).toMatch(/^fatigue P2 /);
    const long = [driving(0, 2 * H), standing(2 * H + 60, 2 * H + 1_320), driving(2 * H + 1_380, 4.5 * H)];
    expect(told(...long)).toEqual([]);
    const over = [driving(0, 4.1 * H), standing(4.1 * H + 60, 4.6 * H)];
    expect(told(...over)[0]).toMatch(/^fatigue P2 12600-1\d{4}$/);
  });

  it('says unverified where nobody identified themselves, and names who did', () => {
    expect(found(driving(0, 4.1 * H))[0]!.evidence).toMatchObject({ unverified: true });
    const [known] = found(driving(0, 4.1 * H), [said(-60, card('licence-driver'))]);
    expect(known!.evidence).toMatchObject({ driver: 'driver' });
    expect(known!.evidence).not.toHaveProperty('unverified');
  });

  it('begins anew with another driver', () => {
    const words = [said(-60, card('licence-driver')), said(2 * H, cardOut), said(2 * H + 1, card('another'))];
    expect(told(driving(0, 5 * H), words)).toEqual([]);
    // The same card put in again is the same driver.
    const same = [
      said(-60, card('licence-driver')),
      said(2 * H, cardOut),
      said(2 * H + 1, card('licence-driver')),
    ];
    expect(told(driving(0, 4.1 * H), same)).toHaveLength(1);
  });

  it('takes hours on other vehicles along, which a service looked up', () => {
    const spans = [[START - 2.2 * H * 1000, START - 300_000]] as const;
    const hours = said(-50, { kind: 'driver_hours', driver: 'driver', spans });
    expect(told(driving(0, 2 * H), [said(-60, card('licence-driver')), hours])[0]).toMatch(/^fatigue P2 /);
    expect(told(driving(0, 2 * H), [said(-60, card('another')), hours])).toEqual([]);
    const rested = said(-50, {
      kind: 'driver_hours',
      driver: 'driver',
      spans: [[START - 4 * H * 1000, START - 1_800_000]],
    });
    expect(told(driving(0, 2 * H), [said(-60, card('licence-driver')), rested])).toEqual([]);
  });

  it('is not fooled by an ignition wire that is broken', () => {
    // Always on, parked all night and reporting.
    expect(told(driving(0, H), standing(H + 60, 12 * H, { accOn: true }))).toEqual([]);
    // Always on, and the terminal asleep for hours.
    expect(told(driving(0, 2 * H, { accOn: true }), driving(9 * H, 11 * H, { accOn: true }))).toEqual([]);
    // Always off, driving and resting.
    const rested = [driving(0, 3 * H), standing(3 * H + 60, 3 * H + 1_500), driving(3 * H + 1_560, 5 * H)];
    expect(told(...rested.map((list) => list.map((one) => ({ ...one, accOn: false }))))).toEqual([]);
  });

  it('takes a gap for a rest only with the ignition off and the bus where it was', () => {
    const off = driving(2 * H, 2 * H, { accOn: false, speedKmh: 0 });
    const at = (s: number) => [driving(0, 2 * H - 60), off, driving(s, s + 2.2 * H)];
    expect(told(...at(2 * H + 2_400))).toEqual([]);
    // With the ignition on it is neither rest nor driving.
    const on = [driving(0, 2 * H), driving(2 * H + 2_400, 2 * H + 2_400 + 1.4 * H)];
    expect(told(...on)).toEqual([]);
    expect(told(driving(0, 2 * H), driving(2 * H + 2_400, 2 * H + 2_400 + 2.2 * H))).toHaveLength(1);
  });

  it('joins the terminal’s own alarm, and records it alone as a mismatch', () => {
    const flagged = driving(0, 600, { alarmFlags: 1 << 2 });
    expect(found(flagged).map((one) => [one.severity, one.evidence.source])).toEqual([['P3', 'terminal']]);
    const both = driving(0, 4.1 * H).map((one, i) => (i > 230 ? { ...one, alarmFlags: 1 << 2 } : one));
    expect(found(both).map((one) => [one.severity, one.evidence.source])).toEqual([['P2', 'both']]);
  });

  it('allows two hours by night, and eight a day', () => {
    // From half past eight in the evening until just before and just after midnight.
    const evening = 13.5 * H;
    expect(told(driving(evening, evening + 3.4 * H))).toEqual([]);
    expect(told(driving(evening, evening + 3.55 * H)).length).toBe(2);
    const turns = (...begins: number[]) =>
      begins.flatMap((h) => [
        ...driving(h * H, (h + 2.2) * H),
        ...standing((h + 2.25) * H, (h + 3) * H - 60),
      ]);
    const known = [said(-60, card('licence-driver'))];
    expect(told(known, turns(0, 3, 6))).toEqual([]);
    expect(told(known, turns(0, 3, 6, 9)).map((one) => one.slice(0, 10))).toEqual(['fatigue P2']);
    // Who drove is not known, so nobody has driven for so long.
    expect(told(turns(0, 3, 6, 9))).toEqual([]);
  });
});
