/** PostgreSQL's binary COPY format ("COPY", section "Binary Format"): signature, flags and extension length. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER_BYTES = 2;
/** 2000-01-01T00:00Z, the origin of PostgreSQL's timestamps. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;
const START_BYTES = 64 * 1024;

/**
 * Writes rows for binary COPY into one buffer that grows and is used again: no object is made per row or per field.
 * Call `row(fields)` and then as many field methods as it says.
 */
export class CopyRows {
  #buffer = Buffer.allocUnsafe(START_BYTES);
  #view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.byteLength);
  #at = 0;
  #rows = 0;

  constructor() {
    this.reset();
  }

  get rows(): number {
    return this.#rows;
  }

  reset(): void {
    HEADER.copy(this.#buffer);
    this.#at = HEADER.length;
    this.#rows = 0;
  }

  /** Everything written so far, closed; valid until the next `reset`. */
  finish(): Uint8Array {
    this.#view.setInt16(this.#at, -1);
    return this.#buffer.subarray(0, this.#at + TRAILER_BYTES);
  }

  row(fields: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#at, fields);
    this.#at += 2;
    this.#rows++;
  }

  none(): void {
    this.#reserve(4);
    this.#view.setInt32(this.#at, -1);
    this.#at += 4;
  }

  int4(value: number | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(8);
    this.#view.setInt32(this.#at, 4);
    this.#view.setInt32(this.#at + 4, value);
    this.#at += 8;
  }

  /** A whole number of magnitude below 2^53 as int8. */
  int8(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.int8Words(high, value - high * TWO_32);
  }

  /** An int8 by its two halves. */
  int8Words(high: number, low: number): void {
    this.#reserve(12);
    this.#view.setInt32(this.#at, 8);
    this.#view.setInt32(this.#at + 4, high);
    this.#view.setInt32(this.#at + 8, low);
    this.#at += 12;
  }

  float8(value: number | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(12);
    this.#view.setInt32(this.#at, 8);
    this.#view.setFloat64(this.#at + 4, value);
    this.#at += 12;
  }

  bool(value: boolean | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(5);
    this.#view.setInt32(this.#at, 1);
    this.#view.setUint8(this.#at + 4, value ? 1 : 0);
    this.#at += 5;
  }

  /** Milliseconds since the epoch as timestamptz. */
  timestamp(ms: number | null): void {
    if (ms === null) this.none();
    else this.int8((ms - POSTGRES_EPOCH_MS) * 1000);
  }

  text(value: string | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(4 + value.length * 3);
    const bytes = this.#buffer.write(value, this.#at + 4, 'utf8');
    this.#view.setInt32(this.#at, bytes);
    this.#at += 4 + bytes;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(4 + value.length);
    this.#view.setInt32(this.#at, value.length);
    this.#buffer.set(value, this.#at + 4);
    this.#at += 4 + value.length;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes + TRAILER_BYTES;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer, larger.byteOffset, larger.byteLength);
  }
}
