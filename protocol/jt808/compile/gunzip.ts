import { Gunzip } from 'fflate';

/** So many bytes are unpacked at once: at most about a thousand times as many come of them. */
const SLICE_BYTES = 512;

/** Unpacks GZIP; why it cannot be done, where it is none, is cut off, or is more than `maxBytes`. */
export function gunzip(packed: Uint8Array, maxBytes: number): Uint8Array | string {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let ended = false;
  const stream = new Gunzip((chunk, last) => {
    bytes += chunk.length;
    ended = last;
    if (bytes <= maxBytes) chunks.push(chunk);
  });
  try {
    for (let at = 0; at < packed.length && bytes <= maxBytes; at += SLICE_BYTES)
      stream.push(packed.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= packed.length);
  } catch (error) {
    return `is no GZIP: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (bytes > maxBytes) return `unpacks to more than ${maxBytes} bytes`;
  if (!ended || packed.length < 18) return 'is no whole GZIP';
  const out = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
