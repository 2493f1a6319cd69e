import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../services/store/embedded/folder-lock.ts';
import { openStore } from '../../../services/store/open-store.ts';
import { quiet, temporaryFolder } from './backends.ts';
import { T } from './values.ts';

describe('the embedded database', () => {
  const dataDir = temporaryFolder();
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const startWriter = (): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'embedded-writer.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('loses nothing it has committed when its process is killed', async () => {
    const committed: number[] = [];
    for (const commits of [1, 7, 20]) {
      const writer = startWriter();
      let seen = 0;
      for await (const line of createInterface({ input: writer.stdout! })) {
        committed.push(Number(line));
        seen++;
        if (seen === commits) writer.kill('SIGKILL');
      }
      if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
      expect(writer.signalCode).toBe('SIGKILL');
    }
    const store = await openStore({ dataDir, migrate: true, log: quiet });
    try {
      const { vehicleKey, snapshot, epoch } = await store.ingest.claim('A');
      const stored = (await store.ingest.reportsBetween(vehicleKey, T, T + 10_000_000)).map(
        (row) => row.report.time,
      );
      expect(new Set(stored).size).toBe(stored.length);
      expect(stored).toEqual(expect.arrayContaining(committed));
      expect(snapshot.last?.time).toBe(stored.at(-1));
      expect(epoch).toBe(4);
      // The state is that of the last report: each writer went on from where the one before ended.
      expect(stored).toEqual(stored.map((_, i) => T + (i + 1) * 1_000));
      await expect(openStore({ dataDir, migrate: true, log: quiet })).rejects.toThrow(
        `in use by process ${process.pid}`,
      );
    } finally {
      await store.close();
    }
    expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false);
  }, 180_000);
});

describe('the lock of a folder', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'lock');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused while its holder lives, and named', () => {
    const lock = lockFolder(path, 'the database');
    expect(() => lockFolder(path, 'the database')).toThrow(
      `the database is in use by process ${process.pid}`,
    );
    lock.release();
    lockFolder(path, 'the database').release();
  });

  it('of a process that has died is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(path, JSON.stringify({ pid: child.pid, started: 'whenever' }));
    lockFolder(path, 'the database').release();
    // Its number may be another process's by now.
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'another boot' }));
    lockFolder(path, 'the database').release();
    writeFileSync(path, 'half a li');
    lockFolder(path, 'the database').release();
  });
});
