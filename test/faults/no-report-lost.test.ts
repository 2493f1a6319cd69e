import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../geo/finding.ts';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Report } from '../../geo/report.ts';
import { openStore } from '../../services/store/open-store.ts';
import { benchPlanFiles, phoneOfBus, REPORT_EVERY_S } from '../bench/bench-fleet.ts';
import { busStory, reportName, timeOf } from '../support/bus-story.ts';
import { ingestFixture } from '../support/ingest-fixture.ts';
import type { IngestProcessOptions } from '../support/ingest-process.ts';
import { describeWith } from '../support/needs.ts';
import { freePort, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { RestlessTerminal, type Upload } from '../support/restless-terminal.ts';

interface DatabaseOptions {
  readonly databaseUrl?: string;
  readonly dataDir: string;
}

const BUSES = 12;
const HOURS_AGO = 6;

/** Whole seconds, some hours ago: no report of the story is ahead of the clock. */
const storyStart = () => Math.floor(Date.now() / 1_000) * 1_000 - HOURS_AGO * 3_600_000;

class IngestProcess {
  readonly #options: IngestProcessOptions;
  #child: ChildProcess | null = null;

  constructor(options: IngestProcessOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const child = fork(
      join(import.meta.dirname, '../support/ingest-process.ts'),
      [JSON.stringify(this.#options)],
      {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the ingest ended with ${code}`)));
    });
  }

  /** SIGKILL: whatever it was doing, it does no more. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

/** What is held of the story: how often each report is there, and the findings apart from lateness. */
interface Held {
  readonly stored: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

function held(tracks: readonly (readonly Report[])[], findings: readonly Finding[], start: number): Held {
  const stored = new Map<string, number>();
  for (const [bus, track] of tracks.entries()) {
    for (const { time } of track) {
      const name = reportName(bus, (time - start) / (REPORT_EVERY_S * 1_000));
      stored.set(name, (stored.get(name) ?? 0) + 1);
    }
  }
  return {
    stored,
    // The silence of a terminal is a matter of when it was heard, not of what it said: it differs with the kills.
    findings: findings
      .filter((f) => f.rule !== 'terminal_offline')
      .map((f) => ({ ...f, late: false }))
      .sort((x, y) => (x.id < y.id ? -1 : 1)),
  };
}

async function inDatabase(options: DatabaseOptions, start: number): Promise<Held> {
  const store = await openStore({
    ...options,
    log: pino({ level: 'silent' }),
    migrate: false,
    dataKey: new Uint8Array(32),
  });
  const tracks: Report[][] = [];
  const findings: Finding[] = [];
  for (let bus = 0; bus < BUSES; bus += 1) {
    tracks.push(await store.positions.track(`B${bus}`, start, Date.now(), 1_000_000));
    const list = await store.findings.list({ vehicles: [`B${bus}`], limit: 100_000 });
    findings.push(...list.filter((f) => !f.retracted).map((f) => f.finding));
  }
  await store.close();
  return held(tracks, findings, start);
}

/** The terminal of a bus of the plan, registered as the plan has it. */
const restless = (bus: number, port: () => number, uploads: Iterator<Upload>, paceMs: number) =>
  new RestlessTerminal(phoneOfBus(bus), port, uploads, paceMs, `B${bus}`);

function* first(count: number, uploads: Iterable<Upload>): Generator<Upload> {
  if (count === 0) return;
  let left = count;
  for (const upload of uploads) {
    yield upload;
    left -= 1;
    if (left === 0) return;
  }
}

/** Sends the same uploads to an ingest that nothing disturbs. */
async function undisturbed(
  options: Omit<IngestProcessOptions, 'port' | 'buses'>,
  uploads: readonly number[],
): Promise<void> {
  const port = await freePort();
  const ingest = new IngestProcess({ ...options, port, buses: BUSES });
  await ingest.start();
  const terminals = uploads.map((count, bus) =>
    restless(bus, () => port, first(count, busStory(bus, options.start)), 0),
  );
  await Promise.all(terminals.map((t) => t.run()));
  await ingest.kill();
}

/** Kills at random moments under load; returns how many uploads of each bus were acknowledged. */
async function disturbed(
  options: Omit<IngestProcessOptions, 'port' | 'buses'>,
  kills: number,
  alsoKill: (n: number) => Promise<void>,
): Promise<{ terminals: RestlessTerminal[]; uploads: number[] }> {
  const port = await freePort();
  const ingest = new IngestProcess({ ...options, port, buses: BUSES });
  await ingest.start();
  const terminals = Array.from({ length: BUSES }, (_, bus) =>
    restless(bus, () => port, busStory(bus, options.start), 5),
  );
  const running = Promise.all(terminals.map((t) => t.run()));
  const ackedSoFar = () => terminals.reduce((sum, t) => sum + t.acked.size, 0);
  for (let n = 0; n < kills; n += 1) {
    // Not before it has taken something since it started, then at any moment.
    const before = ackedSoFar();
    while (ackedSoFar() === before) await pause(10);
    await pause(Math.random() * 400);
    await Promise.all([ingest.kill(), alsoKill(n)]);
    await ingest.start();
  }
  // Long enough for a round of the story and a half, with all that it has in it.
  while (terminals.some((t) => t.acked.size < 60)) await pause(10);
  for (const terminal of terminals) terminal.stop();
  const uploads = await running;
  await ingest.kill();
  return { terminals, uploads };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The same uploads to an ingest over a store in memory, which nothing disturbs either. */
async function undisturbedInMemory(start: number, uploads: readonly number[]): Promise<Held> {
  const built = buildPlan(benchPlanFiles(BUSES, start), 'faults');
  if (!built.ok) throw new Error('the plan has problems');
  const fixture = await ingestFixture({ plan: built.plan, makeJudge });
  const terminals = uploads.map((count, bus) =>
    restless(bus, () => fixture.port, first(count, busStory(bus, start)), 0),
  );
  await Promise.all(terminals.map((t) => t.run()));
  await fixture.close();
  const names = uploads.map((_, bus) => `B${bus}`);
  const { memory } = fixture;
  return held(
    names.map((name) => memory.positions(name)),
    names.flatMap((name) => memory.findings(name)),
    start,
  );
}

function compare(
  survived: Held,
  expected: Held,
  start: number,
  terminals: readonly RestlessTerminal[],
): void {
  const acked = terminals.flatMap((t) => [...t.acked]).sort();
  expect([...survived.stored.keys()].sort()).toEqual(acked);
  expect([...survived.stored.values()].filter((times) => times !== 1)).toEqual([]);
  expect([...expected.stored.keys()].sort()).toEqual(acked);
  expect(expected.findings.length).toBeGreaterThan(0);
  expect(new Set(expected.findings.map((f) => f.rule))).toContain('speeding');
  expect(survived.findings).toEqual(expected.findings);
  expect(terminals.reduce((sum, t) => sum + t.repeated, 0)).toBeGreaterThan(0);
  expect(Math.max(...acked.map((name) => timeOf(start, Number(name.split('#')[1]))))).toBeLessThan(
    Date.now(),
  );
}

describeWith('PostgreSQL with PostGIS', 'on PostgreSQL', () => {
  let postgres: PostgresServer;
  const folder = mkdtempSync(join(tmpdir(), 'busguard-faults-'));
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps every acknowledged report exactly once, and its findings, through ten kills', async () => {
    const start = storyStart();
    const [one, other] = [await postgres.createDatabase(), await postgres.createDatabase()];
    const { terminals, uploads } = await disturbed(
      { databaseUrl: one, dataDir: folder, start },
      10,
      async (n) => {
        // The database dies with it every third time.
        if (n % 3 !== 2) return;
        await postgres.crash();
        await postgres.start();
      },
    );
    await undisturbed({ databaseUrl: other, dataDir: folder, start }, uploads);
    const survived = await inDatabase({ databaseUrl: one, dataDir: folder }, start);
    const expected = await inDatabase({ databaseUrl: other, dataDir: folder }, start);
    compare(survived, expected, start, terminals);
  }, 400_000);
});

describe('on the embedded database', () => {
  it('keeps every acknowledged report exactly once, and its findings, through ten kills', async () => {
    const start = storyStart();
    const dataDir = mkdtempSync(join(tmpdir(), 'busguard-faults-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const { terminals, uploads } = await disturbed({ dataDir, start }, 10, async () => undefined);
    const survived = await inDatabase({ dataDir }, start);
    compare(survived, await undisturbedInMemory(start, uploads), start, terminals);
  }, 400_000);
});
