/** Escaping and checksum: JT/T 808-2019 4.4.2 and 4.4.4. */
export const FLAG = 0x7e;
export const ESCAPE = 0x7d;

/** Header 21, body 1023, checksum 1, every byte escaped, two flags. */
export const MAX_WIRE_BYTES = 2 * (21 + 1023 + 1) + 2;
/** The same unescaped and without flags. */
export const MAX_FRAME_BYTES = 21 + 1023 + 1;

/** XOR of a stretch of bytes. */
export function xor(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let i = start;
  for (const last = end - 7; i < last; i += 8) {
    sum ^=
      bytes[i]! ^
      bytes[i + 1]! ^
      bytes[i + 2]! ^
      bytes[i + 3]! ^
      bytes[i + 4]! ^
      bytes[i + 5]! ^
      bytes[i + 6]! ^
      bytes[i + 7]!;
  }
  for (; i < end; i++) sum ^= bytes[i]!;
  return sum;
}

/**
 * Takes escapes out, left to right; `target` may be `source`. Returns the length, negative where a 0x7d was followed
 * by neither 0x01 nor 0x02 and was taken as it is: some terminals forget to escape, and the checksum then tells.
 */
export function unescapeInto(source: Uint8Array, target: Uint8Array): number {
  let length = 0;
  let stray = false;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i]!;
    const next = source[i + 1];
    if (byte !== ESCAPE) target[length++] = byte;
    else if (next === 1 || next === 2) {
      target[length++] = ESCAPE - 1 + next;
      i++;
    } else {
      target[length++] = byte;
      stray = true;
    }
  }
  return stray ? -length : length;
}

/** A ready-to-send frame of unescaped header and body: checksum, escapes, flags. */
export function sealFrame(content: Uint8Array, start = 0, end = content.length): Uint8Array {
  let escapes = 0;
  let sum = 0;
  for (let i = start; i < end; i++) {
    const byte = content[i]!;
    sum ^= byte;
    if (byte === FLAG || byte === ESCAPE) escapes++;
  }
  if (sum === FLAG || sum === ESCAPE) escapes++;
  const out = allocate(end - start + 3 + escapes);
  out[0] = FLAG;
  out[out.length - 1] = FLAG;
  let at = 1;
  if (escapes === 0) {
    for (let i = start; i < end; i++) out[at++] = content[i]!;
    out[at] = sum;
    return out;
  }
  for (let i = start; i < end; i++) at = putEscaped(out, at, content[i]!);
  putEscaped(out, at, sum);
  return out;
}

/** Frames are cut from slabs of this many bytes: an allocation of its own costs more than writing the frame. */
const SLAB_BYTES = 8192;
let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

function allocate(bytes: number): Uint8Array {
  if (bytes > SLAB_BYTES / 8) return new Uint8Array(bytes);
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const out = new Uint8Array(slab, used, bytes);
  used += bytes;
  return out;
}

/** Bytes of a frame that is written where it stays, beside the same memory by words. */
export class FrameSlab {
  readonly bytes: Uint8Array;
  private readonly words: Int32Array;

  /** `size` is a multiple of 4. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.words = new Int32Array(this.bytes.buffer);
  }

  /**
   * Puts flags and checksum around header and body where they lie, and escapes between them: the frame from
   * `start - 1` to the position returned. `start` is a multiple of 4; after `end` as many bytes must be free as there
   * are before it, and three. Four bytes are looked at at once.
   */
  seal(start: number, end: number): number {
    const { bytes, words } = this;
    const wordsEnd = end >> 2;
    let sum = 0;
    let escapes = 0;
    for (let i = start >> 2; i < wordsEnd; i++) {
      const word = words[i]!;
      sum ^= word;
      const found = zeroBytes(word ^ 0x7d7d7d7d) | zeroBytes(word ^ 0x7e7e7e7e);
      if (found !== 0) escapes += Math.imul(found >>> 7, 0x01010101) >>> 24;
    }
    sum ^= sum >>> 16;
    sum = (sum ^ (sum >>> 8)) & 0xff;
    for (let i = wordsEnd << 2; i < end; i++) {
      const byte = bytes[i]!;
      sum ^= byte;
      if (byte === FLAG || byte === ESCAPE) escapes++;
    }
    bytes[start - 1] = FLAG;
    const flagAt = putEscaped(bytes, end + escapes, sum);
    bytes[flagAt] = FLAG;
    if (escapes > 0) spread(bytes, end, escapes);
    return flagAt + 1;
  }
}

/** 0x80 in every byte of a word that is zero. */
function zeroBytes(word: number): number {
  return ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f);
}

/**
 * Moves bytes up to make room for their escapes: from the end, so that nothing is overwritten before it is moved. What
 * precedes the first escape stays.
 */
function spread(bytes: Uint8Array, end: number, escapes: number): void {
  let shift = escapes;
  for (let i = end - 1; shift > 0; i--) {
    const byte = bytes[i]!;
    if (byte === FLAG || byte === ESCAPE) {
      bytes[i + shift] = byte - (ESCAPE - 1);
      shift--;
      bytes[i + shift] = ESCAPE;
    } else bytes[i + shift] = byte;
  }
}

function putEscaped(out: Uint8Array, at: number, byte: number): number {
  if (byte !== FLAG && byte !== ESCAPE) {
    out[at] = byte;
    return at + 1;
  }
  out[at] = ESCAPE;
  out[at + 1] = byte - (ESCAPE - 1);
  return at + 2;
}
