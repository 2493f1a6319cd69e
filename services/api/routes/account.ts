import { hash } from '@node-rs/argon2';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SESSION_ENDED } from '../../bus/subjects.ts';
import { sessionHash } from '../../store/session-store.ts';
import { type ApiParts, type App, personOf } from '../app-types.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals, textOrNull, time, timeOrNull } from '../schemas/basics.ts';
import type { SessionCookie } from '../session/cookie.ts';
import { passwordFault } from '../session/password-policy.ts';
import { keyUri, newSecret, recoveryCodes, stepOf } from '../session/second-factor.ts';
import { isSessionData } from '../session/sessions.ts';
import { proofOf } from '../session/sign-in.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';

const Password = Type.String({ minLength: 1, maxLength: 1000 });
const Code = Type.String({ minLength: 1, maxLength: 40 });

/** A person's own account: password, second factor, and where they are signed in. */
export function accountRoutes(app: App, parts: ApiParts, cookie: SessionCookie): void {
  const { store, bus, sessions, now } = parts;
  const proof = proofOf(parts);
  const audit = (request: FastifyRequest, userId: string, action: string) =>
    store.audit.append({ at: now(), userId, action, subject: userId, detail: {}, remote: request.ip });

  /** All sessions but, where it is named, one. */
  const endSessions = async (userId: string, but: string | null): Promise<number> => {
    const all = await store.sessions.ofUser(userId, now());
    const others = all.filter((session) => but === null || session.hash !== sessionHash(but));
    for (const { hash } of others) {
      await store.sessions.destroyByHash(userId, hash);
      bus.publish(SESSION_ENDED, { hash });
    }
    return others.length;
  };

  app.get(
    '/account',
    {
      config: { beforePasswordChange: true },
      schema: {
        tags: ['account'],
        summary: 'How the account of this session is secured',
        response: {
          200: Type.Object({
            login: Type.String(),
            displayName: Type.String(),
            passwordSetAt: timeOrNull(),
            mustChangePassword: Type.Boolean(),
            secondFactor: Type.Boolean(),
            recoveryCodesLeft: Type.Integer(),
            singleSignOn: Type.Boolean(),
          }),
          ...refusals(401, 403),
        },
      },
    },
    async (request) => {
      const { user, ...account } = found(await store.accounts.get(personOf(request).id));
      return {
        login: user.login,
        displayName: user.displayName,
        passwordSetAt: isoTimeOrNull(account.passwordSetAt),
        mustChangePassword: user.mustChangePassword ?? false,
        secondFactor: account.hasTotp,
        recoveryCodesLeft: account.recoveryCodesLeft,
        singleSignOn: account.isExternal,
      };
    },
  );

  app.post(
    '/account/password',
    {
      config: { beforePasswordChange: true },
      schema: {
        tags: ['account'],
        summary: 'Change the password; ends every other session of the account',
        body: Type.Object({ current: Password, next: Password }, { additionalProperties: false }),
        response: { 204: Type.Null(), ...refusals(400, 401, 403, 409, 429) },
      },
    },
    async (request, reply) => {
      const user = personOf(request);
      const { current, next } = request.body;
      await proof.password(request, user, current);
      const fault = current === next ? 'unchanged' : passwordFault(next, user.login);
      if (fault) throw new ProblemError('weak-password', fault);
      await store.accounts.setPassword(user.id, await hash(next), now(), false);
      await endSessions(user.id, request.session?.id ?? null);
      await audit(request, user.id, 'password-changed');
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/account/second-factor',
    {
      schema: {
        tags: ['account'],
        summary: 'Begin a second factor: a secret for an authenticator app, of no effect until confirmed',
        body: Type.Object({ password: Password }, { additionalProperties: false }),
        response: {
          200: Type.Object({ secret: Type.String(), uri: Type.String() }),
          ...refusals(400, 401, 403, 409, 429),
        },
      },
    },
    async (request) => {
      const user = personOf(request);
      await proof.password(request, user, request.body.password);
      if ((await store.accounts.totp(user.id))?.confirmed)
        throw new ProblemError('conflict', 'There is a second factor already; remove it first.');
      const secret = newSecret();
      await store.accounts.setTotp(user.id, secret);
      return { secret, uri: keyUri(secret, user.login) };
    },
  );

  app.post(
    '/account/second-factor/confirm',
    {
      schema: {
        tags: ['account'],
        summary: 'Put the second factor in use with its first code; the recovery codes are shown this once',
        body: Type.Object({ code: Code }, { additionalProperties: false }),
        response: {
          200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }),
          ...refusals(400, 401, 403, 409),
        },
      },
    },
    async (request) => {
      const user = personOf(request);
      const totp = await store.accounts.totp(user.id);
      if (!totp || totp.confirmed) throw new ProblemError('conflict', 'No second factor was begun.');
      const step = stepOf(totp.secret, request.body.code, now());
      // 409 and not 401: the session holds, the code does not.
      if (step === null || !(await store.accounts.takeTotpStep(user.id, step)))
        throw new ProblemError('conflict', 'The code is wrong; is the clock of the phone right?');
      const codes = recoveryCodes();
      await store.accounts.confirmTotp(user.id, codes);
      await endSessions(user.id, request.session?.id ?? null);
      await audit(request, user.id, 'second-factor-added');
      return { recoveryCodes: codes };
    },
  );

  app.post(
    '/account/second-factor/remove',
    {
      schema: {
        tags: ['account'],
        summary: 'Do without the second factor again',
        body: Type.Object({ password: Password }, { additionalProperties: false }),
        response: { 204: Type.Null(), ...refusals(400, 401, 403, 409, 429) },
      },
    },
    async (request, reply) => {
      const user = personOf(request);
      await proof.password(request, user, request.body.password);
      await store.accounts.setTotp(user.id, null);
      await audit(request, user.id, 'second-factor-removed');
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/account/sessions',
    {
      schema: {
        tags: ['account'],
        summary: 'Where the account is signed in',
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                id: Type.String(),
                current: Type.Boolean(),
                startedAt: time(),
                expiresAt: time(),
                remote: textOrNull(),
                agent: textOrNull(),
              }),
            ),
          }),
          ...refusals(401, 403),
        },
      },
    },
    async (request) => {
      const user = personOf(request);
      const own = request.session ? sessionHash(request.session.id) : '';
      const items = (await store.sessions.ofUser(user.id, now())).flatMap(({ hash, data, expiresAt }) =>
        isSessionData(data)
          ? [
              {
                id: hash,
                current: hash === own,
                startedAt: isoTime(data.createdAt),
                expiresAt: isoTime(expiresAt),
                remote: data.remote ?? null,
                agent: data.agent ?? null,
              },
            ]
          : [],
      );
      return { items };
    },
  );

  app.delete(
    '/account/sessions/:id',
    {
      schema: {
        tags: ['account'],
        summary: 'Sign out one session of the account',
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
        response: { 204: Type.Null(), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const user = personOf(request);
      const { id } = request.params;
      if (!(await store.sessions.destroyByHash(user.id, id))) throw new ProblemError('not-found');
      bus.publish(SESSION_ENDED, { hash: id });
      await audit(request, user.id, 'session-ended');
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/account/sessions',
    {
      schema: {
        tags: ['account'],
        summary: 'Sign out everywhere, here too',
        response: { 204: Type.Null(), ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      const user = personOf(request);
      await endSessions(user.id, null);
      if (request.session) await sessions.end(request.session.id);
      await audit(request, user.id, 'signed-out-everywhere');
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );
}
