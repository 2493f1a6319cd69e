import { describe, expect, it } from 'vitest';
import type { StopVisit } from '../../../geo/matching/stop-visits.ts';
import { visitsOf } from '../../../geo/matching/visits-of.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { drive, type Leg, SWAPPED_STOPS } from '../judge/drive.ts';
import { type Metres, START, smallPlan } from '../judge/small-plan.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
const plan = smallPlan({ trips: [{ id: 't', line: LINE, stops: [0, 1_500, 3_000, 4_500, 6_000] }] });

/** `stop kind arrival-departure`, seconds after `START`; `~` where interpolated. */
const told = ({ stop, kind, arrival, departure, interpolated }: StopVisit): string => {
  const s = (ms: number | null) => (ms === null ? '' : Math.round((ms - START) / 1000));
  return `${stop} ${kind}${interpolated ? '~' : ''} ${s(arrival)}-${s(departure)}`;
};
const visits = (p: Plan, reports: readonly Report[]) => visitsOf(p, reports)[0]?.visits.map(told) ?? [];
/** At 36 km/h along the line, standing at these places for so long. */
const stopping = (places: readonly (readonly [number, number])[]): Leg[] =>
  places.flatMap(([m, standS]): Leg[] => [{ to: [m, 0], kmh: 36 }, { standS }]);

describe('stop visits', () => {
  it('tells arrival and departure where the bus stands, and the moment of passing where it does not', () => {
    const legs = stopping([
      [0, 30],
      [1_500, 20],
      [3_000, 0],
      [4_500, 15],
      [6_000, 60],
    ]);
    expect(visits(plan, drive([0, 0], legs, { everyS: 1 }))).toEqual([
      '0 stood 1-30',
      '1 stood 181-200',
      '2 passed 350-350',
      '3 stood 501-515',
      '4 stood 666-',
    ]);
  });

  it('stays right when reports are slow: what nobody saw is unsure, its time along the line', () => {
    const legs = stopping([
      [0, 30],
      [6_000, 60],
    ]);
    const slow = visits(plan, drive([0, 0], legs, { everyS: 70 }));
    expect(slow).toEqual([
      '0 unsure 0-0',
      '1 unsure~ 180-180',
      '2 unsure~ 330-330',
      '3 unsure~ 480-480',
      '4 passed 630-',
    ]);
  });

  it('knows that a bus cannot have stood between two fixes that it needed for the way', () => {
    const through = stopping([[6_000, 60]]);
    for (const everyS of [1, 5, 10, 15]) {
      const kinds = visits(plan, drive([0, 0], through, { everyS })).map((one) => one.split(' ')[1]);
      expect(kinds.slice(1, 4).map((kind) => kind!.replace('~', ''))).toEqual(['passed', 'passed', 'passed']);
    }
    const silent = drive([0, 0], through).filter(
      (one) => one.time < START + 250e3 || one.time > START + 350e3,
    );
    expect(visits(plan, silent).slice(2, 3)).toEqual(['2 unsure~ 300-300']);
  });

  it('sees that it went another way round a stop', () => {
    const legs: Leg[] = [
      { to: [2_700, 0], kmh: 36 },
      { to: [2_700, 300], kmh: 36 },
      { to: [3_300, 300], kmh: 36 },
      { to: [3_300, 0], kmh: 36 },
      { to: [6_000, 0], kmh: 36 },
    ];
    expect(visits(plan, drive([0, 0], legs))).toContain('2 away~ 330-330');
    // A fix every minute does not show that.
    expect(visits(plan, drive([0, 0], legs, { everyS: 60 })).join()).toMatch(/2 (unsure|passed)/);
  });

  it('takes a stop beside the line for come to, from the yard where the bus waits', () => {
    const legs: Leg[] = [
      { to: [-400, 500], kmh: 20 },
      { to: [0, 45], kmh: 20 },
      { standS: 90 },
      { to: [6_000, 0], kmh: 36 },
    ];
    expect(visits(plan, drive([-900, 500], legs, { startS: -300 }))[0]).toMatch(/^0 stood -\d+--\d+$/);
  });

  it('tells the first stops missed where the bus came onto its line behind them, seen all the while', () => {
    const legs: Leg[] = [
      { to: [2_000, 0], kmh: 36 },
      { to: [6_000, 0], kmh: 36 },
    ];
    const watched = visits(plan, drive([2_000, 3_000], legs, { startS: -100 }));
    expect(watched.slice(0, 2)).toEqual([expect.stringMatching(/^0 away/), expect.stringMatching(/^1 away/)]);
    // Nobody says anything of the stops before its first report.
    expect(visits(plan, drive([2_000, 100], legs, { startS: 400 }))[0]).toMatch(/^2 passed/);
  });

  it('follows a bus that serves a later stop first and comes back', () => {
    const legs: Leg[] = [
      ...stopping([
        [0, 20],
        [1_200, 0],
      ]),
      ...SWAPPED_STOPS,
    ];
    const stood = visits(plan, drive([0, 0], legs)).filter((one) => one.includes('stood'));
    expect(stood.map((one) => one[0])).toEqual(['0', '2', '1', '4']);
  });
});

describe('stop visits where a line is hard to follow', () => {
  /** Out and back on one road, a parallel road 40 m beside, a loop over itself, a turn on the spot. */
  const hard: readonly Metres[] = [
    [0, 0],
    [3_000, 0],
    [3_000, 40],
    [0, 40],
    [0, 2_000],
    [1_500, 2_000],
    [1_500, -1_000],
    [2_500, -1_000],
    [1_500, -1_000],
    [1_500, -3_000],
  ];
  const alongM = hard.map((_, i) =>
    hard.slice(1, i + 1).reduce((sum, p, k) => sum + Math.hypot(p[0] - hard[k]![0], p[1] - hard[k]![1]), 0),
  );
  const stopsM = [0, 1_500, 2_900, 4_540, 6_000, 8_000, 10_540, 12_000, 13_540, 14_540, 15_000, 16_500];
  const loop = smallPlan({ trips: [{ id: 't', line: hard, stops: stopsM, paceMs: 5.5 }] });

  /** Drives the corners at 30 km/h and stands 20 s at every stop; tells when it truly came there. */
  function driven(everyS: number, noise: number): { reports: Report[]; truth: number[] } {
    const legs: Leg[] = [];
    const truth: number[] = [];
    for (let k = 1; k < hard.length; k++) {
      const [a, b] = [hard[k - 1]!, hard[k]!];
      const lengthM = alongM[k]! - alongM[k - 1]!;
      for (const m of stopsM) {
        if (m < alongM[k - 1]! || (m >= alongM[k]! && !(k === hard.length - 1 && m === alongM[k]))) continue;
        const share = (m - alongM[k - 1]!) / lengthM;
        legs.push(
          { to: [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share], kmh: 30 },
          { standS: 20 },
        );
        truth.push(m / (30 / 3.6) + 20 * truth.length);
      }
      legs.push({ to: b, kmh: 30 });
    }
    const reports = drive([0, 0], legs, { everyS }).map((one, i) => ({
      ...one,
      lat: one.lat + noise * 0.00009 * Math.sin(i * 2.1),
      lon: one.lon + noise * 0.0001 * Math.cos(i * 1.3),
    }));
    return { reports, truth };
  }

  it.each([
    [1, 0],
    [1, 1],
    [5, 1],
    [15, 1],
    [30, 1],
    [60, 1],
    [120, 0],
    [240, 0],
  ])('has every stop once, in order and in time, with a report every %i s', (everyS, noise) => {
    const { reports, truth } = driven(everyS, noise);
    const runs = visitsOf(loop, reports);
    expect(runs).toHaveLength(1);
    const { visits: found } = runs[0]!;
    const seen = found.map((one) => one.stop);
    expect(seen).toEqual(stopsM.map((_, i) => i).slice(seen[0]!, seen[0]! + seen.length));
    expect(seen.length).toBeGreaterThanOrEqual(everyS <= 60 ? stopsM.length : stopsM.length - 3);
    for (const { stop, kind, arrival, departure } of found) {
      const from = START + truth[stop]! * 1000;
      // Interpolated it may be anywhere between two fixes; seen standing it is one fix off at the most.
      expect(arrival).toBeGreaterThanOrEqual(from - (kind === 'stood' ? 10 : everyS + 10) * 1000);
      expect(arrival).toBeLessThanOrEqual(from + (20 + everyS) * 1000);
      if (departure !== null) expect(departure).toBeGreaterThanOrEqual(arrival);
      if (everyS <= 5) expect(kind).toBe('stood');
    }
  });
});
