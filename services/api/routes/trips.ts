import { Type } from 'typebox';
import type { Run } from '../../../geo/plan/plan.ts';
import { type ApiParts, type App, planInForce, userWithShareIn } from '../app-types.ts';
import { maySeeRun } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { noonOf } from '../time.ts';
import { runEta } from '../views/eta-view.ts';
import { runView } from '../views/run-view.ts';

const DATE = Type.Optional(
  Type.String({
    pattern: '^\\d{4}-?\\d{2}-?\\d{2}$',
    description: 'Service day, YYYYMMDD; today if left out',
  }),
);

/** Planned runs of a day, with where those of today stand. */
export function tripRoutes(app: App, { facts, hub, now }: ApiParts): void {
  const newest = (run: Run) => hub.positions.get(run.vehicleId ?? '');
  const noon = (date: string | undefined, timeZone: string): number => {
    if (date === undefined) return now();
    const time = noonOf(date.replaceAll('-', ''), timeZone);
    if (time === null) throw new ProblemError('bad-request', `there is no day "${date}"`);
    return time;
  };

  app.get(
    '/trips',
    {
      schema: {
        tags: ['trips'],
        summary: 'Planned runs of a day, in order of start',
        querystring: Type.Object({
          date: DATE,
          route: Type.Optional(Type.String({ maxLength: 200 })),
          vehicle: Type.Optional(Type.String({ maxLength: 200 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'The `next` of an earlier page' })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Ref('Run')),
            next: Type.Union([Type.Integer(), Type.Null()]),
          }),
          ...refusals(400, 401, 409),
        },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'runs');
      const plan = planInForce(facts());
      const { date, route, vehicle, limit = 200, after = 0 } = request.query;
      const time = noon(date, plan.plan.timeZone);
      const runs = plan
        .dayAt(time)
        .runs.filter((run) => route === undefined || run.trip.routeId === route)
        .filter((run) => vehicle === undefined || run.vehicleId === vehicle)
        .filter((run) => maySeeRun(user, plan, run, time));
      const items = runs
        .slice(after, after + limit)
        .map((run) => runView(user, plan, run, newest(run), now(), runEta(user, plan, hub, run, now())));
      return { items, next: after + limit < runs.length ? after + limit : null };
    },
  );

  app.get(
    '/trips/:id',
    {
      schema: {
        tags: ['trips'],
        summary: 'One planned run of a day',
        params: Type.Object({ id: Type.String({ maxLength: 300 }) }),
        querystring: Type.Object({ date: DATE }),
        response: { 200: Type.Ref('Run'), ...refusals(400, 401, 404, 409) },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'runs');
      const plan = planInForce(facts());
      const time = noon(request.query.date, plan.plan.timeZone);
      const day = plan.dayAt(time);
      const runs = (day.runsByTrip.get(request.params.id) ?? []).filter((run) =>
        maySeeRun(user, plan, run, time),
      );
      const run = runs.find(({ start, end }) => start < day.to && end >= day.from);
      if (!run) throw new ProblemError('not-found', 'it does not run on this day, or you may not see it');
      return runView(user, plan, run, newest(run), now(), runEta(user, plan, hub, run, now()));
    },
  );
}
