import { Type } from 'typebox';
import { byPrediction } from '../../family/by-prediction.ts';
import { familyRuns } from '../../family/family-runs.ts';
import { type ApiParts, type App, planInForce, userWithShareIn } from '../app-types.ts';
import type { FamilyRunsView } from '../contract.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { FamilyRuns } from '../schemas/family-runs.ts';
import { localDay, noonOf } from '../time.ts';

const DAY_MS = 86_400_000;
/** Families see today, and excuse their children for the days of about two weeks. */
const DAYS_AHEAD = 14;

/** What a family follows: the runs of its own children. */
export function familyRunRoutes(app: App, { store, facts, hub, now }: ApiParts): void {
  const world = {
    boardings: store.boardings,
    newest: (vehicle: string) => hub.positions.get(vehicle),
    arrival: byPrediction((vehicle) => hub.predictions.get(vehicle)),
  };
  app.get(
    '/family/runs',
    {
      schema: {
        tags: ['family'],
        summary:
          'Runs of the children of this login on one day: their stop, the bus while it concerns them, their marks',
        querystring: Type.Object({
          date: Type.Optional(
            Type.String({
              pattern: '^\\d{4}-?\\d{2}-?\\d{2}$',
              description: 'Day, YYYYMMDD; today if left out',
            }),
          ),
        }),
        response: { 200: FamilyRuns, ...refusals(400, 401, 403, 409) },
      },
    },
    async (request): Promise<FamilyRunsView> => {
      const user = userWithShareIn(request, 'riders');
      if (user.role !== 'guardian') throw new ProblemError('forbidden', 'This is for guardians.');
      const plan = planInForce(facts());
      const { timeZone } = plan.plan;
      const { date } = request.query;
      const noon = date === undefined ? now() : noonOf(date.replaceAll('-', ''), timeZone);
      const today = localDay(now(), timeZone);
      if (noon === null || noon < today.from || noon > today.to + DAYS_AHEAD * DAY_MS)
        throw new ProblemError('bad-request', `a day from today to ${DAYS_AHEAD} days ahead`);
      return familyRuns(world, user, plan, noon, now());
    },
  );
}
