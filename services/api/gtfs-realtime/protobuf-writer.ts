/** Wire types of protocol buffers (protobuf.dev, "Encoding"). */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Writes the few kinds of protobuf fields that GTFS-realtime uses. Fields are written in the order of the calls. */
export class ProtobufWriter {
  readonly #bytes: number[] = [];

  /** Any whole number from 0 to 2^53. */
  uint(field: number, value: number): this {
    this.#tag(field, VARINT);
    this.#varint(value);
    return this;
  }

  /** Any whole number of 32 bits; negative ones take ten bytes, as an int32 does. */
  int(field: number, value: number): this {
    if (value >= 0) return this.uint(field, value);
    this.#tag(field, VARINT);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      this.#bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.#bytes.push(Number(rest));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, FIXED_32);
    const four = new DataView(new ArrayBuffer(4));
    four.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.#bytes.push(four.getUint8(i));
    return this;
  }

  text(field: number, value: string): this {
    return this.#sized(field, new TextEncoder().encode(value));
  }

  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    return this.#sized(field, inner.#bytes);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #sized(field: number, bytes: ArrayLike<number>): this {
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.#bytes.push(bytes[i] ?? 0);
    return this;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    let rest = value;
    // Not by shifts: those cut a number to 32 bits.
    while (rest >= 128) {
      this.#bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
  }
}
