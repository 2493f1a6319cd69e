const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex of a stretch of bytes. */
export function hex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let out = '';
  for (let i = start; i < end; i++) out += HEX[bytes[i]!];
  return out;
}

/** Bytes of a hex string; null where it is not hex. */
export function fromHex(digits: string): Uint8Array | null {
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return null;
  const out = new Uint8Array(digits.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** "0x0200", or "0x01020304" where it takes more. */
export function id4(id: number): string {
  return `0x${id
    .toString(16)
    .toUpperCase()
    .padStart(id > 0xffff ? 8 : 4, '0')}`;
}

/** "0xE1" */
export function id2(id: number): string {
  return `0x${id.toString(16).toUpperCase().padStart(2, '0')}`;
}
