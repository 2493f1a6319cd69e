import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../services/store/open-store.ts';
import { phoneOfBus, REPORT_EVERY_S } from '../bench/bench-fleet.ts';
import { reportName, storyBody } from '../support/bus-story.ts';
import type { IngestProcessOptions } from '../support/ingest-process.ts';
import { describeWith } from '../support/needs.ts';
import { freePort, startPostgres } from '../support/postgres.ts';
import { TestTerminal } from '../support/test-terminal.ts';

const BUSES = 20;
const PAUSED_MS = 20_000;
/** Small, so that the load of a few buses reaches it. */
const MAX_PENDING_REPORTS = 500;
/** A bus sends no more than so many ahead of its acknowledgements; in all, many times what may wait. */
const IN_FLIGHT = 400;

/** A terminal that does not wait for one answer before it sends the next. */
class EagerBus {
  sent = 0;
  acked = 0;
  readonly #bus: number;
  readonly #terminal: TestTerminal;
  readonly #start: number;
  #stopped = false;

  constructor(bus: number, terminal: TestTerminal, start: number) {
    this.#bus = bus;
    this.#terminal = terminal;
    this.#start = start;
    terminal.socket.on('data', () => this.#count());
  }

  #count(): void {
    const { received } = this.#terminal;
    for (const { msgId, body } of received.splice(0)) {
      if (msgId !== 0x8001) continue;
      if (body[4] !== 0) throw new Error(`result ${body[4]}`);
      this.acked += 1;
    }
    this.send();
  }

  send(): void {
    while (!this.#stopped && this.sent - this.acked < IN_FLIGHT) {
      this.#terminal.send(0x0200, storyBody(this.#bus, this.sent, this.#start));
      this.sent += 1;
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}

interface Look {
  readonly rss: number;
  readonly metrics: string;
}

function look(child: ChildProcess): Promise<Look> {
  return new Promise((resolve) => {
    child.once('message', (message: Look) => resolve(message));
    child.send('look');
  });
}

const gauge = ({ metrics }: Look, name: string): number =>
  Number(new RegExp(`^busguard_ingest_${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeWith('PostgreSQL with PostGIS', 'while the database stands still', () => {
  it('waits with bounded memory, acknowledges nothing, and stores everything once it goes on', async () => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const folder = mkdtempSync(join(tmpdir(), 'busguard-faults-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const databaseUrl = await postgres.createDatabase();
    const start = Math.floor(Date.now() / 1_000) * 1_000 - 30 * 24 * 3_600_000;
    const options: IngestProcessOptions = {
      databaseUrl,
      dataDir: folder,
      port: await freePort(),
      buses: BUSES,
      start,
      limits: {
        maxPendingReports: MAX_PENDING_REPORTS,
        batchReports: 100,
        maxFramesPerSecond: 1e9,
        maxBytesPerSecond: 1e12,
      },
    };
    const child = fork(join(import.meta.dirname, '../support/ingest-process.ts'), [JSON.stringify(options)], {
      execArgv: ['--import', 'tsx', '--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.once('message', resolve));
    const buses: EagerBus[] = [];
    for (let bus = 0; bus < BUSES; bus += 1) {
      const terminal = await TestTerminal.connect(options.port, phoneOfBus(bus));
      await terminal.login(`B${bus}`);
      terminal.received.length = 0;
      buses.push(new EagerBus(bus, terminal, start));
    }
    const acked = () => buses.reduce((sum, b) => sum + b.acked, 0);
    const sent = () => buses.reduce((sum, b) => sum + b.sent, 0);
    for (const bus of buses) bus.send();
    while (acked() < 2_000) await pause(20);

    await postgres.pause();
    // What was committed before the pause may still be on its way here.
    await pause(1_000);
    const before = acked();
    const rss: number[] = [];
    const until = performance.now() + PAUSED_MS - 1_000;
    while (performance.now() < until) {
      const state = await look(child);
      rss.push(state.rss);
      expect(gauge(state, 'pending_reports')).toBeLessThan(MAX_PENDING_REPORTS + BUSES * IN_FLIGHT);
      await pause(1_000);
    }
    const paused = await look(child);
    expect(gauge(paused, 'sockets_paused')).toBe(BUSES);
    // Read again below half of the limit: it stood still somewhere between.
    expect(gauge(paused, 'pending_reports')).toBeGreaterThanOrEqual(MAX_PENDING_REPORTS / 2);
    // One chunk of a socket past the limit at most; far from all that the buses have sent.
    expect(gauge(paused, 'pending_reports')).toBeLessThan(MAX_PENDING_REPORTS * 4);
    expect(acked()).toBe(before);
    expect(Math.max(...rss) - (rss[0] as number)).toBeLessThan(32 * 1024 * 1024);

    for (const bus of buses) bus.stop();
    await postgres.resume();
    while (acked() < sent()) await pause(50);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.send('end');
    await gone;

    const store = await openStore({
      databaseUrl,
      dataDir: folder,
      log: pino({ level: 'silent' }),
      migrate: false,
      dataKey: new Uint8Array(32),
    });
    for (const [bus, { sent: count }] of buses.entries()) {
      const track = await store.positions.track(`B${bus}`, start, Date.now(), 1_000_000);
      const names = track.map((r) => reportName(bus, (r.time - start) / (REPORT_EVERY_S * 1_000)));
      expect(names).toEqual(Array.from({ length: count }, (_, n) => reportName(bus, n)));
    }
    await store.close();
  }, 180_000);
});
