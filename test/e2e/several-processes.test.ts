import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertView, PositionView } from '../../services/api/contract.ts';
import { writePlanFiles } from '../../services/plan/plan-files.ts';
import { demoPlanFiles } from '../../services/simulator/demo-plan.ts';
import { busguard } from '../support/busguard.ts';
import { describeWith } from '../support/needs.ts';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '../support/postgres.ts';
import { getJson, type Service, signIn, startService, until } from '../support/service.ts';
import { type TcpBalancer, tcpBalancer } from '../support/tcp-balancer.ts';
import { locationBody } from '../support/terminal-bytes.ts';
import { TestTerminal } from '../support/test-terminal.ts';

const SOS = 1;

/** Columns of the demo's register by vehicle. */
const vehicles = (demoPlanFiles().get('vehicles.csv') as string)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [id = '', plate = '', , phone = ''] = line.split(',');
    return { id, plate, phone };
  });

const now = () => Math.floor(Date.now() / 1000) * 1000;

describeWith(
  ['PostgreSQL with PostGIS', 'NATS server'],
  'two ingest and two web processes on PostgreSQL and NATS',
  () => {
    let postgres: PostgresServer;
    let nats: NatsServer;
    let database: pg.Pool;
    let env: Record<string, string>;
    const ingest: Service[] = [];
    const web: Service[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'busguard-e2e-'));
    const viewers: Socket[] = [];
    const terminals: TestTerminal[] = [];
    let cookie = '';

    const connect = async (port: number, phone: string): Promise<TestTerminal> => {
      const terminal = await TestTerminal.connect(port, phone);
      terminals.push(terminal);
      return terminal;
    };

    /** Somebody who watches by way of that web process. */
    const viewer = async (service: Service): Promise<Socket> => {
      const socket = io(`http://127.0.0.1:${service.httpPort}`, {
        transports: ['websocket'],
        extraHeaders: { cookie },
        forceNew: true,
      });
      viewers.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      return socket;
    };

    /** The first event that fits. */
    const event = <T>(socket: Socket, name: string, fits: (value: T) => boolean): Promise<T> =>
      new Promise((resolve) => {
        const listen = (value: T | T[]) => {
          const found = [value].flat().find((one) => fits(one as T));
          if (!found) return;
          socket.off(name, listen);
          resolve(found as T);
        };
        socket.on(name, listen);
      });

    beforeAll(async () => {
      [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
      const databaseUrl = await postgres.createDatabase();
      database = new pg.Pool({ connectionString: databaseUrl, max: 2 });
      // The database is ended before its clients on purpose in `afterAll`.
      database.on('error', () => undefined);
      env = {
        DATABASE_URL: databaseUrl,
        NATS_URL: nats.url,
        DATA_KEY: '5a'.repeat(32),
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'info',
      };
      const migrated = await busguard(['migrate'], { env });
      expect(migrated.code, migrated.stderr).toBe(0);
      const user = await busguard(
        ['create-user', '--login', 'admin', '--role', 'admin', '--password-stdin'],
        { env, stdin: 'correct horse battery\n' },
      );
      expect(user.code, user.stderr).toBe(0);
      const start = async (role: string, kind: Service[]) => {
        kind.push(await startService({ args: ['--no-demo'], env: { ...env, ROLES: role } }));
      };
      await Promise.all([
        start('ingest', ingest),
        start('ingest', ingest),
        start('web', web),
        start('web', web),
      ]);
      // Imported while they run: all four take it up.
      const plan = join(folder, 'plan');
      await writePlanFiles(plan, demoPlanFiles());
      const imported = await busguard(['import', '--plan', plan], { env });
      expect(imported.code, imported.stderr + imported.stdout).toBe(0);
      cookie = await signIn((web[0] as Service).httpPort, {
        login: 'admin',
        password: 'correct horse battery',
      });
      for (const { httpPort } of web) {
        await until(
          async () =>
            (await getJson<{ items: unknown[] }>(httpPort, '/api/v1/vehicles', cookie)).items.length ===
            vehicles.length,
          20_000,
          () => 'a web process did not take the imported plan',
        );
      }
    }, 240_000);

    afterAll(async () => {
      for (const socket of viewers) socket.close();
      for (const terminal of terminals) terminal.end();
      await Promise.all([...ingest, ...web].map((service) => service.stop()));
      await database?.end();
      await nats?.stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('a report that arrives at one ingest is seen by a viewer of the other web, with one session for both', async () => {
      const { id, plate, phone } = vehicles[0] as (typeof vehicles)[number];
      for (const [at, through] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const socket = await viewer(web[through] as Service);
        const seen = event<PositionView>(socket, 'position', (p) => p.vehicle === id);
        const terminal = await connect((ingest[at] as Service).ingestPort, phone);
        await terminal.login(plate);
        const lat = at === 0 ? 31.8 : 31.801;
        expect(await terminal.report({ time: now() + at * 2_000, lat, lon: 119.96 })).toBe(0);
        expect(await seen).toMatchObject({ vehicle: id, plate, lat, lon: 119.96 });
      }
    });

    it('a terminal that reconnects elsewhere goes on with its state, and its old connection commits nothing more', async () => {
      const { id, plate, phone } = vehicles[1] as (typeof vehicles)[number];
      const alerts = () =>
        getJson<{ items: AlertView[] }>(
          (web[0] as Service).httpPort,
          `/api/v1/alerts?vehicle=${id}&rule=sos`,
          cookie,
        );
      const first = await connect((ingest[0] as Service).ingestPort, phone);
      const code = await first.login(plate);
      const start = now() - 60_000;
      expect(await first.report({ time: start, alarm: SOS })).toBe(0);
      expect((await alerts()).items).toHaveLength(1);

      const second = await connect((ingest[1] as Service).ingestPort, phone);
      expect(await second.authenticate(code)).toBe(0);
      expect(await second.report({ time: start + 5_000, alarm: SOS })).toBe(0);
      // The same press of the button: one episode, though another process judged its second half.
      expect((await alerts()).items).toHaveLength(1);

      const stale = first.send(0x0200, locationBody({ time: start + 2_500 }));
      await first.whenClosed();
      expect(first.acked(stale)).toBe(false);
      const stored = await database.query(
        `select count(*)::int as n from positions p join vehicle_state v using (vehicle_key)
         where v.vehicle = $1 and p.time = to_timestamp($2 / 1000.0)`,
        [id, start + 2_500],
      );
      expect(stored.rows[0].n).toBe(0);
    });

    it('an ingest that dies takes no acknowledged report with it', async () => {
      const balancer: TcpBalancer = await tcpBalancer(ingest.map((service) => service.ingestPort));
      const acknowledged: { id: string; time: number }[] = [];
      const begin = now() - 3_600_000;
      const stopAt = performance.now() + 12_000;
      const killed = new Promise<void>((resolve) =>
        setTimeout(() => void (ingest[0] as Service).kill().then(resolve), 5_000),
      );
      /** Reports one after the other; after a cut it connects again and repeats what was not acknowledged. */
      const drive = async ({ id, plate, phone }: (typeof vehicles)[number]): Promise<void> => {
        let code: string | null = null;
        let n = 0;
        while (performance.now() < stopAt) {
          try {
            const terminal = await connect(balancer.port, phone);
            code ??= await terminal.register(plate);
            if ((await terminal.authenticate(code ?? '')) !== 0) throw new Error('authentication refused');
            while (performance.now() < stopAt) {
              const time = begin + n * 1_000;
              if ((await terminal.report({ time, lat: 31.8 + n * 1e-5 })) !== 0) throw new Error('refused');
              acknowledged.push({ id, time });
              n += 1;
            }
            terminal.end();
          } catch {
            // Cut off by the death of its process: what counts is that it gets through again.
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }
      };
      await Promise.all(vehicles.slice(2, 32).map(drive));
      await killed;
      await balancer.close();

      const { rows } = await database.query<{ vehicle: string; ms: string; n: number }>(
        `select v.vehicle, (extract(epoch from p.time) * 1000)::bigint::text as ms, count(*)::int as n
         from positions p join vehicle_state v using (vehicle_key)
         where p.time >= to_timestamp($1 / 1000.0) group by 1, 2`,
        [begin],
      );
      const stored = new Map(rows.map(({ vehicle, ms, n }) => [`${vehicle} ${ms}`, n]));
      expect(acknowledged.length).toBeGreaterThan(1_000);
      expect(acknowledged.filter(({ id, time }) => stored.get(`${id} ${time}`) !== 1)).toEqual([]);
    });
  },
);
