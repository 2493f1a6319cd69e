import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../geo/finding.ts';
import type { Plan, Vehicle } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { judgeAll, report } from '../judge/drive.ts';
import { type Metres, place, START, smallPlan } from '../judge/small-plan.ts';

const DAY_MS = 86_400_000;
const HOMES: readonly Metres[] = [
  [1_000, 500],
  [2_000, 900],
  [3_000, 400],
];
const GATE: Metres = [5_000, 0];

/** A register, one school, and no run of the van's. */
function planWith(more: { readonly register?: readonly Vehicle[]; readonly schools?: boolean } = {}): Plan {
  const plan = smallPlan({ trips: [{ id: 'a', line: [[0, 0], GATE] }], vehicles: ['bus'] });
  const [lon, lat] = place(GATE);
  const vehicles = new Map(plan.vehicles);
  for (const one of more.register ?? []) vehicles.set(one.id, one);
  return {
    ...plan,
    vehicles,
    registers: { ...plan.registers, schools: more.schools ?? true },
    schools: new Map([
      ['s', { id: 's', name: '解放路小学', level: null, district: null, lat, lon, geofence: null }],
    ]),
  };
}

interface Morning {
  readonly homes?: readonly Metres[];
  readonly stopS?: number;
  /** Seconds after 07:00. */
  readonly from?: number;
  readonly gate?: Metres;
  readonly gates?: number;
}

/** One morning of the van: from home to home, then to the gate, and away; a report every 10 s. */
function morning(day: number, { homes = HOMES, stopS = 40, from = 0, gate = GATE, gates = 1 }: Morning = {}) {
  const reports: Report[] = [];
  let now = START + day * DAY_MS + from * 1000;
  const say = (at: Metres, speedKmh: number): void => {
    reports.push(report(now, at, { vehicle: 'van', speedKmh }));
    now += 10_000;
  };
  const roll = (a: Metres, b: Metres): void => {
    const steps = Math.max(2, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 100));
    for (let i = 1; i < steps; i++) {
      say([a[0] + ((b[0] - a[0]) * i) / steps, a[1] + ((b[1] - a[1]) * i) / steps], 36);
    }
  };
  const stand = (at: Metres, seconds: number): void => {
    for (let s = 0; s < seconds; s += 10) say(at, 0);
  };
  let at: Metres = [0, 0];
  say(at, 20);
  for (const home of homes) {
    roll(at, home);
    stand(home, stopS);
    at = home;
  }
  for (let i = 0; i < gates; i++) {
    roll(at, gate);
    stand(gate, 30);
    at = [gate[0] + 800, gate[1]];
    roll(gate, at);
  }
  say(at, 30);
  return reports;
}

const leads = (plan: Plan, reports: readonly Report[]): Finding[] =>
  judgeAll(plan, reports).findings.filter((finding) => finding.rule === 'illegal_school_run');
const days = (numbers: readonly number[], how?: Morning): Report[] => numbers.flatMap((n) => morning(n, how));

describe('a vehicle that is no school bus and drives like one', () => {
  it('is a lead on the day after the third, with its evidence days', () => {
    const [lead, ...others] = leads(planWith(), days([0, 1, 2, 3]));
    expect(others).toEqual([]);
    expect(lead).toMatchObject({ severity: 'P3', end: null, start: START + 3 * DAY_MS });
    expect(lead!.evidence).toMatchObject({ school: 's', days: 3, samePlaces: 3, lead: true });
    expect((lead!.evidence.runs as { date: string }[]).map((run) => run.date)).toEqual([
      '20260302',
      '20260303',
      '20260304',
    ]);
    expect(JSON.stringify(lead!.evidence.explain)).toContain('3 个上学日');
  });

  it.each<[string, Report[]]>([
    ['two days only', days([0, 1, 2])],
    ['two stops only', days([0, 1, 2, 3], { homes: HOMES.slice(1) })],
    ['stops of 10 s, as at a light', days([0, 1, 2, 3], { stopS: 10 })],
    ['stops of 200 s, as of a courier', days([0, 1, 2, 3], { stopS: 200 })],
    ['at noon', days([0, 1, 2, 3], { from: 5 * 3600 })],
    ['to another place than a school', days([0, 1, 2, 3], { gate: [5_000, 2_000] })],
    ['past the gate five times a day, as a line bus', days([0, 1, 2, 3], { gates: 5 })],
    [
      'other places every day, as a taxi',
      [0, 1, 2, 3].flatMap((n) =>
        morning(n, { homes: HOMES.map(([e, north]) => [e + n * 130, north + n * 300]) }),
      ),
    ],
    ['on Saturdays and Sundays', days([5, 6, 12, 13, 19])],
  ])('is none with %s', (_, reports) => {
    expect(leads(planWith(), reports)).toEqual([]);
  });

  it('counts a stop from 20 s on and up to 180 s', () => {
    for (const stopS of [20, 180]) expect(leads(planWith(), days([0, 1, 2, 3], { stopS }))).toHaveLength(1);
  });

  it('forgets after ten school days without, and counts anew', () => {
    const quiet = [6, 9, 13, 17, 21].map((n) => report(START + n * DAY_MS, [0, 0], { vehicle: 'van' }));
    const [lead] = leads(planWith(), [...days([0, 1, 2, 3]), ...quiet]);
    expect(lead!.end).not.toBeNull();
    expect(leads(planWith(), [...days([0, 1]), ...quiet, ...days([22, 23])])).toEqual([]);
  });

  it('says nothing of school buses of the register, nor where there is no register of schools', () => {
    const van = (schoolBusType: Vehicle['schoolBusType']): Vehicle => ({
      ...planWith().vehicles.get('bus')!,
      id: 'van',
      schoolBusType,
    });
    const drive = days([0, 1, 2, 3]);
    expect(leads(planWith({ register: [van('dedicated')] }), drive)).toEqual([]);
    expect(leads(planWith({ register: [van('non_dedicated')] }), drive)).toEqual([]);
    expect(leads(planWith({ register: [van('none')] }), drive)).toHaveLength(1);
    expect(leads(planWith({ schools: false }), drive)).toEqual([]);
  });

  it('sees pupils fetched in the afternoon as well', () => {
    const fetchDay = (day: number): Report[] => {
      const back = morning(day, { from: 8.5 * 3600 }).reverse();
      // Waits at the gate for two minutes, then goes from home to home.
      const at = back.findIndex((one) => one.speedKmh === 0);
      const waiting = Array.from({ length: 9 }, () => back[at]!);
      const way = [...back.slice(0, at), ...waiting, ...back.slice(at)];
      return way.map((one, i) => {
        const time = START + day * DAY_MS + 8.5 * 3_600_000 + i * 10_000;
        return { ...one, time, receivedAt: time };
      });
    };
    const [lead] = leads(planWith(), [0, 1, 2, 3].flatMap(fetchDay));
    expect((lead!.evidence.runs as { way: string }[]).map((run) => run.way)).toEqual([
      'from',
      'from',
      'from',
    ]);
  });
});
