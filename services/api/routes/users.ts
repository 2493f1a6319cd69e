import { randomBytes, randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SESSION_ENDED } from '../../bus/subjects.ts';
import type { Account } from '../../store/account-store.ts';
import { LoginTaken, ROLES, type User } from '../../store/store.ts';
import { type ApiParts, type App, personOf, userWhoMay } from '../app-types.ts';
import type { UserView } from '../contract.ts';
import { accountFault } from '../policy/account-policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals, textOrNull, timeOrNull, words } from '../schemas/basics.ts';
import { isoTimeOrNull } from '../time.ts';

const Id = Type.Object({ id: Type.String({ maxLength: 100 }) });
const bound = () => Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 100 }));

const UserSchema = Type.Object({
  id: Type.String(),
  login: Type.String(),
  displayName: Type.String(),
  role: words(ROLES),
  district: textOrNull(),
  providerId: textOrNull(),
  schoolId: textOrNull(),
  riderIds: Type.Array(Type.String()),
  personId: textOrNull(),
  language: words(['zh', 'en']),
  disabled: Type.Boolean(),
  mustChangePassword: Type.Boolean(),
  passwordSetAt: timeOrNull(),
  lastSignInAt: timeOrNull(),
  secondFactor: Type.Boolean(),
  singleSignOn: Type.Boolean(),
});

const changeable = {
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  role: Type.Optional(words(ROLES)),
  district: bound(),
  providerId: bound(),
  schoolId: bound(),
  personId: bound(),
  riderIds: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 20 })),
  language: Type.Optional(words(['zh', 'en'] as const)),
};

/** Who may sign in: made, changed, disabled and helped by whoever may keep accounts. Each step is audited. */
export function userRoutes(app: App, { store, bus, facts, now }: ApiParts): void {
  const audit = (request: FastifyRequest, action: string, subject: string, detail: unknown) =>
    store.audit.append({
      at: now(),
      userId: personOf(request).id,
      action,
      subject,
      detail,
      remote: request.ip,
    });
  const keeper = (request: FastifyRequest): User => {
    personOf(request);
    return userWhoMay(request, 'accounts');
  };
  const refuse = (user: User): void => {
    const fault = accountFault(user, facts());
    if (fault !== null)
      throw new ProblemError('bad-request', fault, { errors: [{ path: 'body', reason: fault }] });
  };
  const endSessions = async (user: string): Promise<void> => {
    await store.sessions.destroyOfUser(user);
    bus.publish(SESSION_ENDED, { user });
  };

  app.get(
    '/users',
    {
      schema: {
        tags: ['users'],
        summary: 'Accounts, in order of login',
        querystring: Type.Object({
          search: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          role: Type.Optional(words(ROLES)),
          disabled: Type.Optional(Type.Boolean()),
          after: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of an earlier page' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        }),
        response: {
          200: Type.Object({ items: Type.Array(UserSchema), next: textOrNull() }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request): Promise<{ items: UserView[]; next: string | null }> => {
      keeper(request);
      const limit = request.query.limit ?? 50;
      const accounts = await store.accounts.list({ ...request.query, limit: limit + 1 });
      const items = accounts.slice(0, limit).map(userView);
      return { items, next: accounts.length > limit ? (items.at(-1)?.login ?? null) : null };
    },
  );

  app.get(
    '/users/:id',
    {
      schema: {
        tags: ['users'],
        summary: 'One account',
        params: Id,
        response: { 200: UserSchema, ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<UserView> => {
      keeper(request);
      return userView(found(await store.accounts.get(request.params.id)));
    },
  );

  app.post(
    '/users',
    {
      schema: {
        tags: ['users'],
        summary: 'Make an account. The password is told this once and has to be changed at the first sign-in',
        body: Type.Object(
          {
            ...changeable,
            login: Type.String({ pattern: '^\\S{2,64}$' }),
            role: words(ROLES),
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({ user: UserSchema, password: Type.String() }),
          ...refusals(400, 401, 403, 409),
        },
      },
    },
    async (request, reply): Promise<{ user: UserView; password: string }> => {
      keeper(request);
      const { body } = request;
      const user: User = {
        id: randomUUID(),
        displayName: body.login,
        district: null,
        providerId: null,
        schoolId: null,
        personId: null,
        riderIds: [],
        language: 'zh',
        disabled: false,
        ...body,
        mustChangePassword: true,
      };
      refuse(user);
      const password = firstPassword();
      try {
        await store.users.create(user, await hash(password));
      } catch (error) {
        if (!(error instanceof LoginTaken)) throw error;
        throw new ProblemError('login-taken');
      }
      await audit(request, 'user-created', user.id, { login: user.login, ...scopeOf(user) });
      reply.code(201);
      return { user: userView(found(await store.accounts.get(user.id))), password };
    },
  );

  app.patch(
    '/users/:id',
    {
      schema: {
        tags: ['users'],
        summary: 'Change what an account may see and do, or disable it; takes effect at once',
        params: Id,
        body: Type.Object(
          { ...changeable, disabled: Type.Optional(Type.Boolean()) },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: UserSchema, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request): Promise<UserView> => {
      const by = keeper(request);
      const { user } = found(await store.accounts.get(request.params.id));
      const changed: User = { ...user, ...request.body };
      // Nobody shuts the door behind themselves: there is always one who keeps accounts.
      if (user.id === by.id && (changed.disabled || changed.role !== user.role))
        throw new ProblemError('conflict', 'Nobody disables or demotes their own account.');
      refuse(changed);
      await store.accounts.change(user.id, changed);
      await audit(request, 'user-changed', user.id, { from: scopeOf(user), to: scopeOf(changed) });
      if (changed.disabled) await endSessions(user.id);
      return userView(found(await store.accounts.get(user.id)));
    },
  );

  app.post(
    '/users/:id/reset-password',
    {
      schema: {
        tags: ['users'],
        summary:
          'A new first password, told this once; ends the sessions, and the second factor if asked for',
        params: Id,
        body: Type.Optional(
          Type.Object({ secondFactor: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        ),
        response: { 200: Type.Object({ password: Type.String() }), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      keeper(request);
      const { user } = found(await store.accounts.get(request.params.id));
      const password = firstPassword();
      await store.accounts.setPassword(user.id, await hash(password), now(), true);
      const secondFactor = request.body?.secondFactor ?? false;
      if (secondFactor) await store.accounts.setTotp(user.id, null);
      await endSessions(user.id);
      await audit(request, 'password-reset', user.id, { secondFactor });
      return { password };
    },
  );

  app.post(
    '/users/:id/sign-out',
    {
      schema: {
        tags: ['users'],
        summary: 'End every session of an account',
        params: Id,
        response: { 204: Type.Null(), ...refusals(401, 403, 404) },
      },
    },
    async (request, reply) => {
      keeper(request);
      const { user } = found(await store.accounts.get(request.params.id));
      await endSessions(user.id);
      await audit(request, 'signed-out-by-other', user.id, {});
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/tenants',
    {
      schema: {
        tags: ['users'],
        summary: 'Districts, carriers and schools of the plan, to which accounts are bound',
        response: {
          200: Type.Object({
            districts: Type.Array(Type.String()),
            providers: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
            schools: Type.Array(
              Type.Object({ id: Type.String(), name: Type.String(), district: textOrNull() }),
            ),
          }),
          ...refusals(401, 403),
        },
      },
    },
    async (request) => {
      keeper(request);
      const plan = facts()?.plan;
      const districts = new Set<string>();
      const providers = new Set<string>();
      for (const { district, operatorId } of plan?.vehicles.values() ?? []) {
        if (district) districts.add(district);
        if (operatorId) providers.add(operatorId);
      }
      const schools = [...(plan?.schools.values() ?? [])].map(({ id, name, district }) => {
        if (district) districts.add(district);
        return { id, name, district: district ?? null };
      });
      return {
        districts: [...districts].sort(),
        providers: [...providers].sort().map((id) => ({ id, name: plan?.agencies.get(id)?.name ?? id })),
        schools,
      };
    },
  );
}

/** 120 random bits, as people can read them out. */
const firstPassword = (): string => (randomBytes(15).toString('hex').match(/.{6}/g) ?? []).join('-');

const scopeOf = ({ role, district, providerId, schoolId, riderIds, personId, disabled }: User) => ({
  role,
  district,
  providerId,
  schoolId,
  riders: riderIds,
  personId,
  disabled,
});

function userView({ user, passwordSetAt, lastSignInAt, hasTotp, isExternal }: Account): UserView {
  return {
    ...user,
    riderIds: [...user.riderIds],
    mustChangePassword: user.mustChangePassword ?? false,
    passwordSetAt: isoTimeOrNull(passwordSetAt),
    lastSignInAt: isoTimeOrNull(lastSignInAt),
    secondFactor: hasTotp,
    singleSignOn: isExternal,
  };
}
