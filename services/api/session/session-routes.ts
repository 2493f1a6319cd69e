import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SESSION_ENDED } from '../../bus/subjects.ts';
import { type ApiParts, type App, userOf } from '../app-types.ts';
import { refusals } from '../schemas/basics.ts';
import type { SessionCookie } from './cookie.ts';
import { sessionView } from './session-view.ts';
import { proofOf } from './sign-in.ts';

/** Who am I, sign in, sign out. */
export function sessionRoutes(app: App, parts: ApiParts, cookie: SessionCookie): void {
  const { store, bus, sessions, now } = parts;
  const proof = proofOf(parts);

  const audit = (action: string, userId: string | null, subject: string, remote: string) =>
    store.audit.append({ at: now(), userId, action, subject, detail: {}, remote });

  const endSession = async (id: string): Promise<void> => {
    await sessions.end(id);
    bus.publish(SESSION_ENDED, { session: id });
  };

  app.get(
    '/session',
    {
      config: { beforePasswordChange: true },
      schema: {
        tags: ['session'],
        summary: 'The login of this session',
        response: { 200: Type.Ref('Session'), ...refusals(401) },
      },
    },
    async (request) => sessionView(userOf(request)),
  );

  app.post(
    '/session',
    {
      config: { open: true },
      schema: {
        tags: ['session'],
        summary: 'Sign in; the answer sets the session cookie',
        body: Type.Object(
          {
            login: Type.String({ minLength: 1, maxLength: 200 }),
            password: Type.String({ minLength: 1, maxLength: 1000 }),
            code: Type.Optional(
              Type.String({
                maxLength: 40,
                description: 'Of the second factor, or for recovery, where the account has one',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Ref('Session'), ...refusals(400, 401, 429) },
      },
    },
    async (request, reply) => {
      const { login, password, code } = request.body;
      const user = await proof.signIn(request, login, password, code);
      if (request.session) await endSession(request.session.id);
      const { token, maxAgeS } = await sessions.start(user, now(), startedFrom(request));
      await store.accounts.signedIn(user.id, now());
      await audit('sign-in', user.id, 'session', request.ip);
      cookie.set(reply, token, maxAgeS);
      return sessionView(user);
    },
  );

  app.delete(
    '/session',
    {
      config: { open: true },
      schema: {
        tags: ['session'],
        summary: 'Sign out; closes what this session has open',
        response: { 204: Type.Null(), ...refusals(403) },
      },
    },
    async (request, reply) => {
      if (request.session) {
        await endSession(request.session.id);
        await audit('sign-out', request.session.user.id, 'session', request.ip);
      }
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );
}

const MAX_AGENT_CHARACTERS = 200;

/** Where a session is begun, for its person to recognise among the others. */
export const startedFrom = (request: FastifyRequest): { remote: string; agent: string } => ({
  remote: request.ip,
  agent: (request.headers['user-agent'] ?? '').slice(0, MAX_AGENT_CHARACTERS),
});
