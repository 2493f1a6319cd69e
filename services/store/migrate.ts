import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { putUpWalls } from './tenancy/put-up-walls.ts';

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({ up: (knex) => migration.up(knex), down: async () => undefined }),
};
const config: Knex.MigratorConfig = { migrationSource: source, tableName: 'migration' };

/** One number known to all processes of the system, so that only one of them migrates. */
const MIGRATION_LOCK = 0x6275_7367;

/**
 * Brings the schema up to date; returns the names of the steps taken. Safe with several processes starting at once,
 * and after one that was killed half-way: the lock is a session's, and each step is one transaction.
 */
export async function migrate(knex: Knex, log: Logger): Promise<string[]> {
  return knex.transaction(async (held) => {
    await held.raw('set local idle_in_transaction_session_timeout = 0; set local statement_timeout = 0');
    await held.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await createPostgis(held);
    // Knex's own lock row would outlive a killed process; ours does not, and it is held here.
    const steps: string[] = [];
    const [, names] = (await held.migrate.latest({ ...config, disableTransactions: true })) as [
      number,
      string[],
    ];
    steps.push(...names);
    if (steps.length > 0) log.info({ steps }, 'database schema brought up to date');
    if (await putUpWalls(held)) log.info('rights of viewers put up');
    return steps;
  });
}

/** Names of the steps the database lacks. */
export async function pendingMigrations(knex: Knex): Promise<string[]> {
  const [, pending] = (await knex.migrate.list(config)) as [unknown, Migration[]];
  return pending.map((migration) => migration.name);
}

async function createPostgis(knex: Knex): Promise<void> {
  const found = await knex.raw("select 1 from pg_extension where extname = 'postgis'");
  if (found.rows.length > 0) return;
  try {
    await knex.raw('create extension postgis');
  } catch (error) {
    throw new Error(
      'the database lacks the extension postgis and this login may not create it; let its owner run: create extension postgis',
      { cause: error },
    );
  }
}
