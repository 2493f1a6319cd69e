import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { Registry } from '@platformatic/prom-client';
import { io, type Socket } from 'socket.io-client';
import type { Finding } from '../../../geo/finding.ts';
import type { RunProgress } from '../../../geo/judge.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { startWeb, type WebOptions } from '../../../services/api/start-web.ts';
import type { Bus } from '../../../services/bus/bus.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import { alertSubject, liveSubject } from '../../../services/bus/subjects.ts';
import type { LiveAlert, LivePosition } from '../../../services/ingest/live-events.ts';
import type { CurrentPlan } from '../../../services/plan/current-plan.ts';
import type { StoredFinding, User } from '../../../services/store/store.ts';
import { memoryFiles } from '../../support/media-fixture.ts';
import { silent } from '../bus/bus-behaviour.ts';
import { memoryStore } from './memory-store.ts';
import { at, PEOPLE, SMALL_PLAN, smallPlan, type Who } from './small-plan.ts';

export const PASSWORD = 'right horse';

/** A web process on a loopback port over a store in memory, with everybody of the small plan able to sign in. */
export async function startFixture(
  options: Partial<WebOptions> & { prepare?: (memory: ReturnType<typeof memoryStore>) => void } = {},
) {
  const { prepare, ...webOptions } = options;
  const memory = memoryStore();
  prepare?.(memory);
  const passwordHash = await hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  for (const user of Object.values(PEOPLE)) memory.users.set(user.id, { user, passwordHash });
  const files = memoryFiles();
  const clock = { now: at('07:05') };
  const bus = options.bus ?? inProcessBus(silent);
  const current = { plan: smallPlan() as Plan | null };
  const plan: CurrentPlan = {
    get plan() {
      return current.plan;
    },
    get files() {
      return current.plan && SMALL_PLAN;
    },
    base: null,
    refresh: async () => undefined,
    onChange: () => () => undefined,
    close: async () => undefined,
  };
  const web = await startWeb({
    port: 0,
    host: '127.0.0.1',
    store: memory.store,
    bus,
    plan,
    mediaFiles: files,
    pagesDir: mkdtempSync(join(tmpdir(), 'busguard-pages-')),
    sessionSecret: 'a secret of the tests',
    secureCookies: false,
    log: silent,
    metrics: new Registry(),
    ready: async () => null,
    now: () => clock.now,
    liveLimits: { flushEveryMs: 5 },
    ...webOptions,
  });
  const base = `http://127.0.0.1:${web.port}`;

  const ask = (path: string, init: RequestInit & { cookie?: string | undefined } = {}) => {
    const { cookie, headers, ...rest } = init;
    return fetch(`${base}${path}`, {
      ...rest,
      redirect: 'manual',
      headers: {
        ...(rest.body ? { 'content-type': 'application/json' } : {}),
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
    });
  };
  const signIn = async (who: Who | User): Promise<string> => {
    const login = typeof who === 'string' ? PEOPLE[who].login : who.login;
    const body = JSON.stringify({ login, password: PASSWORD });
    const answer = await ask('/api/v1/session', { method: 'POST', body });
    if (answer.status !== 200)
      throw new Error(`sign-in of ${login}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  };

  return {
    ...memory,
    files,
    web,
    bus,
    base,
    clock,
    current,
    ask,
    signIn,
    sockets: (cookie: string) => openSocket(base, cookie),
    async close() {
      await web.close();
      await bus.close();
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export function openSocket(base: string, cookie: string, headers: Record<string, string> = {}): Socket {
  return io(base, {
    transports: ['websocket'],
    extraHeaders: { ...(cookie ? { cookie } : {}), ...headers },
    reconnectionDelay: 10,
    reconnectionDelayMax: 20,
    forceNew: true,
  });
}

export const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.connected) resolve();
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });

/** Resolves with the first event of the name that passes. */
export const event = <T>(
  socket: Socket,
  name: string,
  passes: (data: T) => boolean = () => true,
): Promise<T> =>
  new Promise((resolve) => {
    const listener = (data: T): void => {
      if (!passes(data)) return;
      socket.off(name, listener);
      resolve(data);
    };
    socket.on(name, listener);
  });

export function report(vehicle: string, time: number, more: Partial<Report> = {}): Report {
  return {
    vehicle,
    time,
    receivedAt: time + 1,
    lat: 31.7,
    lon: 119.9,
    positioned: true,
    speedKmh: 42,
    recorderSpeedKmh: null,
    directionDeg: 0,
    altitudeM: null,
    accOn: true,
    alarmFlags: 0,
    statusFlags: 3,
    satellites: null,
    mileageKm: null,
    backfill: false,
    serial: 1,
    ...more,
  };
}

export const progressOf = (trip: string, nextStop: string): RunProgress => ({
  trip,
  route: trip.startsWith('T1') ? 'R1' : 'R2',
  serviceDate: '20261124',
  runState: 'CARRYING',
  progressM: 1000,
  nextStop,
  delayS: 60,
  aboard: 'inferred',
});

export function publishPosition(bus: Bus, of: Report, progress: RunProgress | null = null): void {
  const message: LivePosition = { vehicle: of.vehicle, report: of, progress, schoolIds: [], district: null };
  bus.publish(liveSubject('', '', of.vehicle), message);
}

export function finding(id: string, vehicle: string, start: number, more: Partial<Finding> = {}): Finding {
  return {
    id,
    rule: 'speeding',
    vehicle,
    trip: null,
    severity: 'P2',
    start,
    end: null,
    lat: 31.7,
    lon: 119.9,
    late: false,
    evidence: { limitKmh: 40 },
    ...more,
  };
}

export const stored = (of: Finding, district: string | null, schoolIds: string[]): StoredFinding => ({
  finding: of,
  district,
  schoolIds,
  state: 'new',
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolvedBy: null,
  resolution: null,
  note: null,
  raisedAt: of.start + 1000,
  retracted: false,
});

export function publishAlert(bus: Bus, of: Finding, more: Partial<LiveAlert> = {}): void {
  const message: LiveAlert = {
    finding: of,
    district: null,
    schoolIds: [],
    replaces: null,
    retracted: false,
    ...more,
  };
  bus.publish(alertSubject(message.district ?? '', of.vehicle), message);
}
