import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import knex from 'knex';
import type pg from 'pg';
import type { Logger } from 'pino';
import { columnTypes } from '../column-types.ts';
import { type Database, makeDatabase } from '../database.ts';
import { knexLog } from '../knex-log.ts';
import {
  beginFolder,
  copyTemplate,
  finishFolder,
  isWhole,
  keepTemplate,
  templateFolder,
} from './data-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { leanBundle, makeLeanBundle } from './postgis-bundle.ts';
import { type FromWorker, ROWS_FILE, type ToWorker, type WorkerSetup } from './protocol.ts';
import { WorkerWire } from './wire.ts';

export interface EmbeddedOptions {
  /** The database lives in its folder `postgres`. */
  readonly dataDir: string;
  readonly log: Logger;
  /** How long one piece of work waits for those before it. There is one connection. */
  readonly acquireTimeoutMs?: number;
}

export const EMBEDDED_DEFAULTS = { acquireTimeoutMs: 120_000 } as const;

/** Opens PostgreSQL with PostGIS in a thread of this process, making its folder at first. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const { dataDir, log } = options;
  mkdirSync(dataDir, { recursive: true });
  const folder = join(dataDir, 'postgres');
  const lock = lockFolder(join(dataDir, 'postgres.lock'), `the database in ${dataDir}`);
  try {
    if (!existsSync(join(folder, 'PG_VERSION'))) await makeFolder(folder, log);
    const start = performance.now();
    log.info({ folder }, 'opening the embedded database');
    const engine = await startEngine({ folder, bundle: leanBundle() }, log);
    log.info({ ms: Math.round(performance.now() - start) }, 'embedded database open');
    return databaseOn(engine, options, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Makes what the first start would make, so that it need not: called when the packages are installed. */
export async function prepareEmbedded(log: Logger): Promise<void> {
  if (isWhole(templateFolder())) return;
  const folder = mkdtempSync(join(tmpdir(), 'busguard-template-'));
  try {
    await makeFolder(join(folder, 'postgres'), log);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeFolder(folder: string, log: Logger): Promise<void> {
  const start = performance.now();
  const template = templateFolder();
  if (!copyTemplate(template, folder)) {
    log.info({ folder }, 'making the embedded database for the first time: about 15 seconds');
    const begun = beginFolder(folder);
    const engine = await startEngine({ folder: begun, bundle: null }, log);
    log.info('embedded database initialised; adding PostGIS');
    const database = databaseOn(engine, { dataDir: folder, log }, () => undefined);
    await database.run('create extension postgis');
    await database.close();
    keepForLater(() => keepTemplate(begun, template), log);
    finishFolder(begun, folder);
  }
  keepForLater(makeLeanBundle, log);
  log.info({ ms: Math.round(performance.now() - start) }, 'embedded database made');
}

/** Where the packages' folder cannot be written, what comes later is slower and nothing else. */
function keepForLater(keep: () => void, log: Logger): void {
  try {
    keep();
  } catch (error) {
    log.debug({ err: error }, 'the embedded database could not keep something for later');
  }
}

interface Engine {
  readonly worker: Worker;
  send(message: ToWorker): void;
  close(): Promise<void>;
}

async function startEngine(setup: WorkerSetup, log: Logger): Promise<Engine> {
  const worker = new Worker(new URL('./start-worker.mjs', import.meta.url), {
    workerData: setup,
    // Not the loader of the main thread: the first file registers its own.
    execArgv: [],
  });
  await started(worker, setup.folder);
  worker.on('error', (error) => log.fatal({ err: error }, 'the embedded database failed'));
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'note') log.debug({ ms: message.ms }, `embedded database: ${message.text}`);
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const send = (message: ToWorker) => worker.postMessage(message);
  return {
    worker,
    send,
    async close() {
      send({ type: 'close' });
      await ended;
    },
  };
}

function started(worker: Worker, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      worker.off('error', onError).off('exit', onExit).off('message', onMessage);
      end();
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () =>
      settle(() => reject(new Error(`the embedded database in ${folder} ended as it started`)));
    const onMessage = (message: FromWorker) => {
      if (message.type === 'ready') settle(resolve);
    };
    worker.on('error', onError).on('exit', onExit).on('message', onMessage);
  });
}

function databaseOn(engine: Engine, options: EmbeddedOptions, release: () => void): Database {
  const pool = knex({
    client: 'pg',
    // A function: knex copies an object deeply, and a worker does not like that.
    connection: () => ({
      stream: () => new WorkerWire(engine.worker),
      user: 'postgres',
      database: 'postgres',
      password: '',
      types: columnTypes,
    }),
    acquireConnectionTimeout: options.acquireTimeoutMs ?? EMBEDDED_DEFAULTS.acquireTimeoutMs,
    pool: {
      min: 0,
      max: 1,
      afterCreate: (client: pg.Client, done: (error: Error | null) => void) => {
        client.query(`set time zone 'UTC'`).then(() => done(null), done);
      },
    },
    log: knexLog(options.log),
  });
  return makeDatabase({
    knex: pool,
    // The engine cannot take COPY from its wire: the rows go to a file of its own, in memory.
    async copy(client, target, rows) {
      engine.send({ type: 'rows', bytes: rows });
      await client.query(`copy ${target} from '${ROWS_FILE}' with (format binary)`);
    },
    pipelines: false,
    timeoutMs: null,
    async afterClose() {
      await engine.close();
      release();
    },
  });
}
