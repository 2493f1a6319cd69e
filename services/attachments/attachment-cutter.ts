import { isFilePacket } from '../../protocol/jsatl12/stream-packet.ts';
import { FILE_PACKET_HEAD_BYTES, readFilePacketHead } from '../../protocol/jsatl12/stream-packet-head.ts';
import { FLAG } from '../../protocol/jt808/frame/escape.ts';
import { StreamFramer } from '../../protocol/jt808/index.ts';

/** What comes on the attachment port. */
export type AttachmentUnit =
  /** Unescaped, good until the next unit is asked for. */
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  /** A stretch of a file, perhaps only a piece of its packet. */
  | { readonly type: 'data'; readonly fileName: string; readonly offset: number; readonly data: Uint8Array }
  | {
      readonly type: 'fault';
      readonly reason: 'garbage' | 'framing' | 'packet_too_long';
      readonly detail: string;
    };

/** The longest frame on the wire: header, body and checksum with every byte escaped, and two flags. */
const MAX_WIRE_BYTES = 2 * 1_045 + 2;

const MAGIC = [0x30, 0x31, 0x63, 0x64];

/**
 * Cuts the stream of one terminal: frames of JT/T 808 between flags, and packets of files, which have a length and no
 * escapes (T/JSATL 12-2017 table 4-26). Of a packet only the head is kept in memory; its data go on as they come.
 */
export class AttachmentCutter {
  readonly #maxPacketBytes: number;
  readonly #framer = new StreamFramer();
  /** A frame or a head that has begun. */
  #begun: Buffer = Buffer.alloc(0);
  #packet: { readonly fileName: string; offset: number; left: number } | null = null;
  #lost = false;

  constructor(maxPacketBytes: number) {
    this.#maxPacketBytes = maxPacketBytes;
  }

  *cut(chunk: Uint8Array): Generator<AttachmentUnit> {
    let rest: Buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0) {
      if (this.#packet) {
        const data = rest.subarray(0, this.#packet.left);
        rest = rest.subarray(data.length);
        const { fileName, offset } = this.#packet;
        this.#packet.offset += data.length;
        this.#packet.left -= data.length;
        if (this.#packet.left === 0) this.#packet = null;
        yield { type: 'data', fileName, offset, data };
        continue;
      }
      const all: Buffer = this.#begun.length === 0 ? rest : Buffer.concat([this.#begun, rest]);
      this.#begun = Buffer.alloc(0);
      rest = Buffer.alloc(0);
      const taken = yield* this.#begin(all);
      if (taken > 0) rest = all.subarray(taken);
      else this.#begun = Buffer.from(all);
    }
  }

  /** Takes one unit from the start of `all`; returns how many bytes it had, 0 where it is not whole yet. */
  *#begin(all: Buffer): Generator<AttachmentUnit, number> {
    if (all[0] === FLAG) return yield* this.#frame(all);
    if (isFilePacket(all)) {
      this.#lost = false;
      if (all.length < FILE_PACKET_HEAD_BYTES) return 0;
      const { fileName, offset, bytes } = readFilePacketHead(all);
      if (bytes > this.#maxPacketBytes) {
        yield {
          type: 'fault',
          reason: 'packet_too_long',
          detail: `${bytes} bytes, more than ${this.#maxPacketBytes}`,
        };
        return FILE_PACKET_HEAD_BYTES;
      }
      if (bytes > 0) this.#packet = { fileName, offset, left: bytes };
      return FILE_PACKET_HEAD_BYTES;
    }
    if (all.length < MAGIC.length && MAGIC.every((byte, i) => i >= all.length || all[i] === byte)) return 0;
    return yield* this.#skip(all);
  }

  *#frame(all: Buffer): Generator<AttachmentUnit, number> {
    const end = all.indexOf(FLAG, 1);
    // A flag of its own: it ended what came before.
    if (end === 1) return 1;
    if (end < 0) {
      if (all.length < MAX_WIRE_BYTES) return 0;
      yield { type: 'fault', reason: 'framing', detail: `${all.length} bytes without a closing flag` };
      this.#lost = true;
      return 1;
    }
    this.#lost = false;
    const units: AttachmentUnit[] = [];
    this.#framer.push(
      all.subarray(0, end + 1),
      (frame) => units.push({ type: 'frame', frame: Buffer.from(frame) }),
      ({ detail }) => units.push({ type: 'fault', reason: 'framing', detail }),
    );
    yield* units;
    return end + 1;
  }

  /** Up to the next flag or packet; one fault for one stretch of garbage, however it is cut. */
  *#skip(all: Buffer): Generator<AttachmentUnit, number> {
    const flag = all.indexOf(FLAG);
    const packet = all.indexOf(Buffer.from(MAGIC), 1);
    const next = Math.min(flag < 0 ? all.length : flag, packet < 0 ? all.length : packet);
    if (!this.#lost) yield { type: 'fault', reason: 'garbage', detail: `${next} bytes that are neither` };
    this.#lost = true;
    return next;
  }
}
