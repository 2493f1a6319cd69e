import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { Registry } from '@platformatic/prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertView, CommandView, PositionView } from '../../../services/api/contract.ts';
import { startWeb } from '../../../services/api/start-web.ts';
import type { Bus } from '../../../services/bus/bus.ts';
import { openBus } from '../../../services/bus/open-bus.ts';
import { commandSubject } from '../../../services/bus/subjects.ts';
import { openStore } from '../../../services/store/open-store.ts';
import type { Store } from '../../../services/store/store.ts';
import { memoryFiles } from '../../support/media-fixture.ts';
import { describeWith } from '../../support/needs.ts';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '../../support/postgres.ts';
import { silent } from '../bus/bus-behaviour.ts';
import { at, PEOPLE, SMALL_PLAN, smallPlan, type Who } from './small-plan.ts';
import {
  connected,
  event,
  finding,
  openSocket,
  progressOf,
  publishAlert,
  publishPosition,
  report,
} from './web-fixture.ts';

describeWith(
  ['PostgreSQL with PostGIS', 'NATS server'],
  'two web processes on one database and one bus',
  () => {
    let postgres: PostgresServer;
    let nats: NatsServer;
    let ingest: { bus: Bus; store: Store };
    const webs: { base: string; close: () => Promise<void> }[] = [];

    beforeAll(async () => {
      [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
      const databaseUrl = await postgres.createDatabase();
      const open = async () => ({
        bus: await openBus({ natsUrl: nats.url, log: silent }),
        store: await openStore({
          databaseUrl,
          dataDir: mkdtempSync(join(tmpdir(), 'busguard-web-')),
          dataKey: new Uint8Array(32),
          log: silent,
          migrate: true,
        }),
      });
      ingest = await open();
      const passwordHash = await hash('pw', { memoryCost: 8, timeCost: 1, parallelism: 1 });
      for (const user of Object.values(PEOPLE)) await ingest.store.users.create(user, passwordHash);
      await ingest.store.plans.save(smallPlan().version, SMALL_PLAN, 'of the test');
      const plan = {
        plan: smallPlan(),
        files: SMALL_PLAN,
        base: null,
        refresh: async () => undefined,
        onChange: () => () => undefined,
        close: async () => undefined,
      };
      for (let i = 0; i < 2; i++) {
        const { bus, store } = await open();
        const web = await startWeb({
          port: 0,
          host: '127.0.0.1',
          store,
          bus,
          plan,
          mediaFiles: memoryFiles(),
          pagesDir: tmpdir(),
          sessionSecret: 'shared by both',
          secureCookies: false,
          log: silent,
          metrics: new Registry(),
          ready: async () => null,
          now: () => at('07:05'),
          liveLimits: { flushEveryMs: 5 },
        });
        webs.push({
          base: `http://127.0.0.1:${web.port}`,
          close: async () => {
            await web.close();
            await bus.close();
            await store.close();
          },
        });
      }
    });
    afterAll(async () => {
      for (const web of webs) await web.close();
      await ingest.bus.close();
      await ingest.store.close();
      await nats.stop();
      await postgres.stop();
    });

    const ask = (web: number, path: string, cookie: string, method = 'GET', body?: unknown) =>
      fetch(`${webs[web]?.base}/api/v1/${path}`, {
        method,
        headers: { ...(cookie ? { cookie } : {}), ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const signIn = async (web: number, who: Who): Promise<string> => {
      const answer = await ask(web, 'session', '', 'POST', { login: PEOPLE[who].login, password: 'pw' });
      expect(answer.status).toBe(200);
      return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const open = async (web: number, cookie: string) => {
      const socket = openSocket(webs[web]?.base ?? '', cookie);
      await connected(socket);
      return socket;
    };

    it('show what happens anywhere to those who may see it, wherever they are connected', async () => {
      const cookie = await signIn(0, 'police1');
      const sockets = await Promise.all([open(0, cookie), open(1, cookie)]);
      const seen = sockets.map((socket) => event<PositionView>(socket, 'position'));
      publishPosition(ingest.bus, report('V2', at('07:05')), progressOf('T2', 'B2'));
      publishPosition(ingest.bus, report('V1', at('07:05')), progressOf('T1', 'A2'));
      for (const position of await Promise.all(seen)) expect(position.vehicle).toBe('V1');
      for (const socket of sockets) socket.disconnect();
    });

    it('show on one what was handled on the other', async () => {
      const { vehicleKey, epoch, snapshot } = await ingest.store.ingest.claim('V1');
      const f = finding('speeding:V1:1', 'V1', at('07:04'));
      await ingest.store.ingest.commit({
        vehicles: [{ vehicleKey, epoch, kept: snapshot }],
        positions: [],
        findings: [{ vehicleKey, finding: f, district: 'D1', schoolIds: ['S1'], replaces: null }],
        retractions: [],
        checkpoints: [],
        silences: [],
        quarantine: [],
        outbox: [],
      });
      const cookie = await signIn(1, 'school1');
      const socket = await open(1, cookie);
      const raised = event<AlertView>(socket, 'alert');
      publishAlert(ingest.bus, f, { district: 'D1', schoolIds: ['S1'] });
      expect(await raised).toMatchObject({ id: f.id, state: 'new' });

      const handled = event<AlertView>(socket, 'alert', (alert) => alert.state === 'acknowledged');
      const answer = await ask(0, `alerts/${f.id}/acknowledge`, await signIn(0, 'transport1'), 'POST', {});
      expect(answer.status).toBe(200);
      expect(await handled).toMatchObject({ id: f.id, acknowledgedBy: 'transport1' });
      const list = (await (await ask(1, 'alerts', cookie)).json()) as { items: AlertView[] };
      expect(list.items).toMatchObject([{ id: f.id, state: 'acknowledged', evidence: { limitKmh: 40 } }]);
      expect((await ask(1, `alerts/${f.id}`, await signIn(1, 'school2'))).status).toBe(404);
      socket.disconnect();
    });

    it('close the sockets of a session on both when it ends on one', async () => {
      const cookie = await signIn(0, 'admin');
      const sockets = await Promise.all([open(0, cookie), open(1, cookie)]);
      const gone = sockets.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve)));
      expect((await ask(0, 'session', cookie, 'DELETE')).status).toBe(204);
      expect(await Promise.all(gone)).toEqual(['io server disconnect', 'io server disconnect']);
      expect((await ask(1, 'session', cookie)).status).toBe(401);
    });

    it('reach a terminal through the process that holds it', async () => {
      const stop = ingest.bus.serve(commandSubject('13900000001'), async () => ({ held: true }));
      const cookie = await signIn(1, 'transport1');
      const send = async () =>
        (await (
          await ask(1, 'terminals/013900000001/commands', cookie, 'POST', { type: 'locate' })
        ).json()) as CommandView;
      // A server becomes known to another process in a moment, not at once.
      let command = await send();
      while (!command.connected) command = await send();
      expect(command.state).toBe('queued');
      const socket = await open(0, cookie);
      const changed = event<CommandView>(socket, 'command');
      const path = `terminals/013900000001/commands/${command.id}`;
      expect((await ask(1, `${path}/cancel`, cookie, 'POST')).status).toBe(200);
      expect(await changed).toMatchObject({ id: command.id, state: 'cancelled', vehicle: 'V1' });
      expect(await (await ask(0, path, cookie)).json()).toMatchObject({ state: 'cancelled' });
      socket.disconnect();
      stop();
    });
  },
);
