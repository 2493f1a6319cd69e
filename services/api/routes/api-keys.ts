import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { SESSION_ENDED } from '../../bus/subjects.ts';
import type { ApiKey } from '../../store/api-key-store.ts';
import { type ApiParts, type App, personOf, userWhoMay } from '../app-types.ts';
import type { ApiKeyView } from '../contract.ts';
import { accountFault } from '../policy/account-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, textOrNull, time, timeOrNull, words } from '../schemas/basics.ts';
import { newKey } from '../session/api-keys.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';

const KEY_ROLES = ['admin', 'police', 'transport', 'education', 'provider', 'school'] as const;
const DAY_MS = 86_400_000;
/** No key is for ever. */
const MAX_DAYS = 730;
const MAX_LISTED = 500;

const bound = () => Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));

const KeySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: words(KEY_ROLES),
  district: textOrNull(),
  providerId: textOrNull(),
  schoolId: textOrNull(),
  createdAt: time(),
  createdBy: Type.String(),
  expiresAt: time(),
  lastUsedAt: timeOrNull(),
  lastUsedFrom: textOrNull(),
  revokedAt: timeOrNull(),
});

/** Keys by which other systems ask, on REST and on the stream: `Authorization: Bearer <key>`. */
export function apiKeyRoutes(app: App, { store, bus, facts, now }: ApiParts): void {
  app.get(
    '/api-keys',
    {
      schema: {
        tags: ['users'],
        summary: 'Keys of other systems, newest first',
        response: { 200: Type.Object({ items: Type.Array(KeySchema) }), ...refusals(401, 403) },
      },
    },
    async (request): Promise<{ items: ApiKeyView[] }> => {
      personOf(request);
      userWhoMay(request, 'accounts');
      return { items: (await store.apiKeys.list(MAX_LISTED)).map(keyView) };
    },
  );

  app.post(
    '/api-keys',
    {
      schema: {
        tags: ['users'],
        summary: 'Make a key. It is told this once; only its hash is kept',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 100 }),
            role: words(KEY_ROLES),
            district: bound(),
            providerId: bound(),
            schoolId: bound(),
            days: Type.Integer({ minimum: 1, maximum: MAX_DAYS, description: 'How long it holds' }),
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({ item: KeySchema, key: Type.String() }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request, reply): Promise<{ item: ApiKeyView; key: string }> => {
      const user = personOf(request);
      userWhoMay(request, 'accounts');
      const { name, role, days, district = null, providerId = null, schoolId = null } = request.body;
      const scope = { role, district, providerId, schoolId };
      const fault = accountFault({ ...scope, riderIds: [], personId: null }, facts());
      if (fault !== null) throw new ProblemError('bad-request', fault);
      const { key, hash } = newKey();
      const made = {
        id: randomUUID(),
        name,
        ...scope,
        createdAt: now(),
        createdBy: user.login,
        expiresAt: now() + days * DAY_MS,
      };
      await store.apiKeys.create(made, hash);
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'api-key-created',
        subject: made.id,
        detail: { name, ...scope, days },
        remote: request.ip,
      });
      reply.code(201);
      return { item: keyView({ ...made, lastUsedAt: null, lastUsedFrom: null, revokedAt: null }), key };
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      schema: {
        tags: ['users'],
        summary: 'Revoke a key; its streams are closed',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 204: Type.Null(), ...refusals(401, 403, 404) },
      },
    },
    async (request, reply) => {
      const user = personOf(request);
      userWhoMay(request, 'accounts');
      const { id } = request.params;
      if (!(await store.apiKeys.revoke(id, now()))) throw new ProblemError('not-found');
      bus.publish(SESSION_ENDED, { session: `key:${id}` });
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'api-key-revoked',
        subject: id,
        detail: {},
        remote: request.ip,
      });
      return reply.code(204).send(null);
    },
  );
}

const keyView = ({ createdAt, expiresAt, lastUsedAt, revokedAt, ...key }: ApiKey): ApiKeyView => ({
  ...key,
  createdAt: isoTime(createdAt),
  expiresAt: isoTime(expiresAt),
  lastUsedAt: isoTimeOrNull(lastUsedAt),
  revokedAt: isoTimeOrNull(revokedAt),
});
