import { fromHex } from './bytes.ts';
import { encodeText } from './text.ts';

/** What the caller asks to be sent cannot be said in the protocol; `path` names the field. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly path: string;
  constructor(path: string, detail: string) {
    super(`${path}: ${detail}`);
    this.path = path;
  }
}

/** Largest body that is assembled for sending, bytes. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** A growing buffer of bytes. Compiled writers put fields of known width straight into it. */
export class Writer {
  buffer: Uint8Array;
  length = 0;

  constructor(bytes = 2048) {
    this.buffer = new Uint8Array(bytes);
  }

  /** Makes room for so many bytes more; the buffer may be another afterwards. */
  room(bytes: number): Uint8Array {
    const wanted = this.length + bytes;
    if (wanted <= this.buffer.length) return this.buffer;
    if (wanted > MAX_BODY_BYTES) throw new EncodeError('body', `longer than ${MAX_BODY_BYTES} bytes`);
    const bigger = new Uint8Array(Math.max(wanted, this.buffer.length * 2));
    bigger.set(this.buffer.subarray(0, this.length));
    this.buffer = bigger;
    return bigger;
  }

  u8(value: number): void {
    this.room(1)[this.length++] = value;
  }

  bytes(value: Uint8Array): void {
    this.room(value.length).set(value, this.length);
    this.length += value.length;
  }

  hex(value: unknown, path: string): void {
    const raw = typeof value === 'string' ? fromHex(value) : null;
    if (raw === null) throw new EncodeError(path, 'takes a string of hex digits');
    this.bytes(raw);
  }

  text(value: unknown, path: string): void {
    if (typeof value !== 'string') throw new EncodeError(path, 'takes a text');
    this.bytes(encodeText(value));
  }
}
