import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll, type Leg } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
const spec = {
  trips: [
    { id: 'a', line: LINE, stops: [0, 800, 1_600, 2_400, 6_000], paceMs: 6 },
    {
      id: 'mine',
      vehicle: 'spare',
      line: [
        [0, 9_000],
        [6_000, 9_000],
      ] as Metres[],
      departS: 7_200,
    },
  ],
  vehicles: ['bus', 'spare'],
};
const plan = smallPlan(spec);

/** The spare bus goes along the other's run and stands where it is told to. */
function spare(stops: readonly (readonly [alongM: number, standS: number])[], startS = 0) {
  const legs: Leg[] = stops.flatMap(([alongM, standS]): Leg[] => [{ to: [alongM, 0], kmh: 30 }, { standS }]);
  return drive([-500, 0], [...legs, { to: [5_500, 0], kmh: 40 }], { startS }).map((one) => ({
    ...one,
    vehicle: 'spare',
  }));
}
const found = (reports: ReturnType<typeof spare>, by = plan) =>
  judgeAll(by, reports).findings.filter((finding) => finding.evidence.reason === 'other_run');

describe('a bus on the run of another', () => {
  it('is found at the second of the first stops, with the proposal to bind it', () => {
    const [finding, ...others] = found(
      spare([
        [0, 30],
        [800, 30],
        [1_600, 30],
      ]),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'unapproved_vehicle', severity: 'P2' });
    expect(finding!.evidence).toMatchObject({ run: 'a', boundTo: 'bus', stopsServed: 3, proposal: 'rebind' });
    expect(brief(finding!)).toMatch(/^unapproved_vehicle P2 (19|20)\d-/);
  });

  it.each<[string, ReturnType<typeof spare>]>([
    ['one stop only', spare([[800, 30]])],
    [
      'passing by without standing',
      spare([
        [800, 0],
        [1_600, 0],
      ]),
    ],
    [
      'standing elsewhere',
      spare([
        [400, 30],
        [1_200, 30],
      ]),
    ],
    [
      'later stops only',
      spare([
        [2_400, 30],
        [6_000, 30],
      ]),
    ],
    [
      'an hour early',
      spare(
        [
          [0, 30],
          [800, 30],
        ],
        -3_600,
      ),
    ],
    [
      'two hours late',
      spare(
        [
          [0, 30],
          [800, 30],
        ],
        7_200 + 1_900,
      ),
    ],
  ])('is not found with %s', (_, reports) => {
    expect(found(reports)).toEqual([]);
  });

  it('is none of its own, nor once it is dispatched', () => {
    const own = spare([
      [0, 30],
      [800, 30],
    ]).map((one) => ({ ...one, vehicle: 'bus' }));
    expect(found(own)).toEqual([]);
    const dispatched = smallPlan({ ...spec, trips: [{ ...spec.trips[0]!, vehicle: 'spare' }] });
    expect(
      found(
        spare([
          [0, 30],
          [800, 30],
        ]),
        dispatched,
      ),
    ).toEqual([]);
  });

  it('is over half an hour after the stop served last', () => {
    const after = drive([9_000, 0], [{ to: [40_000, 0], kmh: 40 }], { startS: 900, everyS: 30 });
    const [finding] = found([
      ...spare([
        [0, 30],
        [800, 30],
      ]),
      ...after.map((one) => ({ ...one, vehicle: 'spare' })),
    ]);
    expect(finding!.end).not.toBeNull();
  });

  it('of two runs that share the first stop takes the one whose second is served', () => {
    const forked = smallPlan({
      ...spec,
      trips: [
        {
          id: 'b',
          vehicle: 'third',
          line: [
            [0, 0],
            [0, 6_000],
          ],
          stops: [0, 800, 6_000],
          paceMs: 6,
        },
        ...spec.trips,
      ],
      vehicles: ['bus', 'spare', 'third'],
    });
    expect(
      found(
        spare([
          [0, 30],
          [800, 30],
        ]),
        forked,
      ).map((one) => one.evidence.run),
    ).toEqual(['a']);
  });
});
