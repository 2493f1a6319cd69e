import { nothingLearned } from '../../../geo/eta/learned.ts';
import { type ReplayedEta, replayPredictions } from '../../../geo/eta/replay-predictions.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { drive, type Leg } from '../judge/drive.ts';
import { type Metres, smallPlan } from '../judge/small-plan.ts';

const LINE: readonly Metres[] = [
  [0, 0],
  [6_000, 0],
];
/** One run along a straight line, five stops. */
export const plan: Plan = smallPlan({
  trips: [{ id: 't', line: LINE, stops: [0, 1_500, 3_000, 4_500, 6_000] }],
});

/** The bus stands at every stop and drives at `kmh` between them. */
export function run(kmh: number, everyS = 10, standS = 15): Report[] {
  const legs: Leg[] = [{ standS }];
  for (const m of [1_500, 3_000, 4_500, 6_000]) legs.push({ to: [m, 0], kmh }, { standS });
  return drive([0, 0], legs, { everyS });
}

export function replayed(
  reports: readonly Report[],
  learned = nothingLearned(),
  learn = true,
): ReplayedEta[] {
  return [...replayPredictions(plan, reports, learned, { learn })];
}
