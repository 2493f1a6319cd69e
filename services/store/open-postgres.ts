import { pipeline } from 'node:stream/promises';
import knex from 'knex';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Logger } from 'pino';
import { columnTypes } from './column-types.ts';
import { type Database, makeDatabase } from './database.ts';
import { knexLog } from './knex-log.ts';

export interface PostgresOptions {
  readonly url: string;
  readonly log: Logger;
  /** Most connections this process takes. */
  readonly connections?: number;
  /** How long to wait for the server to take a connection. */
  readonly connectTimeoutMs?: number;
  /** How long to wait for one of our own connections to come free. */
  readonly acquireTimeoutMs?: number;
  /** How long one piece of work may take, where it does not say otherwise. */
  readonly timeoutMs?: number;
}

export const POSTGRES_DEFAULTS = {
  connections: 10,
  connectTimeoutMs: 5_000,
  acquireTimeoutMs: 15_000,
  timeoutMs: 30_000,
} as const;

/** A connection whose process froze in a transaction must not hold its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** TCP keep-alive starts after this much silence, so that a host that vanished is noticed. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** A pool on a PostgreSQL server. Connects on first use. */
export function openPostgres(options: PostgresOptions): Database {
  const { url, log, ...rest } = options;
  const limits = { ...POSTGRES_DEFAULTS, ...rest };
  const pool = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'busguard',
      connectionTimeoutMillis: limits.connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      types: columnTypes,
    } as object,
    acquireConnectionTimeout: limits.acquireTimeoutMs,
    pool: {
      min: 0,
      max: limits.connections,
      afterCreate: (client: pg.Client, done: (error: Error | null) => void) => {
        client
          .query(
            `set time zone 'UTC';
             set statement_timeout = ${limits.timeoutMs};
             set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`,
          )
          .then(() => done(null), done);
      },
    },
    log: knexLog(log),
  });
  return makeDatabase({ knex: pool, copy: copyOverWire, pipelines: true, timeoutMs: limits.timeoutMs });
}

async function copyOverWire(client: pg.Client, target: string, rows: Uint8Array): Promise<void> {
  await pipeline([rows], client.query(copyFrom(`copy ${target} from stdin with (format binary)`)));
}
