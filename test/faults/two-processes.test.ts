import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimCaughtUp } from '../../services/ingest/catch-up.ts';
import { openStore } from '../../services/store/open-store.ts';
import type { Store } from '../../services/store/store.ts';
import { type IngestFixture, ingestFixture, PLAN_OF_NINE, phoneOf } from '../support/ingest-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { makePlainJudge } from '../support/plain-judge.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { locationBody } from '../support/terminal-bytes.ts';

const start = Math.floor(Date.now() / 1_000) * 1_000 - 3_600_000;
const at = (n: number, speedKmh = 36) => ({ time: start + n * 5_000, speedKmh });

describeWith('PostgreSQL with PostGIS', 'two ingest processes on one database', () => {
  let postgres: PostgresServer;
  let stores: Store[];
  let here: IngestFixture;
  let there: IngestFixture;
  const folder = mkdtempSync(join(tmpdir(), 'busguard-faults-'));

  beforeAll(async () => {
    postgres = await startPostgres();
    const databaseUrl = await postgres.createDatabase();
    const open = () =>
      openStore({
        databaseUrl,
        dataDir: folder,
        log: pino({ level: 'silent' }),
        migrate: true,
        dataKey: new Uint8Array(32),
      });
    // Each with a pool and a memory of its own, as in a process of its own.
    stores = [await open(), await open()];
    here = await ingestFixture({ store: stores[0] as Store });
    there = await ingestFixture({ store: stores[1] as Store });
  });

  afterAll(async () => {
    await here.close();
    await there.close();
    for (const store of stores) await store.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a terminal that comes back by the other goes on with its state, and its old connection is refused', async () => {
    const old = await here.terminal(phoneOf(1));
    const code = await old.login();
    // An episode is open when it moves over.
    expect(await old.report(at(0))).toBe(0);
    expect(await old.report(at(1, 80))).toBe(0);
    const moved = await there.terminal(phoneOf(1));
    expect(await moved.authenticate(code)).toBe(0);
    expect(await moved.report(at(2, 90))).toBe(0);
    const tried = old.send(0x0200, locationBody(at(3)));
    await old.whenClosed();
    expect(old.acked(tried)).toBe(false);
    expect(await here.metric('events_total', 'epoch_refused')).toBe(1);
    expect(await moved.report(at(4))).toBe(0);
    const [store] = stores as [Store];
    const findings = await store.findings.list({ vehicles: ['V1'], limit: 10 });
    expect(findings.map((f) => f.finding)).toMatchObject([
      { rule: 'speeding', start: at(1).time, end: at(4).time, evidence: { peakKmh: 90 } },
    ]);
    const track = await store.positions.track('V1', start, Date.now(), 100);
    expect(track.map((r) => r.time)).toEqual([0, 1, 2, 4].map((n) => at(n).time));
  });

  it('a terminal that goes to and fro under load loses nothing and stores nothing twice', async () => {
    let terminal = await here.terminal(phoneOf(2));
    const code = await terminal.login();
    const acked: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      if (n % 7 === 6) {
        // Something is on its way when the terminal moves; what was not answered is sent again over there.
        terminal.send(0x0200, locationBody(at(n)));
        terminal = await (n % 2 === 0 ? there : here).terminal(phoneOf(2));
        expect(await terminal.authenticate(code)).toBe(0);
      }
      expect(await terminal.report(at(n))).toBe(0);
      acked.push(at(n).time);
    }
    const track = await (stores[0] as Store).positions.track('V2', start, Date.now(), 1_000);
    expect(track.map((r) => r.time)).toEqual(acked);
    const { judged } = await claimCaughtUp((stores[0] as Store).ingest, makePlainJudge(PLAN_OF_NINE), 'V2');
    expect(judged).toMatchObject({ folded: 60 });
  });
});
