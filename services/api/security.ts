import cookiePlugin from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { Store } from '../store/store.ts';
import { asViewer } from '../store/tenancy/viewer-scope.ts';
import type { App } from './app-types.ts';
import type { CurrentFacts } from './policy/current-facts.ts';
import { tenantsOf } from './policy/policy.ts';
import { ProblemError } from './problems.ts';
import { bearerOf, sessionOfKey } from './session/api-keys.ts';
import type { SessionCookie } from './session/cookie.ts';
import { isSameSite } from './session/same-site.ts';
import type { Sessions } from './session/sessions.ts';

/** Requests a minute from one session, or from one address without a session. */
const MAX_REQUESTS_A_MINUTE = 1_200;

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Headers for every answer: the pages may run our scripts, MapLibre's worker, and the configured base map. */
export async function protectPages(app: App, basemap: string | undefined, secure: boolean): Promise<void> {
  const origins = basemap !== undefined && /^https?:/.test(basemap) ? [new URL(basemap).origin] : [];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        // Component kits write style elements of their own.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...origins],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...origins],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'same-origin' },
  });
}

/**
 * Who is asking, for every route of the scope: no route is open unless it says so, nothing is changed by another
 * site's page, and nobody asks without end.
 */
export async function protectApi(
  app: App,
  parts: { store: Store; sessions: Sessions; cookie: SessionCookie; facts: CurrentFacts; now: () => number },
): Promise<void> {
  const { store, sessions, cookie, facts, now } = parts;
  await app.register(cookiePlugin);
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request) => {
    if (CHANGES.has(request.method) && !isSameSite(request.headers)) throw new ProblemError('cross-site');
    const { open, beforePasswordChange } = request.routeOptions.config;
    const key = bearerOf(request.headers.authorization);
    // A key that is wrong is not made up for by a cookie that comes with it.
    request.session = await (key === undefined
      ? sessions.find(cookie.read(request.headers.cookie), now())
      : sessionOfKey(store, key, now(), request.ip));
    if (!request.session && open !== true) throw new ProblemError('sign-in-required');
    if (request.session?.user.mustChangePassword && open !== true && beforePasswordChange !== true)
      throw new ProblemError('password-change-required');
  });
  await app.register(rateLimit, {
    max: MAX_REQUESTS_A_MINUTE,
    timeWindow: 60_000,
    cache: 20_000,
    hook: 'preValidation',
    keyGenerator: (request) => request.session?.id ?? request.ip,
    errorResponseBuilder: (_request, context) =>
      new ProblemError('too-many-requests', undefined, {
        headers: { 'retry-after': String(Math.ceil(context.ttl / 1000)) },
      }),
  });
  // The last thing before the handler, so that all that it asks of the store is asked as this viewer.
  app.addHook('preHandler', (request, _reply, done) => {
    const { session } = request;
    asViewer(session ? tenantsOf(session.user, facts(), now()) : [], done);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}
