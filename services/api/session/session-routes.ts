import { Type } from 'typebox';
import { SESSION_ENDED } from '../../bus/subjects.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, userOf } from '../app-types.ts';
import type { SessionView } from '../contract.ts';
import { amendable } from '../policy/amend-policy.ts';
import { hasShareIn, may, POLICY } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import type { SessionCookie } from './cookie.ts';
import { passwordCheck, TooManySignIns } from './passwords.ts';
import { signInLimit } from './sign-in-limit.ts';

/** Who am I, sign in, sign out. */
export function sessionRoutes(app: App, parts: ApiParts, cookie: SessionCookie): void {
  const { store, bus, sessions, now } = parts;
  const limit = signInLimit();
  const isRight = passwordCheck();

  const audit = (action: string, userId: string | null, subject: string, remote: string) =>
    store.audit.append({ at: now(), userId, action, subject, detail: {}, remote });

  const endSession = async (id: string): Promise<void> => {
    await sessions.end(id);
    bus.publish(SESSION_ENDED, { session: id });
  };

  app.get(
    '/session',
    {
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
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Ref('Session'), ...refusals(400, 401, 429) },
      },
    },
    async (request, reply) => {
      const { login, password } = request.body;
      const waitS = limit.waitS(request.ip, login, now());
      if (waitS > 0) {
        throw new ProblemError('too-many-requests', `Too many failed sign-ins from here; wait ${waitS} s.`, {
          headers: { 'retry-after': String(waitS) },
        });
      }
      const known = await store.users.byLogin(login);
      const right = await isRight(password, known?.passwordHash ?? null).catch((error) => {
        if (!(error instanceof TooManySignIns)) throw error;
        throw new ProblemError('too-many-requests', error.message, { headers: { 'retry-after': '2' } });
      });
      if (!known || !right || known.user.disabled) {
        limit.failed(request.ip, login, now());
        await audit('sign-in-failed', known?.user.id ?? null, 'session', request.ip);
        throw new ProblemError('wrong-login');
      }
      limit.succeeded(request.ip, login);
      if (request.session) await endSession(request.session.id);
      const { token, maxAgeS } = await sessions.start(known.user, now());
      await audit('sign-in', known.user.id, 'session', request.ip);
      cookie.set(reply, token, maxAgeS);
      return sessionView(known.user);
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

function sessionView(user: User): SessionView {
  const { id, login, displayName, role, district, providerId, schoolId, language } = user;
  return {
    user: { id, login, displayName, role, district, providerId, schoolId, language },
    can: {
      acknowledge: may(user, 'acknowledge'),
      resolve: may(user, 'resolve'),
      command: may(user, 'command'),
      configure: may(user, 'configure'),
      control: may(user, 'control'),
      seeSpeed: POLICY[role].speed,
      explain: may(user, 'explain'),
      seeMedia: hasShareIn(user, 'media'),
      hold: may(user, 'hold'),
      review: may(user, 'review'),
      evidence: may(user, 'evidence'),
      amend: amendable(user),
      whatIf: may(user, 'what_if'),
    },
  };
}
