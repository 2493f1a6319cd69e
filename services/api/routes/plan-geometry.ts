import { createHash } from 'node:crypto';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userOf } from '../app-types.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { refusals } from '../schemas/basics.ts';
import { Geometry } from '../schemas/registers.ts';
import { planGeometry } from '../views/plan-geometry.ts';

/** Documents kept ready: one for each way of seeing the plan, which are few; families beyond it are made again. */
const MAX_KEPT = 64;

export function planGeometryRoutes(app: App, { facts, now }: ApiParts): void {
  const kept = new Map<string, string>();
  app.get(
    '/plan/geometry',
    {
      schema: {
        tags: ['plan'],
        summary: 'What the map draws besides buses, as far as the login may see it; GeoJSON',
        response: { 200: Geometry, 304: { description: 'As before', type: 'null' }, ...refusals(401, 409) },
      },
    },
    async (request, reply) => {
      const user = userOf(request);
      const plan = planInForce(facts());
      const etag = etagOf(user, plan, now());
      reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'cookie');
      // Compression makes the tag weak on its way; it is the same document.
      if (request.headers['if-none-match']?.replace(/^W\//, '') === etag) return reply.code(304).send(null);
      let text = kept.get(etag);
      if (text === undefined) {
        text = JSON.stringify(planGeometry(user, plan, now()));
        kept.set(etag, text);
        const oldest = kept.keys().next().value;
        if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      }
      return reply
        .type('application/json; charset=utf-8')
        .serializer(asIs)
        .send(text as never);
    },
  );
}

/** The plan's version and everything of the user that decides what is seen of it. */
function etagOf(user: User, plan: PlanFacts, now: number): string {
  const { role, district, providerId, schoolId, riderIds, personId } = user;
  const day = plan.dayAt(now).date;
  const sight = JSON.stringify([
    plan.plan.version,
    role,
    district,
    providerId,
    schoolId,
    riderIds,
    personId,
    day,
  ]);
  return `"${createHash('sha256').update(sight).digest('base64url').slice(0, 22)}"`;
}

const asIs = (text: unknown): string => String(text);
