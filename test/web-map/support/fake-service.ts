import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Server } from 'socket.io';
import type { AlertView, MapConfig, SessionView } from '../../../services/api/contract.ts';
import { fakeGeometry } from './fake-district.ts';
import {
  type FakeBus,
  fakeAlert,
  fakeBuses,
  fakeFleetVehicle,
  fakeMorning,
  fakePosition,
  fakeTrack,
  fakeVehicle,
} from './fake-fleet.ts';

const COOKIE = 'sid';

export interface FakeOptions {
  pages: string;
  port?: number;
  buses?: number;
  everyMs?: number;
  empty?: boolean;
  can?: Partial<SessionView['can']>;
}

export interface FakeService {
  readonly url: string;
  readonly buses: readonly FakeBus[];
  raise(bus: FakeBus, change?: Partial<AlertView>): AlertView;
  /** Takes the service off the network and puts it back on the same port. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Forgets every session, as at their end. */
  expireSessions(): void;
  close(): Promise<void>;
}

/** Speaks the service's public surface, as the pages use it, over buses that drive in a circle. */
export async function startFakeService(options: FakeOptions): Promise<FakeService> {
  const port = options.port ?? (await freePort());
  const buses = options.empty ? [] : fakeBuses(options.buses ?? 36);
  const alerts = new Map<string, AlertView>();
  if (buses.length > 0) for (const alert of fakeMorning(buses, Date.now())) alerts.set(alert.id, alert);
  const sessions = new Set<string>();
  let running: { app: FastifyInstance; io: Server; timer: NodeJS.Timeout } | null = null;

  async function start(): Promise<void> {
    const app = fastify({ forceCloseConnections: true });
    const io = new Server(app.server, { path: '/socket.io', serveClient: false });
    io.use((socket, next) => {
      const id = cookieOf(socket.request.headers.cookie);
      next(id !== null && sessions.has(id) ? undefined : new Error('unauthorized'));
    });
    await app.register(fastifyStatic, { root: options.pages });
    // As the service does: any address that is no file is the page, which finds its own way.
    app.setNotFoundHandler((request, reply) => {
      const isPage = request.method === 'GET' && !/^\/api\/|\.\w+(\?|$)/.test(request.url);
      return isPage ? reply.sendFile('index.html') : reply.code(404).send();
    });
    routes(app, io);
    await app.listen({ port, host: '127.0.0.1' });
    const timer = setInterval(() => {
      const now = Date.now();
      const heard = buses.filter((bus) => bus.kind !== 'silent').map((bus) => fakePosition(bus, now));
      io.emit('positions', heard, 1);
    }, options.everyMs ?? 2_000);
    running = { app, io, timer };
  }

  function routes(app: FastifyInstance, io: Server): void {
    const user: SessionView = {
      user: {
        id: 'U1',
        login: 'admin',
        displayName: '值班员',
        role: 'admin',
        district: null,
        providerId: null,
        schoolId: null,
        language: 'zh',
      },
      mustChangePassword: false,
      can: {
        accounts: true,
        audit: true,
        acknowledge: true,
        resolve: true,
        command: true,
        configure: true,
        control: true,
        seeSpeed: true,
        explain: true,
        seeMedia: true,
        hold: true,
        review: true,
        evidence: true,
        amend: ['rule-settings', 'orders', 'detours', 'excuses', 'school-calendar', 'dispatch'],
        whatIf: true,
        ...options.can,
      },
    };
    app.addHook('preHandler', async (request, reply) => {
      const path = request.url.split('?')[0]!;
      if (!path.startsWith('/api/v1/') || path === '/api/v1/map-config') return;
      if (path === '/api/v1/session' && request.method !== 'GET') return;
      const id = cookieOf(request.headers.cookie);
      if (id === null || !sessions.has(id)) await refuse(reply, 401, 'Sign in first.');
    });
    app.get('/api/v1/media', async () => ({ items: [], next: null }));
    app.get(
      '/api/v1/map-config',
      async (): Promise<MapConfig> => ({
        basemap: { kind: 'offline' },
        bounds: options.empty ? null : [119.88, 31.74, 120.05, 31.83],
      }),
    );
    app.get('/api/v1/session', async () => user);
    app.post(
      '/api/v1/session',
      async (request: FastifyRequest<{ Body: { login: string; password: string } }>, reply) => {
        if (request.body.password !== 'right') return refuse(reply, 401, 'Wrong.');
        const id = randomUUID();
        sessions.add(id);
        reply.header('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`);
        return user;
      },
    );
    app.delete('/api/v1/session', async (request, reply) => {
      sessions.delete(cookieOf(request.headers.cookie) ?? '');
      return reply.code(204).send();
    });
    app.get('/api/v1/plan/geometry', async () => {
      const nothing = { type: 'FeatureCollection', features: [] };
      if (!options.empty) return fakeGeometry();
      return {
        version: 'none',
        routes: nothing,
        stops: nothing,
        schools: nothing,
        fences: nothing,
        base: nothing,
      };
    });
    app.get('/api/v1/positions/latest', async () => ({
      items: buses.map((bus) => fakePosition(bus, Date.now())),
      at: new Date().toISOString(),
    }));
    app.get('/api/v1/fleet', async () => ({
      items: buses.map((bus) => fakeFleetVehicle(bus, Date.now())),
      next: null,
    }));
    app.get('/api/v1/vehicles', async () => ({ items: buses.map((bus) => fakeVehicle(bus, Date.now())) }));
    app.get('/api/v1/vehicles/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const bus = buses.find((each) => each.id === request.params.id);
      return bus ? fakeVehicle(bus, Date.now()) : refuse(reply, 404, 'No such bus.');
    });
    app.get(
      '/api/v1/vehicles/:id/positions',
      async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
        const bus = buses.find((each) => each.id === request.params.id);
        return bus
          ? { items: fakeTrack(bus, Date.now()), truncated: false }
          : refuse(reply, 404, 'No such bus.');
      },
    );
    app.get('/api/v1/alerts', async (request: FastifyRequest<{ Querystring: { vehicle?: string } }>) => {
      const { vehicle } = request.query;
      const items = [...alerts.values()].filter(
        (alert) => vehicle === undefined || alert.vehicle === vehicle,
      );
      return { items: items.sort((a, b) => Date.parse(b.start) - Date.parse(a.start)), next: null };
    });
    for (const action of ['acknowledge', 'resolve'] as const) {
      app.post(
        `/api/v1/alerts/:id/${action}`,
        async (
          request: FastifyRequest<{ Params: { id: string }; Body: { resolution?: string; note?: string } }>,
          reply,
        ) => {
          const alert = alerts.get(request.params.id);
          if (!alert) return refuse(reply, 404, 'No such alert.');
          const at = new Date().toISOString();
          const handled: AlertView =
            action === 'acknowledge'
              ? { ...alert, state: 'acknowledged', acknowledgedAt: at, acknowledgedBy: user.user.displayName }
              : {
                  ...alert,
                  state: 'resolved',
                  resolvedAt: at,
                  resolvedBy: user.user.displayName,
                  resolution: request.body.resolution ?? null,
                  note: request.body.note ?? null,
                };
          alerts.set(alert.id, handled);
          io.emit('alert', handled);
          return handled;
        },
      );
    }
  }

  async function stop(): Promise<void> {
    if (!running) return;
    const { app, io, timer } = running;
    running = null;
    clearInterval(timer);
    await io.close();
    await app.close();
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    buses,
    raise(bus, change) {
      const alert = fakeAlert(bus, Date.now(), change);
      alerts.set(alert.id, alert);
      if (alert.replaces !== undefined) alerts.delete(alert.replaces);
      running?.io.emit('alert', alert);
      return alert;
    },
    goAway: stop,
    comeBack: start,
    expireSessions() {
      sessions.clear();
      running?.io.disconnectSockets(true);
    },
    close: stop,
  };
}

function cookieOf(header: string | undefined): string | null {
  return header?.match(/(?:^|;\s*)sid=([^;]+)/)?.[1] ?? null;
}

function refuse(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: detail, status, detail });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
