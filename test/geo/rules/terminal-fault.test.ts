import { describe, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { Report } from '../../../geo/report.ts';
import type { VehicleEvent } from '../../../geo/vehicle-event.ts';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [40_000, 0],
] as const;
const onRun = smallPlan({ trips: [{ id: 't', line, paceMs: 14 }] });
const noRun = smallPlan({ trips: [{ id: 't', line, vehicle: 'other' }] });
const faults = (reports: readonly Report[], plan = noRun) =>
  judgeAll(plan, reports).findings.filter((f) => f.rule === 'terminal_fault');
const found = (legs: readonly Leg[], plan = noRun) => faults(drive([0, 0], legs), plan).map(brief);
const told = (...events: VehicleEvent[]) => ({ events });
const bit = (n: number) => ({ alarmFlags: (1 << n) >>> 0 });

describe('faults that the terminal reports of its parts', () => {
  it.each([
    [4, 'gnss_module'],
    [5, 'gnss_antenna_open'],
    [6, 'gnss_antenna_short'],
    [9, 'display'],
    [10, 'tts'],
    [11, 'camera'],
    [12, 'ic_card'],
    [16, 'tyre'],
    [24, 'vss'],
    [25, 'fuel'],
  ])(
    'bit %d is a fault of the %s: a record on its second report, over when two reports are without it',
    (n, part) => {
      const [finding, ...others] = faults(
        drive([0, 0], [{ standS: 60 }, { standS: 30, more: bit(n) }, { standS: 1_000 }]),
      );
      expect(others).toEqual([]);
      expect(brief(finding!)).toBe('terminal_fault P3 65-95');
      expect(finding!.evidence).toMatchObject({ component: part, alarmBit: n, source: 'terminal' });
    },
  );

  it('one report alone is none', () => {
    expect(found([{ standS: 60 }, { standS: 5, more: bit(9) }, { standS: 600 }])).toEqual([]);
  });

  it('a loose contact is one fault', () => {
    const flicker = Array.from({ length: 20 }, (_, i) => ({ standS: 20, more: i % 2 ? bit(5) : {} }));
    expect(found([...flicker, { standS: 1_000 }])).toHaveLength(1);
  });

  it('keeps the alarms that no other rule has: forbidden time, section time, theft', () => {
    const component = (more: object) =>
      faults(drive([0, 0], [{ standS: 60 }, { standS: 5, more }, { standS: 5, more }, { standS: 600 }])).map(
        (f) => [f.evidence.component, f.severity],
      );
    expect(component(bit(15))).toEqual([['forbidden_driving', 'P3']]);
    expect(component(bit(22))).toEqual([['section_time', 'P3']]);
    expect(component(told({ kind: 'section_time', sectionId: 4, seconds: 9, tooLong: false }))).toEqual([
      ['section_time', 'P3'],
    ]);
    expect(component(bit(26))).toEqual([['stolen', 'P2']]);
  });

  it('low voltage counts after five minutes, which starting the engine never takes', () => {
    expect(found([{ standS: 60 }, { standS: 295, more: bit(7) }, { standS: 900 }])).toEqual([]);
    expect(found([{ standS: 60 }, { standS: 310, more: bit(7) }, { standS: 900 }])).toHaveLength(1);
  });

  it('is graver with pupils aboard, and a power cut is with the ignition on', () => {
    const driven: Leg[] = [
      { to: [2_000, 0], kmh: 40 },
      { to: [3_000, 0], kmh: 40, more: bit(11) },
    ];
    expect(found(driven, onRun)[0]).toContain('P2');
    expect(found(driven, noRun)[0]).toContain('P3');
    expect(found([{ standS: 60, more: { ...bit(8), accOn: false } }])[0]).toContain('P3');
    expect(found([{ standS: 60, more: bit(8) }])[0]).toContain('P2');
  });

  it('is the vehicle’s: one fault over two runs and a night', () => {
    const two = smallPlan({
      trips: [
        {
          id: 'a',
          line: [
            [0, 0],
            [4_000, 0],
          ],
        },
        {
          id: 'b',
          line: [
            [4_000, 0],
            [0, 0],
          ],
          departS: 1_800,
        },
      ],
    });
    const reports = drive(
      [0, 0],
      [
        { to: [4_000, 0], kmh: 30, more: bit(9) },
        { standS: 1_320, more: bit(9) },
        { to: [0, 0], kmh: 30, more: bit(9) },
      ],
    );
    expect(faults(reports, two)).toHaveLength(1);
  });

  it('reads the video alarms by their bits, with the channels; a covered camera after three minutes', () => {
    const video = (flags: number) => told({ kind: 'video', flags, lost: 5, covered: 2, stores: 9 });
    const legs = (flags: number, seconds: number): Leg[] => [{ standS: seconds, more: video(flags) }];
    expect(faults(drive([0, 0], legs(1, 30)))[0]!.evidence).toMatchObject({
      component: 'video_lost',
      which: 5,
    });
    expect(faults(drive([0, 0], legs(4, 30)))[0]!.evidence).toMatchObject({ component: 'storage', which: 9 });
    expect(found(legs(2, 170))).toEqual([]);
    expect(found(legs(2, 190))).toHaveLength(1);
    expect(found(legs(1 << 4, 60))).toEqual([]);
  });

  it('an ignition without right is told once, and repeated within a minute it is the same', () => {
    const legs: Leg[] = [
      { standS: 4, more: bit(27) },
      { standS: 30 },
      { standS: 5, more: bit(27) },
      { standS: 900 },
    ];
    expect(found(legs)).toEqual([expect.stringContaining('terminal_fault P2')]);
  });
});

describe('a clock', () => {
  const clock = (corrected: boolean) => told({ kind: 'clock', offsetS: 28_800, corrected });

  it('put right is one record while it lasts', () => {
    const [finding, ...others] = faults(
      drive([0, 0], [{ standS: 600, more: clock(true) }, { standS: 1_000 }]),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'P3',
      evidence: { component: 'clock', clock_offset: 28_800, corrected: true },
    });
    expect((finding!.evidence.explain as { en: string }).en).toContain('8:00:00 fast');
  });

  it('that cannot be put right counts from the second report about it', () => {
    const alone = (count: number) =>
      drive([0, 0], [{ standS: 600 }]).map((one, i) =>
        i < 2 || i >= 2 + count
          ? one
          : { ...one, ...clock(false), eventsOnly: true as const, positioned: false, lat: 0, lon: 0 },
      );
    expect(faults(alone(1))).toEqual([]);
    expect(faults(alone(2)).map((f) => f.evidence.corrected)).toEqual([false]);
  });
});

describe('two terminals with one id', () => {
  const second = told({ kind: 'second_connection', takeovers: 3, withinS: 100 });

  it('are a record, and a violation where they are a kilometre apart within a minute', () => {
    const near = drive([0, 0], [{ standS: 20 }, { standS: 5, more: second }, { standS: 60 }]);
    expect(faults(near).map((f) => [f.severity, f.evidence.component])).toEqual([['P3', 'cloned_id']]);
    const far = near.map((one, i) => (i > 5 && i % 2 ? { ...one, lon: one.lon + 0.03 } : one));
    expect(faults(far).map((f) => f.severity)).toEqual(['P2']);
    expect(Number(faults(far)[0]!.evidence.apartM)).toBeGreaterThan(2_500);
  });
});

describe('a vehicle that moves with its ignition off', () => {
  const off = { accOn: false };

  it('is towed, or its wire is broken: beyond 200 m, at a speed, over three fixes', () => {
    expect(
      found([
        { standS: 120, more: off },
        { to: [180, 0], kmh: 20, more: off },
      ]),
    ).toEqual([]);
    const legs: Leg[] = [
      { standS: 120, more: off },
      { to: [900, 0], kmh: 30, more: off },
    ];
    expect(found(legs)).toEqual([expect.stringContaining('terminal_fault P2')]);
    expect(found([...legs, { to: [2_000, 0], kmh: 30 }, { standS: 1_300 }])[0]).toMatch(/-\d+$/);
  });

  it('is parked while its fixes wander, and silent where nobody knows the ignition', () => {
    const drift = drive([0, 0], [{ standS: 7_200, more: { ...off, speedKmh: 1 } }]).map((one, i) => ({
      ...one,
      lon: one.lon + 0.003 * Math.sin(i / 30),
    }));
    expect(faults(drift)).toEqual([]);
    expect(found([{ standS: 60 }, { to: [2_000, 0], kmh: 30, more: { accOn: null } }])).toEqual([]);
  });

  it('joins the terminal’s own alarm, and keeps it alone as a record', () => {
    const both = faults(
      drive(
        [0, 0],
        [
          { standS: 120, more: off },
          { to: [900, 0], kmh: 30, more: { ...off, ...bit(28) } },
        ],
      ),
    );
    expect(both.map((f) => [f.severity, f.evidence.source])).toEqual([['P2', 'both']]);
    const alone = faults(drive([0, 0], [{ standS: 60, more: { ...off, ...bit(28) } }]));
    expect(alone.map((f) => [f.severity, f.evidence.source])).toEqual([['P3', 'terminal']]);
  });
});

describe('recorder and GNSS', () => {
  it('disagree for a minute before it is a record; the larger of 5 km/h and a tenth is agreement', () => {
    const at = (recorderSpeedKmh: number, metres: number): Leg[] => [
      { to: [metres, 0], kmh: 50, more: { recorderSpeedKmh } },
    ];
    expect(found(at(55, 2_000))).toEqual([]);
    expect(found(at(56, 700))).toEqual([]);
    expect(found(at(56, 2_000))).toEqual([expect.stringContaining('terminal_fault P3')]);
    expect(found([{ standS: 300, more: { recorderSpeedKmh: 8 } }])).toEqual([]);
  });
});

it('keeps the state small with several faults at once', () => {
  const judge = makeJudge(onRun);
  let state = null;
  for (const one of drive([0, 0], [{ to: [3_000, 0], kmh: 40, more: { alarmFlags: 0b1_1010_0010_0000 } }]))
    state = judge.judge(state, one).state;
  expect(JSON.stringify(state).length).toBeLessThan(4_000);
});
