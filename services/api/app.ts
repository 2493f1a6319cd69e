import compress from '@fastify/compress';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Registry } from '@platformatic/prom-client';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { Logger } from 'pino';
import { streamRoute } from '../live/stream.ts';
import type { ApiParts, App } from './app-types.ts';
import { healthRoutes } from './health.ts';
import { servePages } from './pages.ts';
import { answerProblems, asProblem, sendProblem } from './problems.ts';
import { accountRoutes } from './routes/account.ts';
import { alertDeskRoutes } from './routes/alert-desk.ts';
import { alertRoutes } from './routes/alerts.ts';
import { amendmentRoutes } from './routes/amendments.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { boardingRoutes } from './routes/boardings.ts';
import { busCodeRoutes } from './routes/bus-codes.ts';
import { deskShiftRoutes } from './routes/desk-shift.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { explainRoutes } from './routes/explain.ts';
import { familyNoticeRoutes } from './routes/family-notices.ts';
import { familyPrivacyRoutes } from './routes/family-privacy.ts';
import { familyRunRoutes } from './routes/family-runs.ts';
import { familySettingsRoutes } from './routes/family-settings.ts';
import { gtfsRealtimeRoutes } from './routes/gtfs-realtime.ts';
import { mapConfigRoutes } from './routes/map-config.ts';
import { mediaRoutes } from './routes/media.ts';
import { planChangeRoutes } from './routes/plan-changes.ts';
import { planFileRoutes } from './routes/plan-files.ts';
import { planGeometryRoutes } from './routes/plan-geometry.ts';
import { planRegisterRoutes } from './routes/plan-registers.ts';
import { registerRoutes } from './routes/registers.ts';
import { replayRoutes } from './routes/replay.ts';
import { reportRoutes } from './routes/reports.ts';
import { riderRoutes } from './routes/riders.ts';
import { supervisionRoutes } from './routes/supervision.ts';
import { commandRoutes } from './routes/terminal-commands.ts';
import { terminalParameterRoutes } from './routes/terminal-parameters.ts';
import { terminalRoutes } from './routes/terminals.ts';
import { tripRoutes } from './routes/trips.ts';
import { userRoutes } from './routes/users.ts';
import { vehicleEventRoutes } from './routes/vehicle-events.ts';
import { vehicleRoutes } from './routes/vehicles.ts';
import { walkThroughPhotoRoutes } from './routes/walk-through-photos.ts';
import { whatIfRoutes } from './routes/what-if.ts';
import { SHARED } from './schemas/views.ts';
import { protectApi, protectPages } from './security.ts';
import type { SessionCookie } from './session/cookie.ts';
import { sessionRoutes } from './session/session-routes.ts';

export interface AppOptions extends ApiParts {
  readonly cookie: SessionCookie;
  readonly pagesDir: string;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly ready: () => Promise<string | null>;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Adds routes that need more than a request and an answer. */
  readonly more?: (app: App) => Promise<void>;
}

/** A request's body; the largest is a note on an alert. */
const MAX_BODY_BYTES = 64 * 1024;

/** The HTTP side as one fastify app, not yet listening; every part is registered by name, in this order. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { log, cookie, basemap, secureCookies, hub, trustedProxies } = options;
  const app: App = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // Who asks for what is in the audit log and the metrics; a line for each poll would drown the rest.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    trustProxy: trustedProxies ? [...trustedProxies] : false,
    forceCloseConnections: true,
    // Ids are checked by their schemas; a shorter limit here would answer in the framework's own words.
    routerOptions: { maxParamLength: 16_000 },
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, asProblem(error)),
    ajv: { customOptions: { removeAdditional: false, allErrors: true, discriminator: true } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // The schemas describe; views are made by hand, field by field, and checked against them by the compiler.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  answerProblems(app);
  for (const schema of SHARED) app.addSchema(schema);
  await protectPages(app, basemap, secureCookies);
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] });
  await describe(app, cookie);
  healthRoutes(app, { ...options, viewers: () => hub.viewerCount });
  await options.more?.(app);
  await app.register(
    async (scope: App) => {
      await protectApi(scope, options);
      sessionRoutes(scope, options, cookie);
      accountRoutes(scope, options, cookie);
      userRoutes(scope, options);
      apiKeyRoutes(scope, options);
      auditRoutes(scope, options);
      mapConfigRoutes(scope, options);
      vehicleRoutes(scope, options);
      vehicleEventRoutes(scope, options);
      alertRoutes(scope, options);
      alertDeskRoutes(scope, options);
      deskShiftRoutes(scope, options);
      evidenceRoutes(scope, options);
      replayRoutes(scope, options);
      tripRoutes(scope, options);
      boardingRoutes(scope, options);
      await walkThroughPhotoRoutes(scope, options);
      busCodeRoutes(scope, options);
      familyRunRoutes(scope, options);
      registerRoutes(scope, options);
      riderRoutes(scope, options);
      familySettingsRoutes(scope, options);
      familyPrivacyRoutes(scope, options);
      familyNoticeRoutes(scope, options);
      terminalRoutes(scope, options);
      mediaRoutes(scope, options);
      commandRoutes(scope, options);
      terminalParameterRoutes(scope, options);
      planGeometryRoutes(scope, options);
      amendmentRoutes(scope, options);
      planChangeRoutes(scope, options);
      planRegisterRoutes(scope, options);
      planFileRoutes(scope, options);
      whatIfRoutes(scope, options);
      reportRoutes(scope, options);
      supervisionRoutes(scope, options);
      explainRoutes(scope);
      gtfsRealtimeRoutes(scope, options);
      streamRoute(scope, options);
    },
    { prefix: '/api/v1' },
  );
  await servePages(app, options);
  return app;
}

async function describe(app: App, cookie: SessionCookie): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Busguard 护航',
        version: '1',
        description:
          'School buses: where they are, what their runs are, and what went wrong. Sign in with ' +
          '`POST /api/v1/session`; what a login may not see is answered as if it were not there. Live events: ' +
          'socket.io on `/socket.io` (`position`, `alert`, `command`), or a plain WebSocket on `/api/v1/stream` with one JSON ' +
          'object a message.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: cookie.name } } },
      security: [{ session: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `def-${i}`) },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, { routePrefix: '/api/docs' });
}
