import { type Header, type MediaHead, readMediaHead } from '../../protocol/jt808/index.ts';
import type { SpoolFile } from '../media/spool.ts';

/** Whose packet this is, from its header, or from the body where the edition of 2011 counts there. */
export interface MediaPacket {
  readonly header: Header;
  readonly part: number;
  readonly parts: number;
  /** Of the first packet; what 0x8003 names. */
  readonly firstSerial: number;
  /** Where the data begin in a packet that has a head of its own. */
  readonly head: MediaHead | null;
}

/** Reads where a packet belongs. A message in one piece is the first packet of one. Null: too short to be any. */
export function mediaPacketOf(header: Header, body: Uint8Array): MediaPacket | null {
  if (header.parts > 1) {
    const { part, parts, serial } = header;
    if (part < 1 || part > parts) return null;
    const head = part === 1 ? readMediaHead(body) : null;
    if (part === 1 && !head) return null;
    return { header, part, parts, firstSerial: (serial - (part - 1)) & 0xffff, head };
  }
  const head = readMediaHead(body);
  if (!head) return null;
  const { part, parts } = head.counted ?? { part: 1, parts: 1 };
  return { header, part, parts, firstSerial: (header.serial - (part - 1)) & 0xffff, head };
}

/**
 * One medium on its way: its packets go into the spool in the order in which they come, and where each went is
 * remembered. Memory is six bytes a packet and what waits for the disk.
 */
export class MediaUpload {
  readonly firstSerial: number;
  readonly parts: number;
  readonly header: Header;
  readonly spool: SpoolFile;
  readonly startedAt: number;
  /** `refused`: too long; what still comes of it is passed over. */
  state: 'coming' | 'keeping' | 'kept' | 'refused' = 'coming';
  head: MediaHead | null = null;
  bytes = 0;
  received = 0;
  touchedAt: number;
  lastPartSeen = false;
  /** Requests for missing packets since the last packet that was new. */
  requests = 0;
  readonly #at: Uint32Array;
  readonly #length: Uint16Array;
  /** A packet may be empty of data; this says that it came. */
  readonly #came: Uint8Array;

  constructor(packet: MediaPacket, spool: SpoolFile, now: number) {
    this.firstSerial = packet.firstSerial;
    this.parts = packet.parts;
    this.header = packet.header;
    this.spool = spool;
    this.startedAt = now;
    this.touchedAt = now;
    this.#at = new Uint32Array(packet.parts);
    this.#length = new Uint16Array(packet.parts);
    this.#came = new Uint8Array(packet.parts);
  }

  /** False where the packet was here before. */
  take(packet: MediaPacket, body: Uint8Array, now: number): boolean {
    const i = packet.part - 1;
    this.touchedAt = now;
    if (packet.part === this.parts) this.lastPartSeen = true;
    if (this.#came[i]) return false;
    const data = body.subarray(this.#dataAt(packet, body));
    this.head ??= packet.head;
    this.#came[i] = 1;
    this.#at[i] = this.bytes;
    this.#length[i] = data.length;
    this.spool.write(data, this.bytes);
    this.bytes += data.length;
    this.received += 1;
    this.requests = 0;
    return true;
  }

  has(part: number): boolean {
    return this.#came[part - 1] === 1;
  }

  get whole(): boolean {
    return this.received === this.parts;
  }

  /** Numbers of packets that did not come, from 1. */
  missing(most: number): number[] {
    const missing: number[] = [];
    for (let i = 0; i < this.parts && missing.length < most; i += 1) if (!this.#came[i]) missing.push(i + 1);
    return missing;
  }

  /** The data in their order, after the spool was flushed. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < this.parts; ) {
      const start = this.#at[i]!;
      let end = start + this.#length[i]!;
      i += 1;
      while (i < this.parts && this.#at[i] === end) end += this.#length[i++]!;
      yield* this.spool.read(start, end - start);
    }
  }

  /** Only the first packet has a head, but for terminals that count in the body: there each has. */
  #dataAt(packet: MediaPacket, body: Uint8Array): number {
    if (packet.head) return packet.head.dataAt;
    if (!this.head?.counted) return 0;
    const own = readMediaHead(body);
    return own?.mediaId === this.head.mediaId && own.counted?.part === packet.part ? own.dataAt : 0;
  }
}
