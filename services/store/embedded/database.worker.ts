import { fsyncSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { postgis } from '@electric-sql/pglite-postgis';
import { type FromWorker, ROWS_FILE, type ToWorker, type WorkerSetup } from './protocol.ts';
import { makeUpkeep } from './upkeep.ts';

/**
 * Runs PostgreSQL (PGlite) in this thread and speaks its wire protocol with the main one, so that the same driver
 * serves both databases. It is one session: one thing at a time, in order.
 */

/** The part of the engine's file system that is used here; PGlite does not type it. */
interface EngineFiles {
  readonly filesystems: {
    readonly NODEFS: { readonly stream_ops: { fsync?: (stream: { nfd?: number }) => number } };
  };
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
  analyzePath(path: string): { readonly exists: boolean };
  mkdirTree(path: string): void;
}

/** A folder whose writes reach the disk when PostgreSQL asks for it: by itself PGlite leaves them to the system. */
class DurableFolder extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args);
    const installFsync = (module: { FS: unknown }) => {
      (module.FS as EngineFiles).filesystems.NODEFS.stream_ops.fsync = ({ nfd }) => {
        if (nfd !== undefined) fsyncSync(nfd);
        return 0;
      };
    };
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), installFsync] },
    };
  }
}

/** PGlite's own, but with fsync on. */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  // The engine has no fdatasync that does anything.
  '-c',
  'wal_sync_method=fsync',
];

const setup = workerData as WorkerSetup;
const port = parentPort!;
const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

/** PostGIS from the bundle that the set-up names. */
const bundled: typeof postgis = {
  ...postgis,
  async setup(...args) {
    const whole = await postgis.setup(...args);
    return setup.bundle === null ? whole : { ...whole, bundlePath: pathToFileURL(setup.bundle) };
  },
};

const database = await PGlite.create({
  fs: new DurableFolder(setup.folder),
  extensions: { postgis: bundled },
  startParams: START_PARAMETERS,
});
const files = database.Module.FS as unknown as EngineFiles;
if (!files.analyzePath('/tmp').exists) files.mkdirTree('/tmp');
const upkeep = makeUpkeep(database, (text, ms) => say({ type: 'note', text, ms }));

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'rows') {
    upkeep.wrote(message.bytes.length);
    files.writeFile(ROWS_FILE, message.bytes);
    return;
  }
  if (message.type === 'close') {
    await database.exec('checkpoint');
    await database.close();
    say({ type: 'closed' });
    port.close();
    return;
  }
  // A start-up packet has no type byte: its first byte is the high one of its length. It begins a new session in
  // the driver's eyes, while the engine has had only one: what the one before left behind goes first.
  if (message.bytes[0] === 0) {
    await database.exec('rollback');
    await database.exec('discard all');
  }
  const answers: Uint8Array[] = [];
  await database.execProtocolRawStream(message.bytes, {
    syncToFs: false,
    onRawData: (bytes) => {
      answers.push(bytes.slice());
    },
  });
  const own = new Uint8Array(readyOnce(Buffer.concat(answers)));
  upkeep.wrote(message.bytes.length);
  say({ type: 'wire', bytes: own }, [own.buffer]);
  if (isIdle(own)) await upkeep.whileIdle();
}

const READY_BYTES = 6;
const READY = 0x5a;
const IDLE = 0x49;

/** After an error in the extended protocol the engine says ReadyForQuery twice, which would end the next query too. */
function readyOnce(answer: Buffer): Buffer {
  const last = answer.length - READY_BYTES;
  const before = last - READY_BYTES;
  const twice =
    before >= 0 && answer[before] === READY && answer.compare(answer, last, undefined, before, last) === 0;
  return twice ? answer.subarray(0, last) : answer;
}

/** The answer ends in ReadyForQuery with status idle: no transaction is open, nothing is half said. */
function isIdle(answer: Uint8Array): boolean {
  const at = answer.length - READY_BYTES;
  return at >= 0 && answer[at] === READY && answer[at + READY_BYTES - 1] === IDLE;
}

let turn = Promise.resolve();
port.on('message', (message: ToWorker) => {
  // A fault of the engine ends the thread: what it holds in memory cannot be trusted, what it committed is on disk.
  turn = turn.then(() => handle(message));
});
say({ type: 'ready' });
