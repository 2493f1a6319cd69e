import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex from 'knex';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { Database } from '../../../services/store/database.ts';
import { openStoreWithDatabase, type StoreOptions } from '../../../services/store/open-store.ts';
import type { Store } from '../../../services/store/store.ts';
import { describeWith } from '../../support/needs.ts';
import { startPostgres } from '../../support/postgres.ts';

export const quiet = pino({ level: 'silent' });

/** An open store and its database, filled in before the tests run and emptied before each. */
export interface Opened {
  store: Store;
  database: Database;
}

const TABLES = [
  'vehicle_state',
  'positions',
  'finding',
  'finding_alias',
  'checkpoint',
  'quarantine',
  'outbox',
  'lease',
  'terminal',
  'plan_version',
  'plan_holding',
  'plan_file',
  'plan_holding',
  'account',
  'session',
  'terminal_command',
  'media',
  'vehicle_day',
  'gate_visit',
  'rolled_day',
  'position_hold',
  'held_position',
  'learned_time',
];

/** The same tests on the embedded database and on PostgreSQL. */
export function describeStores(
  title: string,
  body: (opened: Opened) => void,
  limits?: StoreOptions['limits'],
): void {
  describe(`${title}, embedded`, () => {
    const dataDir = temporaryFolder();
    withStore(async () => ({ dataDir, migrate: true, log: quiet, limits }), body);
    afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  });
  describeWith('PostgreSQL with PostGIS', `${title}, PostgreSQL`, () => {
    const dataDir = temporaryFolder();
    let stop = async () => {};
    withStore(async () => {
      const server = await startPostgres({ fsync: 'off' });
      stop = () => server.stop();
      const databaseUrl = await server.createDatabase();
      return { databaseUrl, dataDir, migrate: true, log: quiet, limits };
    }, body);
    afterAll(async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
  });
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'busguard-store-'));

function withStore(options: () => Promise<StoreOptions>, body: (opened: Opened) => void): void {
  const opened = {} as Opened;
  beforeAll(async () => {
    Object.assign(opened, await openStoreWithDatabase(await options()));
  });
  beforeEach(() => emptied(opened.database));
  afterAll(() => opened.store?.close());
  body(opened);
}

/** The append-only tables refuse this, as they should, and are left as they are. */
async function emptied(database: Database): Promise<void> {
  await database.run(`truncate ${TABLES.join(', ')} cascade`);
}

/** A connection of the test's own to the same PostgreSQL database. */
export const connectTo = (databaseUrl: string) => knex({ client: 'pg', connection: databaseUrl });
