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
  for (let i = start; i < end; i++) sum ^= bytes[i]!;
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

/**
 * The same without a copy, where header and body need no escapes: there must be one byte free before `start` and two
 * after `end`. Null where there is something to escape.
 */
export function sealInPlace(content: Uint8Array, start: number, end: number): Uint8Array | null {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const byte = content[i]!;
    if (byte === FLAG || byte === ESCAPE) return null;
    sum ^= byte;
  }
  if (sum === FLAG || sum === ESCAPE) return null;
  content[start - 1] = FLAG;
  content[end] = sum;
  content[end + 1] = FLAG;
  return content.subarray(start - 1, end + 2);
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
