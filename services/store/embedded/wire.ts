import { Duplex } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './protocol.ts';

/**
 * The driver's side of the wire to the worker: looks to `pg` like a TCP socket. `pg` writes whole messages, and waits
 * for the answer to one piece of work before the next, so nothing piles up.
 */
export class WorkerWire extends Duplex {
  readonly #worker: Worker;

  constructor(worker: Worker) {
    super();
    this.#worker = worker;
    worker.on('message', this.#receive);
    worker.once('exit', this.#exited);
  }

  readonly #receive = (message: FromWorker) => {
    if (message.type === 'wire') this.push(message.bytes);
  };

  readonly #exited = () => {
    this.destroy(new Error('Connection terminated: the embedded database has ended'));
  };

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed as they come.
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#send(new Uint8Array(chunk));
    done();
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: (error?: Error) => void): void {
    this.#send(new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))));
    done();
  }

  override _final(done: (error?: Error) => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#worker.off('message', this.#receive);
    this.#worker.off('exit', this.#exited);
    done(error);
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    const message: ToWorker = { type: 'wire', bytes };
    this.#worker.postMessage(message, [bytes.buffer]);
  }
}
