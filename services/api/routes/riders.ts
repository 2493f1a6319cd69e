import { Type } from 'typebox';
import { type ApiParts, type App, planInForce, userWithShareIn } from '../app-types.ts';
import type { RiderView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { maySeeRider, POLICY } from '../policy/policy.ts';
import type { Rider } from '../policy/riders.ts';
import { refusals } from '../schemas/basics.ts';
import { Rider as RiderSchema } from '../schemas/registers.ts';

/** Pupils. Every look is written to the audit log before it is answered; without the log there is no answer. */
export function riderRoutes(app: App, { store, facts, now }: ApiParts): void {
  app.get(
    '/riders',
    {
      schema: {
        tags: ['riders'],
        summary: 'Pupils: a school its own, a guardian their children. Every look is audited',
        querystring: Type.Object({
          school: Type.Optional(Type.String({ maxLength: 200 })),
          trip: Type.Optional(Type.String({ maxLength: 300 })),
        }),
        response: { 200: Type.Object({ items: Type.Array(RiderSchema) }), ...refusals(401, 403, 409) },
      },
    },
    async (request): Promise<{ items: RiderView[] }> => {
      const user = userWithShareIn(request, 'riders');
      const plan = planInForce(facts());
      const { school, trip } = request.query;
      const items = [...plan.ridersById.values()]
        .map((rows) => rows.filter((row) => maySeeRider(user, plan, row.id, row.schoolId)))
        .map((rows) => rows.filter((row) => school === undefined || row.schoolId === school))
        .filter((rows) => rows.length > 0 && (trip === undefined || rows.some((row) => row.tripId === trip)))
        .map((rows) => riderView(plan, rows, POLICY[user.role].guardianPhones));
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'riders-read',
        subject: school ?? trip ?? 'all in reach',
        detail: { riders: items.map((rider) => rider.id) },
        remote: request.ip,
      });
      return { items };
    },
  );
}

function riderView(plan: PlanFacts, rows: readonly Rider[], withPhones: boolean): RiderView {
  const first = rows[0]!;
  return {
    id: first.id,
    school: first.schoolId,
    name: first.name,
    grade: first.grade,
    runs: rows.map((row) => ({
      trip: row.tripId,
      stop: row.stopId,
      stopName: plan.plan.stops.get(row.stopId)?.name ?? null,
    })),
    ...(withPhones ? { guardianPhones: [...new Set(rows.flatMap((row) => row.guardianPhones))] } : {}),
  };
}
