import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** A PostgreSQL cluster of a test's own: made in a temporary folder, on a free loopback port, gone when stopped. */
export interface PostgresServer {
  /** Of the `postgres` database; see `createDatabase`. */
  readonly url: string;
  /** Creates an empty database and returns its URL. */
  createDatabase(name?: string): Promise<string>;
  /** Stops the postmaster at once, as a crash would (SIGKILL to all of its processes' parent, then recovery on `start`). */
  crash(): Promise<void>;
  /** Starts it again on the same port and folder after `crash`. */
  start(): Promise<void>;
  /** Freezes and thaws the server processes. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of the newest PostgreSQL installed with PostGIS, or null. */
export function postgresBin(): string | null {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return null;
  const versions = readdirSync(root)
    .filter((v) => existsSync(join(root, v, 'bin', 'initdb')))
    .filter((v) => existsSync(`/usr/share/postgresql/${v}/extension/postgis.control`))
    .sort((a, b) => Number(b) - Number(a));
  return versions[0] === undefined ? null : join(root, versions[0], 'bin');
}

/** A loopback port nobody listens on at the moment. */
export function freePort(): Promise<number> {
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

/** initdb and postgres refuse to run as root; there the `postgres` user that Debian's package made runs them. */
async function asServerUser(command: string, args: string[]): Promise<void> {
  if (process.getuid?.() === 0) await run('runuser', ['-u', 'postgres', '--', command, ...args]);
  else await run(command, args);
}

export async function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const bin = postgresBin();
  if (!bin) throw new Error('PostgreSQL with PostGIS is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'busguard-pg-'));
  if (process.getuid?.() === 0) {
    const ids = (await run('id', ['-u', 'postgres'])).stdout.trim();
    chownSync(folder, Number(ids), Number((await run('id', ['-g', 'postgres'])).stdout.trim()));
  }
  const data = join(folder, 'data');
  const port = await freePort();
  await asServerUser(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-locale',
    '-N',
  ]);
  const options = Object.entries({
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '100',
    ...settings,
  })
    .map(([key, value]) => `-c ${key}=${value}`)
    .join(' ');
  const start = () =>
    asServerUser(join(bin, 'pg_ctl'), [
      '-D',
      data,
      '-w',
      '-s',
      '-l',
      join(folder, 'log'),
      '-o',
      options,
      'start',
    ]);
  await start();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const postmasterPid = () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  /** The postmaster and its children, which are in process groups of their own. */
  const pids = async (): Promise<number[]> => {
    const parent = postmasterPid();
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(parent)]).catch(() => ({
      stdout: '',
    }));
    return [
      parent,
      ...stdout
        .split('\n')
        .map(Number)
        .filter((pid) => pid > 0),
    ];
  };
  const signal = async (name: NodeJS.Signals) => {
    for (const pid of await pids()) {
      try {
        process.kill(pid, name);
      } catch {
        // gone meanwhile: a backend may end between ps and kill
      }
    }
  };
  let databases = 0;
  return {
    url,
    async createDatabase(name = `test_${process.pid}_${Date.now().toString(36)}_${databases++}`) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`create database ${name}`);
      } finally {
        await client.end();
      }
      return url.replace(/\/postgres$/, `/${name}`);
    },
    async crash() {
      const all = await pids();
      await signal('SIGKILL');
      await Promise.all(all.map(gone));
    },
    start,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async stop() {
      await signal('SIGCONT').catch(() => undefined);
      await asServerUser(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', '-s', 'stop']).catch(
        () => undefined,
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Is `nats-server` installed? Its path, or null. */
export function natsServerPath(): string | null {
  return (
    ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server'].find((p) =>
      existsSync(p),
    ) ?? null
  );
}

export interface NatsServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startNats(): Promise<NatsServer> {
  const path = natsServerPath();
  if (!path) throw new Error('nats-server is not installed');
  const port = await freePort();
  const child = spawn(path, ['-a', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk;
      if (log.includes('Server is ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`nats-server ended with ${code}: ${log}`)));
  });
  return {
    url: `nats://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
