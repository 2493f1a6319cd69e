import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from '../../services/bus/bus.ts';
import { openBus } from '../../services/bus/open-bus.ts';
import type { CommandEvent, CommandRow, NewCommand } from '../../services/store/command-store.ts';
import { openStore } from '../../services/store/open-store.ts';
import type { Store } from '../../services/store/store.ts';
import { phoneOfBus } from '../bench/bench-fleet.ts';
import { eventNames, got, queue, reply, until } from '../support/command-story.ts';
import { type IngestFixture, ingestFixture, phoneOf } from '../support/ingest-fixture.ts';
import type { IngestProcessOptions } from '../support/ingest-process.ts';
import { describeWith } from '../support/needs.ts';
import {
  freePort,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '../support/postgres.ts';
import { TestTerminal } from '../support/test-terminal.ts';

const quiet = pino({ level: 'silent' });

/** An ingest that can be killed, with what is in its database. */
class KilledIngest {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(options: IngestProcessOptions): Promise<KilledIngest> {
    const path = join(import.meta.dirname, '../support/ingest-process.ts');
    const child = fork(path, [JSON.stringify(options)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ingest = new KilledIngest(child);
    await ingest.#answer();
    return ingest;
  }

  #answer<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (message) => resolve(message as T));
      this.#child.once('exit', (code) => reject(new Error(`the ingest ended with ${code}`)));
    });
  }

  async #ask<T>(question: object): Promise<T> {
    const answer = this.#answer<T>();
    this.#child.send(question);
    return answer;
  }

  async queue(command: NewCommand): Promise<CommandRow> {
    return (await this.#ask<{ command: CommandRow }>({ queue: command })).command;
  }

  look(id: string): Promise<{ command: CommandRow; events: CommandEvent[] }> {
    return this.#ask({ command: id });
  }

  async until(
    id: string,
    state: CommandRow['state'],
  ): Promise<{ command: CommandRow; events: CommandEvent[] }> {
    for (;;) {
      const seen = await this.look(id);
      if (seen.command.state === state) return seen;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}

const command = (type: string, request: object): NewCommand => ({
  id: randomUUID(),
  phone: phoneOfBus(0),
  vehicle: 'B0',
  type,
  request,
  userId: null,
  userName: 'somebody',
  queuedAt: Date.now(),
  expiresAt: Date.now() + 600_000,
  remote: '',
});

/** What waits, what is on its way, and what must not be done twice, through the death of the process that holds it. */
async function survivesKills(database: {
  readonly databaseUrl?: string;
  readonly dataDir: string;
}): Promise<void> {
  const port = await freePort();
  const options = {
    ...database,
    port,
    buses: 1,
    start: Date.now() - 3_600_000,
    limits: { commandSweepMs: 20 },
  };
  let ingest = await KilledIngest.start(options);
  const terminal = await TestTerminal.connect(port, phoneOfBus(0));
  const code = await terminal.login();
  const text = await ingest.queue(command('text', { text: 'on its way' }));
  await got(terminal, 0x8300);
  const later = await ingest.queue(command('text', { text: 'behind it' }));
  await ingest.kill();
  await terminal.whenClosed();

  ingest = await KilledIngest.start(options);
  const away = await ingest.queue(command('track', { intervalS: 5, durationS: 60 }));
  await ingest.kill();

  ingest = await KilledIngest.start(options);
  const back = await TestTerminal.connect(port, phoneOfBus(0));
  expect(await back.authenticate(code)).toBe(0);
  for (const [msgId, n] of [
    [0x8300, 0],
    [0x8300, 1],
    [0x8202, 0],
  ] as const)
    reply(back, await got(back, msgId, n));
  const seen = await ingest.until(text.id, 'answered');
  expect(seen.command.attempt).toBe(2);
  expect(seen.events.map(({ event }) => event)).toEqual(['queued', 'sent', 'sent', 'answered']);
  await ingest.until(later.id, 'answered');
  await ingest.until(away.id, 'answered');
  const down = back.received.filter(({ msgId }) => msgId >= 0x8200 && msgId !== 0x8001);
  expect(down.map(({ msgId, body }) => (msgId === 0x8300 ? body.subarray(1).toString() : msgId))).toEqual([
    'on its way',
    'behind it',
    0x8202,
  ]);

  const reset = await ingest.queue(command('control_terminal', { action: 'reset' }));
  await got(back, 0x8105);
  await ingest.kill();
  ingest = await KilledIngest.start(options);
  const again = await TestTerminal.connect(port, phoneOfBus(0));
  expect(await again.authenticate(code)).toBe(0);
  expect((await ingest.until(reset.id, 'failed')).command.reason).toBe('connection_lost');
  expect(again.received.some(({ msgId }) => msgId === 0x8105)).toBe(false);
  again.end();
  await ingest.kill();
}

describe('commands outlive the process that holds them', () => {
  it('on the embedded database', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'busguard-commands-'));
    await survivesKills({ dataDir });
    rmSync(dataDir, { recursive: true, force: true });
  }, 240_000);
});

describeWith(['PostgreSQL with PostGIS', 'NATS server'], 'commands over several processes', () => {
  let postgres: PostgresServer;
  let nats: NatsServer;
  let databaseUrl: string;
  const dataDir = mkdtempSync(join(tmpdir(), 'busguard-commands-'));
  const buses: Bus[] = [];
  const stores: Store[] = [];
  let here: IngestFixture;
  let there: IngestFixture;

  beforeAll(async () => {
    [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    databaseUrl = await postgres.createDatabase();
    for (let i = 0; i < 3; i += 1) {
      buses.push(await openBus({ natsUrl: nats.url, log: quiet }));
      stores.push(
        await openStore({ databaseUrl, dataDir, log: quiet, migrate: true, dataKey: new Uint8Array(32) }),
      );
    }
    const process = (i: number) =>
      ingestFixture({
        store: stores[i] as Store,
        bus: buses[i] as Bus,
        // The sweep must not find what the bus should tell of.
        limits: { commandSweepMs: 3_600_000, commandAnswerMs: 60_000 },
      });
    here = await process(0);
    there = await process(1);
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    for (const bus of buses) await bus.close();
    for (const store of stores) await store.close();
    await nats.stop();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('on PostgreSQL too they outlive the process that holds them', async () => {
    const own = await postgres.createDatabase();
    await survivesKills({ databaseUrl: own, dataDir });
  }, 240_000);

  it('reach a terminal on another process, which moves, and hear what its stale connection still says', async () => {
    const [bus, store] = [buses[2] as Bus, stores[2] as Store];
    const old = await here.terminal(phoneOf(1));
    const code = await old.login();
    const row = await queue(store.commands, bus, phoneOf(1), 'text', { text: 'x' });
    const first = await got(old, 0x8300);

    // It connects elsewhere; the old connection is not closed yet, and the command goes out again over the new one.
    const moved = await there.terminal(phoneOf(1));
    expect(await moved.authenticate(code)).toBe(0);
    const second = await got(moved, 0x8300);
    // Its "no" is to a sending that is not the last any more: it is written down, and decides nothing.
    reply(old, first, 1);
    await expect.poll(() => here.metric('commands_total', 'terminal_failed')).toBe(1);
    expect(await store.commands.get(row.id)).toMatchObject({ state: 'sent' });
    reply(moved, second);
    expect(await until(store.commands, row, 'answered')).toMatchObject({ attempt: 2 });
    expect((await eventNames(store.commands, row)).filter((name) => name === 'sent')).toHaveLength(2);

    const next = await queue(store.commands, bus, phoneOf(1), 'locate');
    const { serial } = await got(moved, 0x8201);
    reply(moved, { serial, msgId: 0x8201 }, 3);
    expect(await until(store.commands, next, 'failed')).toMatchObject({ reason: 'terminal_unsupported' });
  });
});
