import { describe, expect, it } from 'vitest';
import type { StopVisit } from '../../../geo/matching/stop-visits.ts';
import { visitsOf } from '../../../geo/matching/visits-of.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { drive, type Leg } from '../judge/drive.ts';
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
});
