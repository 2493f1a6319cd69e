import type { Fault } from '../message.ts';
import { ESCAPE, FLAG, MAX_FRAME_BYTES, xor } from './escape.ts';

export interface FramerOptions {
  /** Largest frame unescaped and without flags, bytes; default 1045 (2092 on the wire at worst). */
  readonly maxFrameBytes?: number;
  /** Garbage is reported at the latest after so many bytes; default 4096. */
  readonly maxGarbageBytes?: number;
}

/** A framing fault with the beginning of the bytes that caused it. */
export type FrameFault = Fault & {
  readonly bytes: Uint8Array;
  /** How many bytes there were in all; `bytes` keeps the first of them. */
  readonly byteCount: number;
};

/** The shortest frame: header of 12 and checksum. */
const MIN_FRAME_BYTES = 13;
const KEPT_GARBAGE_BYTES = 256;

/**
 * Cuts a byte stream into frames at the 0x7e flags, however it was cut into chunks. One flag may end a frame and
 * begin the next; bytes that belong to no frame are reported, as one fault for each stretch. Memory is one frame.
 */
export class StreamFramer {
  private readonly maxFrameBytes: number;
  private readonly maxGarbageBytes: number;
  /** The unfinished frame, unescaped. */
  private readonly pending: Uint8Array;
  private length = 0;
  private escaped = false;
  /** A 0x7d was followed by neither 0x01 nor 0x02; only a right checksum then makes this a frame. */
  private stray = false;
  /** A flag was seen, and what follows it may be a frame. */
  private inside = false;
  /** Why the bytes since the last flag are no frame; null while they may be one. */
  private broken: string | null = null;
  private garbage = 0;
  private readonly kept = new Uint8Array(KEPT_GARBAGE_BYTES);

  constructor(options: FramerOptions = {}) {
    this.maxFrameBytes = options.maxFrameBytes ?? MAX_FRAME_BYTES;
    this.maxGarbageBytes = options.maxGarbageBytes ?? 4096;
    this.pending = new Uint8Array(this.maxFrameBytes);
  }

  /** Bytes of a frame that has begun and not ended. */
  get pendingBytes(): number {
    return this.length + (this.escaped ? 1 : 0);
  }

  /**
   * Takes the next bytes. `onFrame` gets header, body and checksum without flags and escapes: a view that is good
   * only during the call.
   */
  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void, onFault: (fault: FrameFault) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (!this.inside || this.broken !== null) at = this.skip(chunk, at, onFault);
      else at = this.collect(chunk, at, onFrame, onFault);
    }
  }

  /** Garbage up to the next flag. */
  private skip(chunk: Uint8Array, start: number, onFault: (fault: FrameFault) => void): number {
    let at = start;
    while (at < chunk.length && chunk[at] !== FLAG) {
      if (this.garbage < KEPT_GARBAGE_BYTES) this.kept[this.garbage] = chunk[at]!;
      this.garbage++;
      at++;
      if (this.garbage >= this.maxGarbageBytes) this.report(onFault);
    }
    if (at === chunk.length) return at;
    this.report(onFault);
    this.begin();
    return at + 1;
  }

  /** Bytes of a frame up to its closing flag. */
  private collect(
    chunk: Uint8Array,
    start: number,
    onFrame: (frame: Uint8Array) => void,
    onFault: (fault: FrameFault) => void,
  ): number {
    // The usual case: the whole frame is in this chunk and has no escapes, so it needs no copy.
    if (this.length === 0 && !this.escaped) {
      let at = start;
      const limit = Math.min(chunk.length, start + this.maxFrameBytes + 1);
      while (at < limit && chunk[at] !== FLAG && chunk[at] !== ESCAPE) at++;
      if (at < limit && chunk[at] === FLAG) {
        if (at - start >= MIN_FRAME_BYTES) onFrame(chunk.subarray(start, at));
        else if (at > start) this.tooShort(chunk.subarray(start, at), onFault);
        return at + 1;
      }
    }
    const { pending } = this;
    for (let at = start; at < chunk.length; at++) {
      let byte = chunk[at]!;
      if (byte === FLAG) {
        this.finish(onFrame, onFault);
        return at + 1;
      }
      if (this.escaped) {
        this.escaped = false;
        if (byte === 1 || byte === 2) byte = ESCAPE - 1 + byte;
        else {
          // Taken as it is; this byte is looked at again.
          this.stray = true;
          byte = ESCAPE;
          at--;
        }
      } else if (byte === ESCAPE) {
        this.escaped = true;
        continue;
      }
      if (this.length === this.maxFrameBytes) {
        this.fail(`longer than ${this.maxFrameBytes} bytes without a closing flag`);
        return Math.max(at, start);
      }
      pending[this.length++] = byte;
    }
    return chunk.length;
  }

  private begin(): void {
    this.inside = true;
    this.broken = null;
    this.length = 0;
    this.escaped = false;
    this.stray = false;
  }

  private finish(onFrame: (frame: Uint8Array) => void, onFault: (fault: FrameFault) => void): void {
    // A bare 0x7d before the flag is a checksum that was not escaped.
    if (this.escaped && this.length < this.maxFrameBytes) {
      this.pending[this.length++] = ESCAPE;
      this.stray = true;
    }
    const frame = this.pending.subarray(0, this.length);
    const { stray } = this;
    this.begin();
    if (stray && xor(frame, 0, frame.length) !== 0) {
      this.refuse(frame, '0x7d is followed by neither 0x01 nor 0x02', onFault);
    } else if (frame.length >= MIN_FRAME_BYTES) onFrame(frame);
    else if (frame.length > 0) this.tooShort(frame, onFault);
  }

  private tooShort(bytes: Uint8Array, onFault: (fault: FrameFault) => void): void {
    this.refuse(bytes, `${bytes.length} bytes between flags are no frame`, onFault);
  }

  private refuse(bytes: Uint8Array, detail: string, onFault: (fault: FrameFault) => void): void {
    onFault({
      error: 'framing',
      detail,
      bytes: bytes.slice(0, KEPT_GARBAGE_BYTES),
      byteCount: bytes.length,
    });
  }

  /** Gives the unfinished frame up: what it had and what follows up to the next flag is garbage. */
  private fail(reason: string): void {
    this.broken = reason;
    this.garbage = this.length;
    this.kept.set(this.pending.subarray(0, Math.min(this.length, KEPT_GARBAGE_BYTES)));
    this.length = 0;
    this.escaped = false;
  }

  private report(onFault: (fault: FrameFault) => void): void {
    if (this.garbage === 0) return;
    const byteCount = this.garbage;
    this.garbage = 0;
    onFault({
      error: 'framing',
      detail: this.broken ?? `${byteCount} bytes before a flag`,
      bytes: this.kept.slice(0, Math.min(byteCount, KEPT_GARBAGE_BYTES)),
      byteCount,
    });
  }
}
