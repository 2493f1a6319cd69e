import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import type { VehicleEvent } from '../../../geo/vehicle-event.ts';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type SmallTrip, smallPlan } from '../judge/small-plan.ts';

const trip: SmallTrip = {
  id: 't',
  line: [
    [0, 0],
    [60_000, 0],
  ],
  paceMs: 14,
};
const plan = smallPlan({ trips: [trip] });
const doors = (...bits: number[]) => ({ statusFlags: bits.reduce((word, n) => word | (1 << n), 3) });
const of = (legs: readonly Leg[], rule = 'door_open_moving', everyS = 5, p = plan) =>
  judgeAll(p, drive([0, 0], legs, { everyS })).findings.filter((f) => f.rule === rule);
const sensor = (legs: readonly Leg[]) =>
  of(legs, 'terminal_fault', 10).filter((f) => f.evidence.component === 'door_sensor');

describe('a door open while driving', () => {
  it('counts faster than 5 km/h, over two fixes, until it is closed or the bus stands', () => {
    const [finding, ...others] = of([
      { to: [1_000, 0], kmh: 36 },
      { to: [1_200, 0], kmh: 36, more: doors(13) },
      { to: [6_000, 0], kmh: 36 },
    ]);
    expect(others).toEqual([]);
    expect(brief(finding!)).toBe('door_open_moving P2 105-125');
    expect(finding!.evidence).toMatchObject({ doors: ['front'], uncappedSeverity: 'P1', unverified: true });
  });

  it('is none for one fix, at walking pace, at a stop, or closed', () => {
    const moving: Leg = { to: [1_000, 0], kmh: 36 };
    expect(of([moving, { to: [1_040, 0], kmh: 36, more: doors(13) }, { to: [6_000, 0], kmh: 36 }])).toEqual(
      [],
    );
    expect(of([moving, { to: [1_060, 0], kmh: 5, more: doors(13, 14) }])).toEqual([]);
    expect(of([moving, { standS: 120, more: doors(13, 14, 15) }, { to: [3_000, 0], kmh: 36 }])).toEqual([]);
    expect(of([moving, { to: [2_000, 0], kmh: 36, more: doors(17) }])).toEqual([]);
  });

  it('is a violation with nobody aboard too', () => {
    const idle = smallPlan({ trips: [{ ...trip, vehicle: 'other' }] });
    const [finding] = of([{ to: [1_000, 0], kmh: 36, more: doors(15) }], 'door_open_moving', 5, idle);
    expect(finding).toMatchObject({ severity: 'P2', evidence: { doors: ['rear'], uncappedSeverity: 'P2' } });
  });

  it('is a stuck sensor after half an hour of driving, and no door from then on', () => {
    const legs: Leg[] = [
      { to: [10_000, 0], kmh: 36, more: doors(13) },
      { standS: 60, more: doors(13) },
      { to: [17_000, 0], kmh: 36, more: doors(13) },
    ];
    expect(sensor(legs)).toEqual([]);
    const longer: Leg[] = [...legs, { to: [19_000, 0], kmh: 36, more: doors(13) }];
    expect(sensor(longer).map((f) => f.severity)).toEqual(['P3']);
    const open = of(longer, 'door_open_moving', 10);
    expect(open.at(-1)!.end).not.toBeNull();
    const closed: Leg[] = [...longer, { to: [20_000, 0], kmh: 36 }, { standS: 1_000 }];
    expect(sensor(closed)[0]!.end).not.toBeNull();
  });

  it('an hour of cleaning with the door open is no stuck sensor: driving off with it open is found', () => {
    const legs: Leg[] = [
      { standS: 3_600, more: doors(13) },
      { to: [200, 0], kmh: 36, more: doors(13) },
    ];
    expect(of(legs)).toHaveLength(1);
  });
});

describe("the driver's door", () => {
  const aboard: Leg = { to: [2_000, 0], kmh: 40 };

  it('open for ten seconds with the ignition on and pupils aboard', () => {
    const found = (seconds: number, more: Partial<Report> = {}) =>
      of([aboard, { standS: seconds, more: { ...doors(16), ...more } }, { to: [6_000, 0], kmh: 40 }]);
    expect(found(9)).toEqual([]);
    expect(found(20)).toMatchObject([{ severity: 'P2', evidence: { doors: ['driver'] } }]);
    expect(found(60, { accOn: false })).toEqual([]);
  });

  it('is the driver’s own affair without pupils', () => {
    const idle = smallPlan({ trips: [{ ...trip, vehicle: 'other' }] });
    expect(of([{ standS: 60, more: doors(16) }], 'door_open_moving', 5, idle)).toEqual([]);
  });
});

it('an illegal opening that the terminal reports is told once a minute at most', () => {
  const flag = { alarmFlags: (1 << 31) >>> 0 };
  const legs: Leg[] = [{ standS: 4, more: flag }, { standS: 40 }, { standS: 5, more: flag }, { standS: 600 }];
  expect(of(legs)).toMatchObject([{ severity: 'P3', evidence: { source: 'terminal', alarmBit: 31 } }]);
});

describe('signals at a stop', () => {
  const inputs = { hazard: true, stopSign: 4, lamp: 5 };
  const wired = { ...plan, vehicles: new Map([['bus', { ...plan.vehicles.get('bus')!, inputs }]]) };
  const stop = (seconds: number, ...events: VehicleEvent[]): Leg => ({
    standS: seconds,
    more: { ...doors(13), ...(events.length > 0 ? { events } : {}) },
  });
  const dark: VehicleEvent[] = [
    { kind: 'signals', flags: 0 },
    { kind: 'inputs', flags: 0 },
  ];
  const lit: VehicleEvent[] = [
    { kind: 'signals', flags: 12 },
    { kind: 'inputs', flags: 1 << 4 },
  ];
  const drivenTo = (x: number): Leg => ({ to: [x, 0], kmh: 40 });
  const signals = (legs: readonly Leg[], p: Plan = wired) => of(legs, 'door_open_moving', 5, p);

  it('are missed after ten seconds with the door open, by name', () => {
    const [finding, ...others] = signals([drivenTo(1_000), stop(20, ...dark), drivenTo(5_000)]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'P3',
      evidence: { lacking: ['hazard_lights', 'stop_sign'], timesInWeek: 1 },
    });
    expect(signals([drivenTo(1_000), stop(20, ...lit), drivenTo(5_000)])).toEqual([]);
    expect(signals([drivenTo(1_000), stop(10, ...dark), stop(10, ...lit), drivenTo(5_000)])).toEqual([]);
  });

  it('are not judged where the register does not say that they are wired, nor where the report is silent', () => {
    expect(signals([drivenTo(1_000), stop(30, ...dark), drivenTo(5_000)], plan)).toEqual([]);
    expect(signals([drivenTo(1_000), stop(30), drivenTo(5_000)])).toEqual([]);
  });

  it('missed for the third time in a week are a violation', () => {
    const legs: Leg[] = [];
    for (let i = 1; i <= 3; i++) legs.push(drivenTo(i * 4_000), stop(30, ...dark));
    expect(signals([...legs, drivenTo(20_000)]).map((f) => f.severity)).toEqual(['P3', 'P3', 'P2']);
  });

  it('the marker lamp is for pupils', () => {
    const idle = { ...smallPlan({ trips: [{ ...trip, vehicle: 'other' }] }), vehicles: wired.vehicles };
    const lamp = { events: [{ kind: 'inputs' as const, flags: 1 << 5 }] };
    expect(signals([{ to: [1_000, 0], kmh: 40, more: lamp }], idle)).toMatchObject([{ severity: 'P3' }]);
    expect(signals([{ to: [500, 0], kmh: 40, more: lamp }], idle)).toEqual([]);
    expect(signals([drivenTo(1_000), { to: [3_000, 0], kmh: 40, more: lamp }])).toEqual([]);
  });
});
