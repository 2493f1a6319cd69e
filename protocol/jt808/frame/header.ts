import { hex } from '../compile/bytes.ts';
import { EncodeError } from '../compile/writer.ts';
import type { Fault, Version } from '../message.ts';

/** Message header: JT/T 808-2019 4.4.3 (2011 and 2013: table 3 of 4.4.3). */
export interface Header {
  readonly msgId: number;
  /** What the header alone says: 2011 and 2013 share one. */
  readonly version: '2013' | '2019';
  /** Version byte of a 2019 header; 0 before. */
  readonly protocolVersion: number;
  /** Every digit as sent: 12 before 2019, 20 since. Hex where a terminal sends no BCD. */
  readonly phone: string;
  readonly serial: number;
  /** Attribute bits 10 to 12: 0 none, 1 RSA. */
  readonly encryption: number;
  /** Packet number and total of a message sent in several, from 1; 0 where it is sent in one. */
  readonly part: number;
  readonly parts: number;
  /** Where the body is in the frame. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** What was odd, or null. */
  readonly warning: string | null;
}

const PART_BYTES = 4;
const SHORT_HEADER = 12;
const LONG_HEADER = 17;

/**
 * Reads the header of an unescaped frame (header, body, checksum). Bit 14 of the attributes says 2019, but not every
 * terminal means it: the layout whose lengths add up is taken, with a warning where that is the other one.
 */
export function decodeHeader(frame: Uint8Array): Header | Fault {
  if (frame.length < SHORT_HEADER + 1) {
    return { error: 'truncated', detail: `${frame.length} bytes are no header` };
  }
  const attributes = (frame[2]! << 8) | frame[3]!;
  const is2019 = (attributes & 0x4000) !== 0;
  const bodyBytes = attributes & 0x3ff;
  const stated = headerBytes(attributes, is2019);
  if (stated + bodyBytes + 1 === frame.length) return read(frame, is2019, stated, null);
  const other = headerBytes(attributes, !is2019);
  if (other + bodyBytes + 1 === frame.length) {
    const warning = is2019
      ? 'version-bit: set, but the header is that of 2013'
      : 'version-bit: not set, but the header is that of 2019';
    return read(frame, !is2019, other, warning);
  }
  const known = partial(frame, is2019);
  if (frame.length < stated + 1) {
    return { error: 'truncated', detail: `${frame.length} bytes are no whole header`, ...known };
  }
  const actual = frame.length - stated - 1;
  return {
    error: 'length',
    detail: `the header says ${bodyBytes} bytes of body, there are ${actual}`,
    ...known,
  };
}

// Functions of their own rather than closures: tsx names every closure each time it is made, which costs more than
// all the rest of a header.
function headerBytes(attributes: number, long: boolean): number {
  return (long ? LONG_HEADER : SHORT_HEADER) + ((attributes & 0x2000) === 0 ? 0 : PART_BYTES);
}

function word(frame: Uint8Array, at: number): number {
  return ((frame[at]! << 24) | (frame[at + 1]! << 16) | (frame[at + 2]! << 8) | frame[at + 3]!) >>> 0;
}

function read(frame: Uint8Array, long: boolean, bodyStart: number, warning: string | null): Header {
  const base = long ? 15 : 10;
  const attributes = (frame[2]! << 8) | frame[3]!;
  const parted = (attributes & 0x2000) !== 0;
  return {
    msgId: (frame[0]! << 8) | frame[1]!,
    version: long ? '2019' : '2013',
    protocolVersion: long ? frame[4]! : 0,
    phone: long ? phoneText(frame, 5, 10) : phoneText(frame, 4, 6),
    serial: (frame[base]! << 8) | frame[base + 1]!,
    encryption: (attributes >>> 10) & 7,
    parts: parted ? (frame[base + 2]! << 8) | frame[base + 3]! : 0,
    part: parted ? (frame[base + 4]! << 8) | frame[base + 5]! : 0,
    bodyStart,
    bodyEnd: frame.length - 1,
    warning,
  };
}

interface KnownPhone {
  readonly high: number;
  readonly low: number;
  readonly text: string;
}

/** Phones seen lately: a terminal sends its own with every frame, and making the text costs more than finding it. */
const KNOWN_PHONES = 4096;
const knownPhones: (KnownPhone | undefined)[] = new Array(KNOWN_PHONES);

function phoneText(frame: Uint8Array, start: number, width: 6 | 10): string {
  const end = start + width;
  const low = word(frame, end - 4) + ((frame[end - 6]! << 8) | frame[end - 5]!) * 0x100000000;
  // The width tells the phones of 6 bytes from those of 10 that begin with zeros.
  const high = width === 6 ? -1 : word(frame, start);
  const slot = (word(frame, end - 4) ^ (word(frame, end - 4) >>> 13)) & (KNOWN_PHONES - 1);
  const known = knownPhones[slot];
  if (known !== undefined && known.low === low && known.high === high) return known.text;
  const text = hex(frame, start, end);
  knownPhones[slot] = { high, low, text };
  return text;
}

/** Header fields of a frame whose lengths do not add up, as far as they are there. */
export function partial(frame: Uint8Array, long: boolean): Partial<Fault> {
  const base = long ? 15 : 10;
  if (frame.length < base + 2) return frame.length < 2 ? {} : { msgId: (frame[0]! << 8) | frame[1]! };
  const version: Version = long ? '2019' : '2013';
  return {
    msgId: (frame[0]! << 8) | frame[1]!,
    phone: long ? hex(frame, 5, 15) : hex(frame, 4, 10),
    serial: (frame[base]! << 8) | frame[base + 1]!,
    version,
  };
}

/** What is needed to write a header. */
export interface HeaderFields {
  readonly msgId: number;
  readonly version: Version;
  /** Of a 2019 header; default 1. */
  readonly protocolVersion?: number;
  readonly phone: string;
  readonly serial: number;
  readonly part?: number;
  readonly parts?: number;
}

/** Writes a header for a body of `bodyBytes` at `start`; returns where it ends. Throws `EncodeError` on a bad phone. */
export function writeHeader(
  target: Uint8Array,
  start: number,
  header: Pick<HeaderFields, 'version' | 'protocolVersion' | 'phone'>,
  serial: number,
  part: number,
  parts: number,
  bodyBytes: number,
  msgId: number,
): number {
  const long = header.version === '2019';
  const attributes = bodyBytes | (parts > 0 ? 0x2000 : 0) | (long ? 0x4000 : 0);
  let at = start;
  target[at++] = msgId >>> 8;
  target[at++] = msgId;
  target[at++] = attributes >>> 8;
  target[at++] = attributes;
  if (long) target[at++] = header.protocolVersion ?? 1;
  at = writePhone(target, at, header.phone, long ? 10 : 6);
  target[at++] = serial >>> 8;
  target[at++] = serial;
  if (parts > 0) {
    target[at++] = parts >>> 8;
    target[at++] = parts;
    target[at++] = part >>> 8;
    target[at++] = part;
  }
  return at;
}

/** Digits to BCD, right aligned; leading digits that do not fit must be zeros. */
function writePhone(target: Uint8Array, at: number, phone: string, width: number): number {
  const spare = phone.length - 2 * width;
  let wrong = phone.length === 0 ? -1 : 0;
  for (let i = 0; i < spare; i++) if (phone.charCodeAt(i) !== 48) wrong = -1;
  for (let i = 0; i < width; i++) {
    const high = nibble(phone, spare + 2 * i);
    const low = nibble(phone, spare + 2 * i + 1);
    wrong |= high | low;
    target[at + i] = (high << 4) | low;
  }
  if (wrong < 0)
    throw new EncodeError('phone', `takes up to ${2 * width} digits, more only as leading zeros`);
  return at + width;
}

/** Value of a decimal digit, or of a hex one of terminals that send no BCD; -1 of what is none. */
function nibble(digits: string, index: number): number {
  if (index < 0) return 0;
  const code = digits.charCodeAt(index);
  return code < 128 ? NIBBLES[code]! : -1;
}

const NIBBLES = Int8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? -1 : value;
});
