import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { drive, judgeAll, type Leg, report } from '../judge/drive.ts';
import { START, smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [60_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line, paceMs: 14 }] });
const of = (component: string, reports: readonly Report[], p = plan) =>
  judgeAll(p, reports).findings.filter((f) => f.evidence.component === component);

describe('antenna or supply cut while a rule is broken', () => {
  const fast: Leg = { to: [3_000, 0], kmh: 80 };
  const cut = (to: number): Leg => ({ to: [to, 0], kmh: 50, more: { alarmFlags: 1 << 5 } });

  it('is looked at the second time within a week', () => {
    const once: Leg[] = [{ to: [1_000, 0], kmh: 50 }, fast, cut(3_500)];
    expect(of('tampering', drive([0, 0], once))).toEqual([]);
    const twice: Leg[] = [...once, { to: [14_000, 0], kmh: 50 }, { to: [16_000, 0], kmh: 80 }, cut(16_500)];
    const found = of('tampering', drive([0, 0], twice));
    expect(found).toMatchObject([{ severity: 'P2', rule: 'terminal_fault' }]);
    expect(found[0]!.evidence.cuts).toMatchObject([
      { what: 'gnss_antenna_open', during: 'speeding' },
      { what: 'gnss_antenna_open', during: 'speeding' },
    ]);
  });

  it('is nothing where no rule was broken in the two minutes before', () => {
    const calm: Leg[] = [];
    for (let i = 0; i < 3; i++)
      calm.push({ to: [15_000 * i + 14_000, 0], kmh: 50 }, cut(15_000 * i + 15_000));
    expect(of('tampering', drive([0, 0], calm))).toEqual([]);
  });
});

describe('a position that stays', () => {
  const moving = drive([0, 0], [{ to: [2_000, 0], kmh: 45 }]);
  const frozen = (seconds: number, speedKmh: number, more: (i: number) => Partial<Report> = () => ({})) => {
    const last = moving.at(-1)!;
    return [
      ...moving,
      ...Array.from({ length: seconds / 5 }, (_, i) => ({
        ...last,
        time: last.time + (i + 1) * 5_000,
        receivedAt: last.time + (i + 1) * 5_000,
        speedKmh,
        ...more(i),
      })),
    ];
  };

  it('at more than 20 km/h for a minute', () => {
    expect(of('frozen_position', frozen(60, 45))).toEqual([]);
    expect(of('frozen_position', frozen(90, 45))).toMatchObject([
      { severity: 'P2', evidence: { speedKmh: 45 } },
    ]);
    expect(of('frozen_position', frozen(300, 19))).toEqual([]);
  });

  it('while the odometer has come a kilometre', () => {
    const km = (perReport: number) => (i: number) => ({ mileageKm: 100 + i * perReport });
    expect(of('frozen_position', frozen(300, 0, km(0.05)))).toMatchObject([
      { severity: 'P2', evidence: { speedKmh: null } },
    ]);
    expect(of('frozen_position', frozen(300, 0, km(0)))).toEqual([]);
    // The clamp holds its place for a moment as it drives off: what is told stays the odometer.
    const off = frozen(300, 0, km(0.05));
    const leaves = drive([2_000, 0], [{ to: [20_000, 0], kmh: 40 }], {
      startS: (off.at(-1)!.time - START) / 1000 + 5,
    }).map((one, i) => ({ ...one, mileageKm: off.at(-1)!.mileageKm! + 0.055 * (i + 1) }));
    expect(of('frozen_position', [...off, ...leaves])).toMatchObject([
      { evidence: { speedKmh: null, explain: { en: expect.stringContaining('odometer') } } },
    ]);
    const driven = moving.map((one, i) => ({ ...one, mileageKm: 100 + i * 0.0625 }));
    expect(of('frozen_position', driven)).toEqual([]);
  });

  it('is nothing in a tunnel', () => {
    const tunnel = smallPlan({
      trips: [{ id: 't', line, paceMs: 14 }],
      fences: [
        {
          kind: 'tunnel',
          ring: [
            [1_500, -50],
            [5_000, -50],
            [5_000, 50],
            [1_500, 50],
          ],
        },
      ],
    });
    expect(of('frozen_position', frozen(90, 45), tunnel)).toEqual([]);
  });
});

describe('no fix on the way', () => {
  const lost = (seconds: number, more: Partial<Report> = {}) => [
    ...drive([0, 0], [{ to: [1_000, 0], kmh: 45 }]),
    ...Array.from({ length: seconds / 10 }, (_, i) =>
      report(START + 90_000 + i * 10_000, [1_000, 0], { positioned: false, recorderSpeedKmh: 40, ...more }),
    ),
  ];

  it('is a record after three minutes, unless the terminal knows why or it stands', () => {
    expect(of('no_fix', lost(170))).toEqual([]);
    expect(of('no_fix', lost(200))).toMatchObject([{ severity: 'P3', evidence: { unverified: true } }]);
    expect(of('no_fix', lost(400, { alarmFlags: 1 << 5 }))).toEqual([]);
    expect(of('no_fix', lost(400, { recorderSpeedKmh: 0 }))).toEqual([]);
    expect(of('no_fix', lost(400, { accOn: false }))).toEqual([]);
  });
});
