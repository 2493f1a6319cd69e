import { Type } from 'typebox';
import { type ApiParts, type App, planInForce, userWithShareIn } from '../app-types.ts';
import { POLICY, vehicleAccess } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';

/** What is printed and put up in a bus: by its door to sign on with, at its rear seat to prove the walk-through. */
export function busCodeRoutes(app: App, { store, facts, codes, now }: ApiParts): void {
  app.get(
    '/vehicles/:id/codes',
    {
      schema: {
        tags: ['vehicles'],
        summary:
          'The codes to put up in a bus. For its office alone: whoever rides reads them there. Audited',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        response: {
          200: Type.Object({ vehicle: Type.String(), door: Type.String(), rear: Type.String() }),
          ...refusals(401, 403, 404, 409),
        },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'vehicles');
      if (!POLICY[user.role].may.includes('dispatch')) throw new ProblemError('forbidden');
      const plan = planInForce(facts());
      const vehicle = request.params.id;
      const seen = vehicleAccess(user, plan, vehicle, now(), null);
      if (!seen || !plan.plan.vehicles.has(vehicle)) throw new ProblemError('not-found');
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'bus-codes-read',
        subject: vehicle,
        detail: {},
        remote: request.ip,
      });
      return { vehicle, door: codes.of(vehicle, 'door'), rear: codes.of(vehicle, 'rear') };
    },
  );
}
