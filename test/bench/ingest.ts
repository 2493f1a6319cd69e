/**
 * npm run bench:ingest [-- --embedded] [--buses N] [--seconds S] [--idle N]
 *
 * Reports acknowledged after decoding, judgement and commit, against a bare TCP server in the same runtime that only
 * counts frames and answers, both measured in this run with the same load from a process of its own. Everything is on
 * one machine: on few cores load, ingest and database take each other's time, so compare ratios, not figures of
 * different machines.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../support/postgres.ts';
import { REPORT_EVERY_S, REPORTS_PER_RUN } from './bench-fleet.ts';

const { values } = parseArgs({
  options: {
    embedded: { type: 'boolean', default: false },
    buses: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '15' },
    idle: { type: 'string', default: '10000' },
    profile: { type: 'boolean', default: false },
  },
});
const buses = Number(values.buses);
const idle = Number(values.idle);
const measureMs = Number(values.seconds) * 1_000;
const warmUpMs = Math.min(measureMs, 5_000);
const folder = mkdtempSync(join(tmpdir(), 'busguard-bench-'));
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Result {
  readonly perSecond: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Reports measured, and the load's own processor time for them. */
  readonly total: number;
  readonly cpuSeconds: number;
}

/** A load with the processor time, in microseconds a report, that each side took for it. */
interface Measured extends Result {
  readonly serverUs: number;
  readonly databaseUs: number;
  readonly loadUs: number;
  /** Bytes the server held when all terminals were connected and authenticated, before the first report. */
  readonly resident: number;
}

function start(script: string, argument: unknown, flags: readonly string[] = []): ChildProcess {
  return fork(join(import.meta.dirname, script), [JSON.stringify(argument)], {
    execArgv: ['--import', 'tsx', ...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function hear<T>(child: ChildProcess, field: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process ended with ${code}`));
    const onMessage = (message: Record<string, T>) => {
      if (!(field in message)) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message[field] as T);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

async function memory(server: ChildProcess): Promise<NodeJS.MemoryUsage> {
  server.send('memory');
  return hear(server, 'memory');
}

async function cpu(server: ChildProcess): Promise<number> {
  server.send('cpu');
  return hear(server, 'cpu');
}

async function load(
  server: ChildProcess,
  port: number,
  bare: boolean,
  databaseCpu: () => Promise<number>,
): Promise<Measured> {
  const child = start('ingest-load.ts', { port, buses, start: startTime, warmUpMs, measureMs, bare });
  await hear(child, 'ready');
  const resident = held(await memory(server));
  child.send('go');
  await hear(child, 'started');
  if (values.profile && !bare) server.send('profile');
  const before = [await cpu(server), await databaseCpu()] as const;
  const result = await hear<Result>(child, 'result');
  if (values.profile && !bare) {
    server.send('profiled');
    await hear(server, 'profiled');
  }
  const perReport = (seconds: number) => (seconds / result.total) * 1e6;
  return {
    ...result,
    serverUs: perReport((await cpu(server)) - before[0]),
    databaseUs: perReport((await databaseCpu()) - before[1]),
    loadUs: perReport(result.cpuSeconds),
    resident,
  };
}

/** Processor seconds of all processes of a PostgreSQL server so far, as Linux counts them. */
async function postgresCpu(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity');
  let ticks = 0;
  for (const { pid } of rows) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / 100;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.send('end');
  await gone;
}

/** Bytes of resident memory for each of many connections that say nothing. */
async function idleBytes(server: ChildProcess, port: number): Promise<number> {
  const before = await memory(server);
  const sockets: Socket[] = [];
  for (let n = 0; n < idle; n += 500) {
    const some = Array.from({ length: Math.min(500, idle - n) }, () => open(port));
    sockets.push(...(await Promise.all(some)));
  }
  const after = await memory(server);
  for (const socket of sockets) socket.destroy();
  return (after.rss - before.rss) / idle;
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Reports go from long enough ago that none is ahead of the clock. */
const startTime = Math.floor(Date.now() / 1_000) * 1_000 - REPORTS_PER_RUN * REPORT_EVERY_S * 1_000;

say(`${buses} terminals, one report in flight each, ${values.seconds} s measured, ${cpus().length} cores`);

const bareServer = start('bare-server.ts', {});
const bare = await load(bareServer, await hear<number>(bareServer, 'port'), true, async () => 0);
await end(bareServer);
say(`bare server      ${line(bare)}`);

const postgres = values.embedded
  ? null
  : await startPostgres({ shared_buffers: '256MB', max_wal_size: '2GB' });
try {
  const databaseUrl = await postgres?.createDatabase();
  const server = start('ingest-server.ts', { databaseUrl, dataDir: folder, buses, start: startTime }, [
    '--expose-gc',
    // As `npm start` runs it.
    '--max-semi-space-size=32',
  ]);
  const port = await hear<number>(server, 'port');
  if (idle > 0)
    say(`idle connection  ${(await idleBytes(server, port)).toFixed(0)} bytes each, ${idle} open`);
  const before = await memory(server);
  const client = databaseUrl ? new pg.Client({ connectionString: databaseUrl }) : null;
  await client?.connect();
  const full = await load(server, port, false, () => (client ? postgresCpu(client) : Promise.resolve(0)));
  await client?.end();
  const after = await memory(server);
  say(`ingest           ${line(full)}`);
  say(`ratio            ${(full.perSecond / bare.perSecond).toFixed(3)}`);
  const commits = await commitsOf(server);
  say(
    `commits          ${commits.reports.toFixed(0)} reports each, ${commits.ms.toFixed(1)} ms each, on average`,
  );
  const each = (full.resident - held(before)) / buses;
  say(`idle terminal    ${each.toFixed(0)} bytes each, ${buses} authenticated`);
  say(`memory           ${mb(before.rss)} MB before, ${mb(after.rss)} MB after the load`);
  if (full.failed > 0) say(`FAILED           ${full.failed} reports were not acknowledged with result 0`);
  await end(server);
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Of all commits since the start, logins and warm-up included. */
async function commitsOf(server: ChildProcess): Promise<{ reports: number; ms: number }> {
  server.send('metrics');
  const text = await hear<string>(server, 'metrics');
  const value = (name: string) => Number(new RegExp(`^busguard_ingest_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    reports: value('batch_reports_sum') / value('batch_reports_count'),
    ms: (value('commit_seconds_sum') / value('commit_seconds_count')) * 1_000,
  };
}

function line({ perSecond, p50Ms, p99Ms, serverUs, databaseUs, loadUs }: Measured): string {
  const rate = `${perSecond.toFixed(0)} reports/s`.padEnd(18);
  return `${rate} p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   processor time a report: server ${serverUs.toFixed(0)} us, database ${databaseUs.toFixed(0)} us, load ${loadUs.toFixed(0)} us`;
}

/** Inside and outside of the heap: what the process still needs, whatever it has taken before. */
function held({ heapUsed, external }: NodeJS.MemoryUsage): number {
  return heapUsed + external;
}

function mb(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
