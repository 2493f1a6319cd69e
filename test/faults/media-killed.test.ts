import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../services/store/open-store.ts';
import { quiet } from '../services/store/backends.ts';
import { pictureBytes, sha256 } from '../support/media-fixture.ts';
import type { MediaProcessOptions } from '../support/media-process.ts';
import { describeWith } from '../support/needs.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { frame, locationBody } from '../support/terminal-bytes.ts';
import { TestTerminal } from '../support/test-terminal.ts';

const TIME = Date.UTC(2026, 10, 24, 0, 30);
const PART_BYTES = 1_000;
const ROUNDS = 6;
const PHOTOS = 4;

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

describeWith('PostgreSQL with PostGIS', 'a process that is killed while photos come', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'busguard-killed-'));
  let postgres: PostgresServer;
  let options: MediaProcessOptions;
  beforeAll(async () => {
    postgres = await startPostgres();
    options = { databaseUrl: await postgres.createDatabase(), dataDir };
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true });
  });

  const start = (): Promise<Running> =>
    new Promise((resolve, reject) => {
      const path = join(import.meta.dirname, '../support/media-process.ts');
      const child = fork(path, [JSON.stringify(options)], { execArgv: ['--import', 'tsx'] });
      child.once('message', (said) => resolve({ child, port: (said as { port: number }).port }));
      child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    });
  const kill = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });

  it('has every photo that it acknowledged, whole and once, and gets the others when they are sent again', async () => {
    const photos = Array.from({ length: PHOTOS }, (_, i) => pictureBytes(150_000, i + 1));
    const acknowledged = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { child, port } = await start();
      const terminal = await TestTerminal.connect(port, '13900000001');
      await terminal.login(`SU-D0001`);
      const last = round === ROUNDS - 1;
      const sent = photos.map((data, i) => send(terminal, i + 1, data));
      const answers = sent.map(async (id) => {
        await terminal.answer(
          (f) => f.msgId === 0x8800 && f.body.length === 4 && f.body.readUInt32BE(0) === id,
        );
        acknowledged.add(id);
      });
      const settled = Promise.allSettled(answers);
      // Somewhere between the first packet and the last answer; the last round is let be.
      if (last) await Promise.all(answers);
      else await new Promise((resolve) => setTimeout(resolve, 5 + round * 12));
      await kill(child);
      await settled;
      await expectAll(acknowledged, photos);
    }
    expect(acknowledged.size).toBe(PHOTOS);
    expect(filesIn('media')).toHaveLength(PHOTOS);
  }, 120_000);

  /** Every medium that was acknowledged is in the database, and its file is what was sent. */
  async function expectAll(acknowledged: ReadonlySet<number>, photos: readonly Buffer[]): Promise<void> {
    const store = await openStore({ ...options, log: quiet, migrate: false, dataKey: new Uint8Array(32) });
    try {
      const rows = (await store.media.list({ limit: 100 })).filter(({ file }) => file !== null);
      const ids = rows.map(({ terminalMediaId }) => terminalMediaId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of acknowledged) expect(ids).toContain(id);
      for (const { file, terminalMediaId } of rows) {
        const bytes = readFileSync(join(dataDir, 'media', file?.key ?? ''));
        expect(sha256(bytes)).toBe(sha256(photos[(terminalMediaId ?? 0) - 1] as Buffer));
      }
    } finally {
      await store.close();
    }
  }

  const filesIn = (folder: string): string[] =>
    readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.partial-'))
      .map(({ name }) => name);
});

function send(terminal: TestTerminal, id: number, data: Buffer): number {
  const facts = Buffer.from([0, 0, 0, id, 0, 0, 0, 1]);
  const body = Buffer.concat([facts, Buffer.from(locationBody({ time: TIME })), data]);
  const total = Math.ceil(body.length / PART_BYTES);
  for (let i = 0; i < total; i += 1) {
    const part = body.subarray(i * PART_BYTES, (i + 1) * PART_BYTES);
    terminal.socket.write(
      frame(terminal.edition, 0x0801, terminal.serial + i, part, { total, number: i + 1 }),
    );
  }
  terminal.serial += total;
  return id;
}
