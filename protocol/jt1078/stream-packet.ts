import { hex } from '../jt808/compile/bytes.ts';

/** Payload packet of live and recorded media: JT/T 1078-2016 table 19. Not escaped; a length delimits it. */
export interface MediaPacket {
  readonly marker: boolean;
  /** Codec id (table 12). */
  readonly payloadType: number;
  readonly sequence: number;
  readonly sim: string;
  readonly channelId: number;
  /** 0 I, 1 P, 2 B frame, 3 audio, 4 transparent. */
  readonly dataType: number;
  /** 0 whole, 1 first, 2 last, 3 middle. */
  readonly subpacket: number;
  /** Milliseconds; null for transparent data. */
  readonly timestampMs: bigint | null;
  /** Milliseconds since the last I frame and since the last frame; null unless video. */
  readonly sinceIFrameMs: number | null;
  readonly sinceFrameMs: number | null;
  readonly data: Uint8Array;
}

const MAGIC = 0x30316364;
const MAX_DATA_BYTES = 950;

/**
 * Reads the packet at `start`: it and its length, null while bytes are missing, or why it is none. `simBytes` is 6 by
 * the table; some terminals of 2019 send 10.
 */
export function readMediaPacket(
  b: Uint8Array,
  start = 0,
  simBytes: 6 | 10 = 6,
): { readonly packet: MediaPacket; readonly length: number } | null | { readonly error: string } {
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  if (b.length - start < 4) return null;
  if (view.getUint32(start) !== MAGIC) return { error: 'does not begin with 30316364' };
  const kindAt = start + 8 + simBytes + 1;
  if (b.length <= kindAt) return null;
  const dataType = b[kindAt]! >>> 4;
  const video = dataType <= 2;
  const timed = dataType !== 4;
  const lengthAt = kindAt + 1 + (timed ? 8 : 0) + (video ? 4 : 0);
  if (b.length < lengthAt + 2) return null;
  const dataBytes = view.getUint16(lengthAt);
  if (dataBytes > MAX_DATA_BYTES) return { error: `${dataBytes} bytes of data, more than ${MAX_DATA_BYTES}` };
  const end = lengthAt + 2 + dataBytes;
  if (b.length < end) return null;
  return {
    length: end - start,
    packet: {
      marker: (b[start + 5]! & 0x80) !== 0,
      payloadType: b[start + 5]! & 0x7f,
      sequence: view.getUint16(start + 6),
      sim: hex(b, start + 8, start + 8 + simBytes),
      channelId: b[kindAt - 1]!,
      dataType,
      subpacket: b[kindAt]! & 15,
      timestampMs: timed ? view.getBigUint64(kindAt + 1) : null,
      sinceIFrameMs: video ? view.getUint16(kindAt + 9) : null,
      sinceFrameMs: video ? view.getUint16(kindAt + 11) : null,
      data: b.subarray(lengthAt + 2, end),
    },
  };
}
