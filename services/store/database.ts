import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Knex } from 'knex';
import pg from 'pg';
import { storableText } from './column-types.ts';
import { runPipeline, type Step } from './pipeline.ts';
import { StoreUnavailable } from './store.ts';
import { VIEWER_ROLE } from './tenancy/put-up-walls.ts';
import { viewerTenants } from './tenancy/viewer-scope.ts';
import { storeError } from './unavailable.ts';

/** Where statements go whose answers nobody waits for. */
export interface Writer {
  run(sql: string, values?: readonly unknown[]): Promise<unknown>;
  /** Binary COPY into `target`, a table with its columns in parentheses. */
  copy(target: string, rows: Uint8Array): Promise<void>;
}

/** One connection for the time of one piece of work. */
export interface Session extends Writer {
  rows<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** How many rows the statement touched. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
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
  /**
   * A transaction whose statements are known beforehand, in one write and one answer; null where the database has no
   * such way. `ready` sees to the connection first. Only for what, coming twice, fails the second time: where the
   * connection is lost the server may yet do all of it.
   */
  readonly pipeline:
    | ((
        ready: (session: Session) => Promise<void>,
        steps: readonly Step[],
        timeoutMs: number,
      ) => Promise<void>)
    | null;
  /**
   * The same for the queries of a viewer: each in a transaction of the role that row-level security binds, with the
   * tenants of `asViewer`. Nothing can be asked outside of that.
   */
  asViewer(): Database;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly knex: Knex;
  /** Sends the rows of a binary COPY. */
  readonly copy: (client: pg.Client, target: string, rows: Uint8Array) => Promise<void>;
  /** The server takes many statements at once. */
  readonly pipelines: boolean;
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

  const sessionOn = (client: PooledClient, as: Asker = OWNER): Session => ({
    rows: async (sql, values) => (await client.query(statement(sql, values, as.mark))).rows,
    run: async (sql, values) => (await client.query(statement(sql, values, as.mark))).rowCount ?? 0,
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

  const transactionOnce = <T>(
    work: (session: Session) => Promise<T>,
    timeoutMs: number | null,
    as: Asker = OWNER,
  ) => {
    const become = as.become();
    return withClient(async (client) => {
      // The server's own limit on one statement must not be the shorter one.
      const setLimit = timeoutMs === null ? '' : `; set local statement_timeout = ${timeoutMs}`;
      try {
        await client.query(`begin${setLimit}${become}`);
        const result = await work(sessionOn(client, as));
        await client.query('commit');
        return result;
      } catch (error) {
        // What `once` made in this transaction goes with it.
        made.delete(client);
        await rollBack(client);
        throw error;
      }
    }, timeoutMs);
  };

  const pipelineOnce = (
    ready: (session: Session) => Promise<void>,
    steps: readonly Step[],
    timeoutMs: number | null,
  ) =>
    withClient(async (client) => {
      await ready(sessionOn(client));
      const limits = timeoutMs === null ? [] : [step(`set local statement_timeout = ${timeoutMs}`)];
      try {
        await runPipeline(client, [step('begin'), ...limits, ...steps, step('commit')]);
      } catch (error) {
        await rollBack(client);
        throw error;
      }
    }, timeoutMs);

  const close = async (): Promise<void> => {
    await options.knex.destroy();
    await options.afterClose?.();
  };

  const viewerTransaction: Database['transaction'] = (work, timeoutMs) =>
    untilNoConflict(() => transactionOnce(work, limit(timeoutMs), VIEWER));
  const forViewer: Database = {
    knex: options.knex,
    session: viewerTransaction,
    rows: (sql, values) => viewerTransaction((s) => s.rows(sql, values)),
    run: (sql, values) => viewerTransaction((s) => s.run(sql, values)),
    transaction: viewerTransaction,
    pipeline: null,
    asViewer: () => forViewer,
    close,
  };

  return {
    knex: options.knex,
    session,
    rows: (sql, values) => session((s) => s.rows(sql, values)),
    run: (sql, values) => session((s) => s.run(sql, values)),
    transaction: (work, timeoutMs) => untilNoConflict(() => transactionOnce(work, limit(timeoutMs))),
    pipeline: options.pipelines
      ? (ready, steps, timeoutMs) => untilNoConflict(() => pipelineOnce(ready, steps, limit(timeoutMs)))
      : null,
    asViewer: () => forViewer,
    close,
  };
}

/** As whom a transaction runs. */
interface Asker {
  /** SQL behind `begin` that becomes them, for the time of the transaction. */
  become(): string;
  /** Of their prepared statements: a plan made for one role is made anew for another. */
  readonly mark: string;
}

const OWNER: Asker = { become: () => '', mark: '' };

const VIEWER: Asker = {
  become: () => {
    const tenants = viewerTenants();
    const list = tenants === 'all' ? ['*'] : tenants;
    const literal = pg.escapeLiteral(`{${list.map(arrayItem).join(',')}}`);
    return `; set local role ${VIEWER_ROLE}; select set_config('busguard.tenants', ${literal}, true)`;
  },
  mark: 'viewer ',
};

/** An item of an array literal; a lone star is nobody's name, since names have a kind before them. */
const arrayItem = (text: string): string =>
  text === '*' ? text : `"${storableText(text).replace(/["\\]/g, '\\$&')}"`;

async function untilNoConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRANSACTION_ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

async function rollBack(client: PooledClient): Promise<void> {
  await client.query('rollback').catch((rollbackError: unknown) => {
    client.__knex__disposed = rollbackError;
  });
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
function statement(sql: string, values: readonly unknown[] | undefined, mark: string): pg.QueryConfig {
  if (values === undefined) return { text: sql };
  return { name: nameOf(mark + sql), text: sql, values: values as unknown[] };
}

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha1').update(sql).digest('hex').slice(0, 24);
    names.set(sql, name);
  }
  return name;
}

const step = (sql: string, values: readonly unknown[] = [], rows: Uint8Array | null = null): Step => ({
  name: nameOf(sql),
  sql,
  values,
  rows,
});

/** Takes statements down for a pipeline; the rows of a COPY must stay as they are until it is done. */
export class StepWriter implements Writer {
  readonly steps: Step[] = [];

  async run(sql: string, values: readonly unknown[] = []): Promise<void> {
    this.steps.push(step(sql, values));
  }

  async copy(target: string, rows: Uint8Array): Promise<void> {
    this.steps.push(step(`copy ${target} from stdin with (format binary)`, [], rows));
  }
}
