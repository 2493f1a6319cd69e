import { decodePadded } from '../jt808/compile/text.ts';

/** What stands before the data of a file packet: T/JSATL 12-2017 table 4-26. */
export interface FilePacketHead {
  /** As the terminal says; never a path. */
  readonly fileName: string;
  readonly offset: number;
  /** Of the data that follow. */
  readonly bytes: number;
}

const NAME_AT = 4;
const NAME_BYTES = 50;
const OFFSET_AT = NAME_AT + NAME_BYTES;

export const FILE_PACKET_HEAD_BYTES = OFFSET_AT + 8;

/** The head alone, for those who pass the data on as they come; the bytes must begin with 30316364 and be there. */
export function readFilePacketHead(b: Uint8Array, start = 0): FilePacketHead {
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  return {
    fileName: decodePadded(b, start + NAME_AT, start + OFFSET_AT),
    offset: view.getUint32(start + OFFSET_AT),
    bytes: view.getUint32(start + OFFSET_AT + 4),
  };
}
