import { describe, expect, it } from 'vitest';
import type { Permit } from '../../../geo/plan/plan.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { DATE, type Metres, smallPlan } from '../judge/small-plan.ts';

const line: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
/** The run begins at 7:00. */
const planWith = (permit: Partial<Permit>) =>
  smallPlan({ trips: [{ id: 't', line }], permits: [{ vehicleId: 'bus', ...permit }], vehicles: ['bus'] });
const found = (plan: ReturnType<typeof planWith>, startS = 0) =>
  judgeAll(plan, drive([0, 0], [{ to: [6_000, 0], kmh: 36 }, { standS: 60 }], { startS }))
    .findings.filter((f) => f.rule === 'outside_permitted_time')
    .map((f) => `${brief(f)} ${f.evidence.reason}`);
const hours = (from: number, to: number) => ({ morningWindow: [from * 3_600, to * 3_600] as const });

describe('outside permitted time', () => {
  it('finds pupils carried outside the hours of the permit, widened by half an hour', () => {
    expect(found(planWith(hours(8, 9)))).toEqual([
      expect.stringMatching(/^outside_permitted_time P2 \d+-\d+ hours$/),
    ]);
    expect(found(planWith(hours(7.5, 9)))).toEqual([]);
    expect(found(planWith(hours(6, 6.8)))).toEqual([]);
    expect(found(planWith(hours(5, 6)))).toHaveLength(1);
  });

  it('takes the windows of all permits that hold that day, and nothing where one names no hours', () => {
    expect(found(planWith({ ...hours(12, 13), afternoonWindow: [6 * 3_600, 8 * 3_600] }))).toEqual([]);
    const two = (more: Partial<Permit>) =>
      smallPlan({
        trips: [{ id: 't', line }],
        vehicles: ['bus'],
        permits: [
          { vehicleId: 'bus', ...hours(12, 13) },
          { vehicleId: 'bus', no: 'permit-2', ...more },
        ],
      });
    expect(found(two(hours(6, 8)))).toEqual([]);
    expect(found(two({}))).toEqual([]);
    expect(found(two({ ...hours(6, 8), validTo: '20260301' }))).toHaveLength(1);
    expect(DATE > '20260301').toBe(true);
  });

  it('says nothing where no permit names hours', () => {
    expect(found(planWith({}))).toEqual([]);
    expect(found(smallPlan({ trips: [{ id: 't', line }] }))).toEqual([]);
  });

  it('knows windows that run over midnight', () => {
    expect(found(planWith(hours(22, 6.8)))).toEqual([]);
    expect(found(planWith(hours(22, 6)))).toHaveLength(1);
  });
});

describe('curfew', () => {
  const plan = smallPlan({ trips: [{ id: 't', line }], vehicles: ['bus'] });
  const night = (startS: number, vehicle = 'bus') =>
    judgeAll(
      plan,
      drive([0, 0], [{ to: [3_000, 0], kmh: 36 }, { standS: 200 }], { startS }).map((one) => ({
        ...one,
        vehicle,
      })),
    ).findings.map((f) => `${brief(f)} ${f.evidence.reason}`);

  it('finds a bus driven between 22 and 5 h without a run', () => {
    expect(night(-5 * 3_600)).toEqual([
      expect.stringMatching(/^outside_permitted_time P3 -18000-\S* curfew$/),
    ]);
    expect(night(-8.9 * 3_600)).toHaveLength(1);
  });

  it('does not mind by day, nor when a run is due within the hour', () => {
    expect(night(-9.5 * 3_600)).toEqual([]);
    expect(night(-1.9 * 3_600)).toEqual([]);
    const early = smallPlan({ trips: [{ id: 't', line, departS: -9_000 }], vehicles: ['bus'] });
    const reports = drive([0, 0], [{ to: [3_000, 0], kmh: 36 }], { startS: -9_000 - 1_800 });
    expect(judgeAll(early, reports).findings.filter((f) => f.rule === 'outside_permitted_time')).toEqual([]);
  });
});
