import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SpoolLimits {
  /** Bytes kept in memory before they are written to the file in one go. */
  readonly writeAtBytes: number;
  /** Bytes waiting for the disk beyond which no more is to be read from the network. */
  readonly maxWaitingBytes: number;
  /** Uploads under way at once in this process. */
  readonly maxOpen: number;
  /** Files of a process that died are removed when they are so old. */
  readonly abandonedMs: number;
}

export const SPOOL_DEFAULTS: SpoolLimits = {
  writeAtBytes: 32 * 1024,
  maxWaitingBytes: 128 * 1024,
  maxOpen: 256,
  abandonedMs: 3_600_000,
};

const SUFFIX = '.part';

/** The folder for uploads that are not whole yet. What is in it is acknowledged to nobody. */
export class Spool {
  readonly limits: SpoolLimits;
  readonly #folder: string;
  #open = 0;

  private constructor(folder: string, limits: SpoolLimits) {
    this.#folder = folder;
    this.limits = limits;
  }

  /** Makes the folder, and sweeps out what a process that died left in it. */
  static async open(folder: string, limits: Partial<SpoolLimits> = {}, now = Date.now()): Promise<Spool> {
    const spool = new Spool(folder, { ...SPOOL_DEFAULTS, ...limits });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await spool.sweep(now);
    return spool;
  }

  /** Removes files that nobody can be writing any more; several processes may share the folder. */
  async sweep(now: number): Promise<number> {
    let swept = 0;
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const path = join(this.#folder, name);
      const touched = await stat(path).then(
        (found) => found.mtimeMs,
        () => now,
      );
      if (now - touched < this.limits.abandonedMs) continue;
      await rm(path, { force: true });
      swept += 1;
    }
    return swept;
  }

  get openFiles(): number {
    return this.#open;
  }

  /** Null where too many are open. */
  file(): SpoolFile | null {
    if (this.#open >= this.limits.maxOpen) return null;
    this.#open += 1;
    return new SpoolFile(join(this.#folder, `${randomUUID()}${SUFFIX}`), this.limits, () => {
      this.#open -= 1;
    });
  }
}

/** A file that fills in any order while it is received. Its name is ours, and it is gone once discarded. */
export class SpoolFile {
  /** Called when the disk has caught up after `full`. */
  onDrain: (() => void) | null = null;
  readonly #path: string;
  readonly #limits: SpoolLimits;
  readonly #released: () => void;
  #pieces: { readonly data: Buffer; readonly at: number }[] = [];
  #waiting = 0;
  #handle: FileHandle | null = null;
  #writing: Promise<void> | null = null;
  #fault: Error | null = null;
  #discarded = false;

  constructor(path: string, limits: SpoolLimits, released: () => void) {
    this.#path = path;
    this.#limits = limits;
    this.#released = released;
  }

  /** Takes a copy of the bytes; they are on the disk some time later. */
  write(data: Uint8Array, at: number): void {
    if (this.#discarded || data.length === 0) return;
    this.#pieces.push({ data: Buffer.from(data), at });
    this.#waiting += data.length;
    if (this.#waiting >= this.#limits.writeAtBytes) void this.#drain();
  }

  /** More waits for the disk than may: the sender is to be stopped until `onDrain`. */
  get full(): boolean {
    return this.#waiting > this.#limits.maxWaitingBytes && this.#fault === null;
  }

  /** Why nothing more can be written, if so. */
  get fault(): Error | null {
    return this.#fault;
  }

  /** Resolves once everything is in the file; rejects where the disk did not take it. */
  async flush(): Promise<void> {
    while (this.#pieces.length > 0 || this.#writing) await this.#drain();
    if (this.#fault) throw this.#fault;
  }

  /** `length` bytes from `start`, after `flush`. */
  async *read(start: number, length: number): AsyncGenerator<Uint8Array> {
    const chunk = Buffer.allocUnsafe(Math.min(length, 64 * 1024));
    for (let at = start; at < start + length; ) {
      if (!this.#handle) throw new Error('the upload was given up');
      const wanted = Math.min(chunk.length, start + length - at);
      const { bytesRead } = await this.#handle.read(chunk, 0, wanted, at);
      if (bytesRead === 0) throw new Error(`the upload ends at ${at}`);
      // A copy: whoever reads may keep it while the next is read.
      yield Buffer.from(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  }

  #drain(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
      this.onDrain?.();
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#pieces.length > 0 && !this.#discarded) {
        this.#handle ??= await open(this.#path, 'wx+', 0o600);
        const pieces = this.#pieces;
        this.#pieces = [];
        for (const run of contiguous(pieces)) {
          const { bytesWritten } = await this.#handle.writev(run.data, run.at);
          if (bytesWritten !== run.bytes) throw new Error('the disk did not take all of it');
          this.#waiting -= run.bytes;
        }
      }
    } catch (error) {
      this.#fault = error as Error;
      this.#pieces = [];
      this.#waiting = 0;
    }
    if (this.#discarded) await this.#remove();
  }

  /** Gives the upload up, or has no more need of it. */
  async discard(): Promise<void> {
    if (this.#discarded) return;
    this.#discarded = true;
    this.#pieces = [];
    this.#waiting = 0;
    this.#released();
    if (this.#writing) await this.#writing;
    else await this.#remove();
  }

  async #remove(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (!handle) return;
    await handle.close();
    await rm(this.#path, { force: true });
  }
}

/** Pieces that follow each other, as one write. */
function* contiguous(
  pieces: readonly { readonly data: Buffer; readonly at: number }[],
): Generator<{ data: Buffer[]; at: number; bytes: number }> {
  let run: { data: Buffer[]; at: number; bytes: number } | null = null;
  for (const { data, at } of pieces) {
    // 1024 is what one writev of Linux takes.
    if (run && run.at + run.bytes === at && run.data.length < 1_024) {
      run.data.push(data);
      run.bytes += data.length;
      continue;
    }
    if (run) yield run;
    run = { data: [data], at, bytes: data.length };
  }
  if (run) yield run;
}
