import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Knex } from 'knex';
import type pg from 'pg';
import { StoreUnavailable } from './store.ts';
import { storeError } from './unavailable.ts';

/** One connection for the time of one piece of work. */
export interface Session {
  rows<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** How many rows the statement touched. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Binary COPY into `target`, a table with its columns in parentheses. */
  copy(target: string, rows: Uint8Array): Promise<void>;
  /** Does `make`, which may be done again, once in the life of this connection (its temporary tables). */
  once(name: string, make: () => Promise<void>): Promise<void>;
}

/** The pool of connections, the same over PostgreSQL and over the embedded database. */
export interface Database {
  readonly knex: Knex;
  rows<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  session<T>(work: (session: Session) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** Commits what `work` did, or nothing of it. `work` may run again after a deadlock or a serialisation failure. */
  transaction<T>(work: (session: Session) => Promise<T>, timeoutMs?: number): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly knex: Knex;
  /** Sends the rows of a binary COPY. */
  readonly copy: (client: pg.Client, target: string, rows: Uint8Array) => Promise<void>;
  /** A piece of work that takes longer loses its connection and fails; null: it takes what it takes. */
  readonly timeoutMs: number | null;
  /** Ends what the pool rests on, after the pool. */
  readonly afterClose?: () => Promise<void>;
}

/** A deadlock or a serialisation failure undoes the transaction; done again it mostly goes through. */
const TRANSACTION_ATTEMPTS = 4;

type PooledClient = pg.Client & {
  /** Knex's mark on a connection that the pool must not hand out again. */
  __knex__disposed?: unknown;
  /** The driver's own connection. */
  readonly connection: { readonly stream: Duplex };
};

interface ConnectionPool {
  acquireConnection(): Promise<PooledClient>;
  releaseConnection(client: PooledClient): Promise<void>;
}

export function makeDatabase(options: DatabaseOptions): Database {
  const pool = options.knex.client as ConnectionPool;
  const made = new WeakMap<pg.Client, Set<string>>();

  const sessionOn = (client: PooledClient): Session => ({
    rows: async (sql, values) => (await client.query(statement(sql, values))).rows,
    run: async (sql, values) => (await client.query(statement(sql, values))).rowCount ?? 0,
    copy: (target, rows) => options.copy(client, target, rows),
    async once(name, make) {
      const names = made.get(client) ?? new Set();
      made.set(client, names);
      if (names.has(name)) return;
      await make();
      names.add(name);
    },
  });

  /** Runs `work` on a connection of its own, which it loses after `timeoutMs`. */
  const withClient = async <T>(work: (client: PooledClient) => Promise<T>, timeoutMs: number | null) => {
    let client: PooledClient | null = null;
    let timer: NodeJS.Timeout | undefined;
    try {
      const held = await pool.acquireConnection();
      client = held;
      if (timeoutMs !== null) {
        timer = setTimeout(() => {
          const late = new StoreUnavailable(`the database did not answer within ${timeoutMs} ms`);
          held.__knex__disposed = late;
          held.connection.stream.destroy(late);
        }, timeoutMs);
      }
      return await work(held);
    } catch (error) {
      throw storeError(error);
    } finally {
      clearTimeout(timer);
      if (client) await pool.releaseConnection(client);
    }
  };

  const limit = (timeoutMs: number | undefined) =>
    options.timeoutMs === null ? null : (timeoutMs ?? options.timeoutMs);

  const session: Database['session'] = (work, timeoutMs) =>
    withClient((client) => work(sessionOn(client)), limit(timeoutMs));

  const transactionOnce = <T>(work: (session: Session) => Promise<T>, timeoutMs: number | null) =>
    withClient(async (client) => {
      // The server's own limit on one statement must not be the shorter one.
      const setLimit = timeoutMs === null ? '' : `; set local statement_timeout = ${timeoutMs}`;
      await client.query(`begin${setLimit}`);
      try {
        const result = await work(sessionOn(client));
        await client.query('commit');
        return result;
      } catch (error) {
        // What `once` made in this transaction goes with it.
        made.delete(client);
        await client.query('rollback').catch((rollbackError: unknown) => {
          client.__knex__disposed = rollbackError;
        });
        throw error;
      }
    }, timeoutMs);

  return {
    knex: options.knex,
    session,
    rows: (sql, values) => session((s) => s.rows(sql, values)),
    run: (sql, values) => session((s) => s.run(sql, values)),
    async transaction(work, timeoutMs) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await transactionOnce(work, limit(timeoutMs));
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS || !isConflict(error)) throw error;
        }
      }
    },
    async close() {
      await options.knex.destroy();
      await options.afterClose?.();
    },
  };
}

function isConflict(error: unknown): boolean {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return code === '40P01' || code === '40001';
}

const names = new Map<string, string>();

/**
 * Statements with parameters are prepared once per connection. Their texts are constants of this folder, but for the
 * filters of one list, so the names stay few.
 */
function statement(sql: string, values: readonly unknown[] | undefined): pg.QueryConfig {
  if (values === undefined) return { text: sql };
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha1').update(sql).digest('hex').slice(0, 24);
    names.set(sql, name);
  }
  return { name, text: sql, values: values as unknown[] };
}
