import { decodePadded, encodeText } from '../jt808/compile/text.ts';
import { EncodeError } from '../jt808/compile/writer.ts';

/** One stretch of an attachment file: T/JSATL 12-2017 table 4-26. Not escaped; a length delimits it. */
export interface FilePacket {
  /** As the terminal says; never a path. */
  readonly fileName: string;
  readonly offset: number;
  readonly data: Uint8Array;
}

const MAGIC = 0x30316364;
const NAME_BYTES = 50;
const HEAD_BYTES = 4 + NAME_BYTES + 8;

/** Do these bytes begin a file packet, rather than a frame of the same connection? */
export function isFilePacket(b: Uint8Array, start = 0): boolean {
  return b[start] === 0x30 && b[start + 1] === 0x31 && b[start + 2] === 0x63 && b[start + 3] === 0x64;
}

/** Reads the packet at `start`; null while bytes are missing; an error where it is longer than `maxBytes`. */
export function readFilePacket(
  b: Uint8Array,
  start = 0,
  maxBytes = 64 * 1024,
): { readonly packet: FilePacket; readonly length: number } | null | { readonly error: string } {
  if (b.length - start < HEAD_BYTES) return null;
  if (!isFilePacket(b, start)) return { error: 'does not begin with 30316364' };
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  const offset = view.getUint32(start + 4 + NAME_BYTES);
  const bytes = view.getUint32(start + 8 + NAME_BYTES);
  if (bytes > maxBytes) return { error: `${bytes} bytes of data, more than ${maxBytes}` };
  const end = start + HEAD_BYTES + bytes;
  if (b.length < end) return null;
  const fileName = decodePadded(b, start + 4, start + 4 + NAME_BYTES);
  return { length: end - start, packet: { fileName, offset, data: b.subarray(start + HEAD_BYTES, end) } };
}

/** The bytes of a packet; throws `EncodeError` where the name is longer than 50 bytes. */
export function writeFilePacket(packet: FilePacket): Uint8Array {
  const { fileName, offset, data } = packet;
  const name = encodeText(fileName);
  if (name.length > NAME_BYTES) throw new EncodeError('fileName', `longer than ${NAME_BYTES} bytes`);
  const out = new Uint8Array(HEAD_BYTES + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC);
  out.set(name, 4);
  view.setUint32(4 + NAME_BYTES, offset);
  view.setUint32(8 + NAME_BYTES, data.length);
  out.set(data, HEAD_BYTES);
  return out;
}
