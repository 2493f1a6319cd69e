import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../../services/store/open-store.ts';
import { type Store, StoreUnavailable } from '../../../services/store/store.ts';
import { describeWith } from '../../support/needs.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { quiet, temporaryFolder } from './backends.ts';
import { batch, position, report, T, vehicleWrite } from './values.ts';

describeWith('PostgreSQL with PostGIS', 'when PostgreSQL fails', () => {
  const dataDir = temporaryFolder();
  let server: PostgresServer;
  let store: Store;
  let databaseUrl: string;

  beforeAll(async () => {
    server = await startPostgres();
    databaseUrl = await server.createDatabase();
    store = await openStore({
      databaseUrl,
      dataDir,
      migrate: true,
      log: quiet,
      limits: { connectTimeoutMs: 2_000, acquireTimeoutMs: 4_000, timeoutMs: 3_000 },
    });
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const VEHICLES = 50;
  const claimed = () => Promise.all(Array.from({ length: VEHICLES }, (_, i) => store.ingest.claim(`V${i}`)));
  const batchOf = (owners: Awaited<ReturnType<typeof claimed>>, time: number) =>
    batch({
      vehicles: owners.map(({ vehicleKey, epoch }, i) =>
        vehicleWrite(`V${i}`, vehicleKey, epoch, { last: report(`V${i}`, { time }) }),
      ),
      positions: owners.map(({ vehicleKey }, i) => position(vehicleKey, report(`V${i}`, { time }))),
    });

  it('a commit cut off by its crash is whole or absent, and goes through once it is back', async () => {
    const owners = await claimed();
    let time = T;
    for (let round = 0; round < 4; round++) {
      const acknowledged: number[] = [];
      let lost: ReturnType<typeof batchOf> | null = null;
      let crashing: Promise<void> | null = null;
      while (lost === null) {
        time += 1_000;
        const writes = batchOf(owners, time);
        // The first commits go through; then the server dies while others are under way.
        if (acknowledged.length === 3) crashing = server.crash();
        try {
          await store.ingest.commit(writes);
          acknowledged.push(time);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
          lost = writes;
        }
      }
      await crashing;
      await expect(store.ping(1_000)).rejects.toBeInstanceOf(StoreUnavailable);
      await server.start();
      await store.ping(5_000);
      for (const { vehicleKey } of owners.slice(0, 3)) {
        const times = (await store.ingest.reportsBetween(vehicleKey, acknowledged[0]!, time)).map(
          (row) => row.report.time,
        );
        expect(times.slice(0, acknowledged.length)).toEqual(acknowledged);
      }
      const counts = await Promise.all(
        owners.map(
          async ({ vehicleKey }) => (await store.ingest.reportsBetween(vehicleKey, time, time)).length,
        ),
      );
      expect([0, VEHICLES]).toContain(counts.reduce((sum, count) => sum + count, 0));
      // What was not acknowledged comes again, and is there once.
      await store.ingest.commit(lost);
      expect(await store.ingest.reportsBetween(owners[0]!.vehicleKey, time, time)).toHaveLength(1);
    }
  }, 60_000);

  it('a commit waits for a server that is frozen, while a question gives up', async () => {
    const owners = await claimed();
    await server.pause();
    try {
      const commit = store.ingest.commit(batchOf(owners, T + 1_000_000));
      await expect(store.ping(300)).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.users.list()).rejects.toBeInstanceOf(StoreUnavailable);
      await server.resume();
      expect((await commit).refused.size).toBe(0);
    } finally {
      await server.resume();
    }
    expect(
      await store.ingest.reportsBetween(owners[0]!.vehicleKey, T + 1_000_000, T + 1_000_000),
    ).toHaveLength(1);
    await store.ping(2_000);
  }, 60_000);

  it('every process may migrate at the same time', async () => {
    const fresh = await server.createDatabase();
    const stores = await Promise.all(
      [1, 2, 3].map(() => openStore({ databaseUrl: fresh, dataDir, migrate: true, log: quiet })),
    );
    for (const one of stores) await one.close();
    const again = await openStore({ databaseUrl: fresh, dataDir, migrate: false, log: quiet });
    await again.close();
    const empty = await server.createDatabase();
    await expect(openStore({ databaseUrl: empty, dataDir, migrate: false, log: quiet })).rejects.toThrow(
      /lacks the steps 0001.*busguard migrate/,
    );
  });
});
