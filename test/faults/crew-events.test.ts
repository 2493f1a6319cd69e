import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import type { CrewEvent } from '../../geo/vehicle-event.ts';
import type { Bus } from '../../services/bus/bus.ts';
import { openBus } from '../../services/bus/open-bus.ts';
import { claimCaughtUp } from '../../services/ingest/catch-up.ts';
import { sendCrewEvent } from '../../services/ingest/send-crew-event.ts';
import { openStore } from '../../services/store/open-store.ts';
import type { Store } from '../../services/store/store.ts';
import { type IngestFixture, ingestFixture, PLAN_OF_NINE, phoneOf } from '../support/ingest-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '../support/postgres.ts';

const log = pino({ level: 'silent' });
const start = Math.floor(Date.now() / 1_000) * 1_000 - 600_000;
const at = (n: number) => ({ time: start + n * 5_000, speedKmh: 36 });
const boarded = (id: string, rider: string): CrewEvent => ({
  id,
  by: 'app',
  kind: 'boarded',
  rider,
  stop: null,
});
const said = (event: CrewEvent, time: number, vehicle = 'V1') => ({ vehicle, event, at: time, place: null });

const ridersOf = async (store: Store, vehicle: string): Promise<readonly string[]> => {
  const { judged } = await claimCaughtUp(store.ingest, makeJudge(PLAN_OF_NINE), vehicle);
  return (judged as unknown as { crew?: { load?: { riders: string[] } } }).crew?.load?.riders ?? [];
};
const eventRows = async (store: Store, vehicle: string): Promise<number> => {
  let rows = 0;
  for await (const chunk of store.positions.all(start - 3_600_000, Date.now() + 3_600_000))
    rows += chunk.filter((one) => one.vehicle === vehicle && one.eventsOnly).length;
  return rows;
};

describeWith(['PostgreSQL with PostGIS', 'NATS server'], 'events of people and two ingest processes', () => {
  let postgres: PostgresServer;
  let nats: NatsServer;
  let stores: Store[];
  let buses: Bus[];
  let here: IngestFixture;
  let there: IngestFixture;
  /** As a web process asks. */
  let asking: Bus;
  const folder = mkdtempSync(join(tmpdir(), 'busguard-crew-'));

  beforeAll(async () => {
    [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    const databaseUrl = await postgres.createDatabase();
    const open = () =>
      openStore({ databaseUrl, dataDir: folder, log, migrate: true, dataKey: new Uint8Array(32) });
    const join = () => openBus({ natsUrl: nats.url, log });
    stores = [await open(), await open()];
    buses = [await join(), await join(), await join()];
    asking = buses[2] as Bus;
    here = await ingestFixture({ store: stores[0] as Store, bus: buses[0] as Bus, makeJudge });
    there = await ingestFixture({ store: stores[1] as Store, bus: buses[1] as Bus, makeJudge });
  });

  afterAll(async () => {
    await here?.close();
    await there?.close();
    for (const bus of buses ?? []) await bus.close();
    for (const store of stores ?? []) await store.close();
    await nats?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reach the process that holds the terminal, which goes on undisturbed', async () => {
    const terminal = await there.terminal(phoneOf(1));
    await terminal.login();
    expect(await terminal.report(at(0))).toBe(0);
    for (let n = 1; n <= 5; n += 1) {
      expect(await sendCrewEvent(asking, said(boarded(`b-${n}`, `r${n}`), at(n).time - 1_000))).toEqual({
        ok: true,
        stored: 'now',
      });
      expect(await terminal.report(at(n))).toBe(0);
    }
    expect(terminal.closed).toBe(false);
    expect(await there.metric('events_total', 'epoch_refused')).toBe(0);
    expect(await there.metric('events_total', 'crew_event')).toBe(5);
    expect(await here.metric('events_total', 'crew_event')).toBe(0);
    expect(await eventRows(stores[0] as Store, 'V1')).toBe(5);
  });

  it('are taken by one of the two where no terminal is connected, and once, whoever is asked', async () => {
    const all = Array.from({ length: 12 }, (_, n) => said(boarded(`c-${n}`, `r${n}`), at(n).time, 'V2'));
    const answers = await Promise.all([...all, ...all].map((one) => sendCrewEvent(asking, one)));
    expect(answers.every((one) => one?.ok)).toBe(true);
    expect(await eventRows(stores[0] as Store, 'V2')).toBe(12);
    expect(await ridersOf(stores[0] as Store, 'V2')).toHaveLength(12);
  });

  it('follow a terminal that moves from one process to the other', async () => {
    let terminal = await here.terminal(phoneOf(3));
    const code = await terminal.login();
    for (let n = 0; n < 12; n += 1) {
      if (n % 4 === 3) {
        terminal = await (n % 8 === 3 ? there : here).terminal(phoneOf(3));
        expect(await terminal.authenticate(code)).toBe(0);
      }
      expect(await terminal.report(at(n))).toBe(0);
      const answer = await sendCrewEvent(asking, said(boarded(`d-${n}`, `r${n}`), at(n).time + 1_000, 'V3'));
      expect(answer).toMatchObject({ ok: true });
    }
    expect(await eventRows(stores[0] as Store, 'V3')).toBe(12);
    expect((await ridersOf(stores[1] as Store, 'V3')).length).toBe(12);
  });
});

describe('events of people on the embedded database', () => {
  it('are stored once and lead to the state that whoever takes over finds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'busguard-crew-'));
    const store = await openStore({ dataDir: folder, log, migrate: true, dataKey: new Uint8Array(32) });
    const fixture = await ingestFixture({ store, makeJudge });
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    expect(await terminal.report(at(0))).toBe(0);
    for (const stored of ['now', 'before'])
      expect(await sendCrewEvent(fixture.bus, said(boarded('b-1', 'r1'), at(1).time))).toEqual({
        ok: true,
        stored,
      });
    expect(await sendCrewEvent(fixture.bus, said(boarded('b-2', 'r2'), at(1).time, 'V2'))).toMatchObject({
      ok: true,
    });
    await fixture.close();
    expect(await ridersOf(store, 'V1')).toEqual(['r1']);
    expect(await ridersOf(store, 'V2')).toEqual(['r2']);
    expect((await store.positions.latest()).map((one) => one.vehicle)).toEqual(['V1']);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
});
