import { fromHex } from './bytes.ts';
import { encodeText } from './text.ts';
import { digitBytes, writeMoment } from './time.ts';

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

/** A growing buffer of bytes, big-endian. */
export class Writer {
  buffer: Uint8Array;
  length = 0;

  constructor(bytes = 2048) {
    this.buffer = new Uint8Array(bytes);
  }

  private grow(more: number): void {
    const wanted = this.length + more;
    if (wanted > MAX_BODY_BYTES) throw new EncodeError('body', `longer than ${MAX_BODY_BYTES} bytes`);
    const bigger = new Uint8Array(Math.max(wanted, this.buffer.length * 2));
    bigger.set(this.buffer.subarray(0, this.length));
    this.buffer = bigger;
  }

  u8(value: number): void {
    if (this.length + 1 > this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  u16(value: number): void {
    if (this.length + 2 > this.buffer.length) this.grow(2);
    const { buffer } = this;
    buffer[this.length] = value >>> 8;
    buffer[this.length + 1] = value;
    this.length += 2;
  }

  u24(value: number): void {
    this.u8(value >>> 16);
    this.u16(value);
  }

  u32(value: number): void {
    if (this.length + 4 > this.buffer.length) this.grow(4);
    const { buffer } = this;
    buffer[this.length] = value >>> 24;
    buffer[this.length + 1] = value >>> 16;
    buffer[this.length + 2] = value >>> 8;
    buffer[this.length + 3] = value;
    this.length += 4;
  }

  number(value: number, size: number): void {
    if (size === 1) this.u8(value);
    else if (size === 2) this.u16(value);
    else if (size === 4) this.u32(value);
    else this.u24(value);
  }

  bytes(value: Uint8Array): void {
    if (this.length + value.length > this.buffer.length) this.grow(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  zeros(count: number): void {
    for (let i = 0; i < count; i++) this.u8(0);
  }

  hex(value: unknown, path: string): void {
    const raw = typeof value === 'string' ? fromHex(value) : null;
    if (raw === null) throw new EncodeError(path, 'takes a string of hex digits');
    this.bytes(raw);
  }

  fixedHex(value: unknown, width: number, path: string): void {
    const start = this.length;
    this.hex(value, path);
    if (this.length - start !== width) throw new EncodeError(path, `takes ${width} bytes of hex`);
  }

  /** Digits of a BCD field, padded with zeros on the left. */
  digits(value: unknown, width: number, path: string): void {
    if (typeof value !== 'string' || !/^[0-9a-fA-F]*$/.test(value) || value.length > 2 * width)
      throw new EncodeError(path, `takes up to ${2 * width} digits`);
    this.hex(value.padStart(2 * width, '0'), path);
  }

  scaledDigits(value: unknown, width: number, scale: number, path: string): void {
    const raw = typeof value === 'number' ? Math.round(value * scale) : -1;
    if (!(raw >= 0 && String(raw).length <= 2 * width)) throw new EncodeError(path, 'out of range');
    this.digits(String(raw), width, path);
  }

  text(value: unknown, path: string): void {
    if (typeof value !== 'string') throw new EncodeError(path, 'takes a text');
    for (let i = 0; i < value.length; i++) {
      if (value.charCodeAt(i) >= 0x80) {
        this.bytes(encodeText(value));
        return;
      }
    }
    for (let i = 0; i < value.length; i++) this.u8(value.charCodeAt(i));
  }

  paddedText(value: unknown, width: number, fill: number, left: boolean, path: string): void {
    const start = this.length;
    this.text(value, path);
    const pad = width - (this.length - start);
    if (pad < 0) throw new EncodeError(path, `longer than ${width} bytes`);
    for (let i = 0; i < pad; i++) this.u8(fill);
    if (left && pad > 0) {
      this.buffer.copyWithin(start + pad, start, start + width - pad);
      this.buffer.fill(fill, start, start + pad);
    }
  }

  /** Leaves room for a length of `size` bytes; `patch` fills it in. */
  reserve(size: number): number {
    this.zeros(size);
    return this.length;
  }

  patch(start: number, size: number, path: string, gap = 0): void {
    const written = this.length - start;
    if (size < 4 && written >= 1 << (8 * size)) {
      throw new EncodeError(path, `longer than ${(1 << (8 * size)) - 1} bytes`);
    }
    const at = start - gap;
    this.buffer[at - 1] = written;
    if (size > 1) this.buffer[at - 2] = written >>> 8;
    if (size > 2) {
      this.buffer[at - 3] = written >>> 16;
      this.buffer[at - 4] = written >>> 24;
    }
  }

  moment(value: unknown, utc: boolean, path: string): void {
    if (value === null) {
      this.zeros(6);
      return;
    }
    if (this.length + 6 > this.buffer.length) this.grow(6);
    if (typeof value !== 'string' || !writeMoment(this.buffer, this.length, value, utc ? 0 : 8)) {
      throw new EncodeError(path, 'takes an ISO 8601 time of 2000 to 2099 with its offset, or null');
    }
    this.length += 6;
  }

  window(value: unknown, path: string): void {
    if (typeof value === 'string' && /^\d\d:\d\d:\d\d$/.test(value)) {
      this.zeros(3);
      this.bytes(digitBytes(value));
    } else this.moment(value, false, path);
  }

  date(value: unknown, width: 3 | 4, path: string): void {
    if (value === null) {
      this.zeros(width);
      return;
    }
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value))
      throw new EncodeError(path, 'takes a date like 2026-03-02, or null');
    this.bytes(digitBytes(width === 3 ? value.slice(2) : value));
  }
}
