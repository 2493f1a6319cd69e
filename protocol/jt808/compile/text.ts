import iconv from 'iconv-lite';

/** GB 18030 both ways. The web label `gbk` maps some codes to private use and breaks four-byte characters. */
const decoder = new TextDecoder('gb18030');

/** Text of a stretch of bytes; plain ASCII, which most of it is, without the decoder. */
export function decodeText(b: Uint8Array, start: number, end: number): string {
  if (end - start <= 64) {
    let out = '';
    for (let i = start; i < end; i++) {
      const byte = b[i]!;
      if (byte >= 0x80) return decoder.decode(b.subarray(start, end));
      out += String.fromCharCode(byte);
    }
    return out;
  }
  return decoder.decode(b.subarray(start, end));
}

/** The same without the padding that terminals put on either side: 0x00 and spaces. */
export function decodePadded(b: Uint8Array, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && (b[from] === 0 || b[from] === 0x20)) from++;
  while (to > from && (b[to - 1] === 0 || b[to - 1] === 0x20)) to--;
  return decodeText(b, from, to);
}

/** GB 18030 bytes of a text; plain ASCII, which most of it is, without the encoder. */
export function encodeText(value: string): Uint8Array {
  const ascii = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code >= 0x80) return iconv.encode(value, 'gb18030');
    ascii[i] = code;
  }
  return ascii;
}
