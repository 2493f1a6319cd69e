import { type CompiledLayout, catalogueEntry } from './catalogue.ts';
import { id4 } from './compile/bytes.ts';
import { EncodeError, Writer } from './compile/writer.ts';
import { sealFrame, sealInPlace } from './frame/escape.ts';
import { type HeaderFields, writeHeader } from './frame/header.ts';
import type { Body, Version } from './message.ts';

/** What is needed to send a message. Serials of a message of several packets count on from `serial`. */
export interface Outgoing {
  readonly msgId: number;
  readonly version: Version;
  /** Version byte of a 2019 header, as the terminal had it; default 1. */
  readonly protocolVersion?: number;
  readonly phone: string;
  readonly serial: number;
  readonly body: Body;
  /** Sends in so many packets at least; default as few as will do. */
  readonly parts?: number;
}

/** Ten bits of the attributes (JT/T 808-2019 4.4.3). */
export const MAX_BODY_BYTES = 1023;

/** Flag and header of 2019 with its packet item: left free before a body, so that they go there uncopied. */
const HEAD_ROOM = 22;
/** Frames are cut from slabs of this many bytes: an allocation of its own costs more than writing the frame. */
const SLAB_BYTES = 16 * 1024;
/** A slab with less left is done with. */
const LEAST_ROOM_BYTES = 1024;

/** Writes bodies into the slab, from `used` on; what is before that belongs to frames given away. */
const scratch = new Writer(SLAB_BYTES);
let used = 0;

const frameBuffer = new Uint8Array(HEAD_ROOM + MAX_BODY_BYTES);

/** The bytes of a body; throws `EncodeError`, which names the field, where it cannot be sent. */
export function encodeBody(msgId: number, version: Version, body: Body): Uint8Array {
  const start = writeBody(msgId, version, body);
  return scratch.buffer.slice(start, scratch.length);
}

/** Leaves the body in `scratch`; returns where it begins. */
function writeBody(msgId: number, version: Version, body: Body): number {
  const layout = layoutFor(msgId, version, body);
  if (scratch.buffer.length - used < LEAST_ROOM_BYTES) {
    scratch.buffer = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const start = used + HEAD_ROOM;
  scratch.length = start;
  layout.write(scratch, body);
  return start;
}

/**
 * The first layout of the edition that has all the fields given: variants are sent only by who asks for their fields.
 * Messages that an edition lacks may be asked of its terminals all the same, in the form that exists.
 */
function layoutFor(msgId: number, version: Version, body: Body): CompiledLayout {
  const candidates = catalogueEntry(msgId)?.candidates[version];
  const first = candidates?.[0];
  if (candidates === undefined || first === undefined) {
    throw new EncodeError('msgId', `no message ${id4(msgId)} is known`);
  }
  if (hasAll(first, body)) return first;
  const other = candidates.find((layout) => hasAll(layout, body));
  if (other !== undefined) return other;
  const alien = Object.keys(body).find((name) => !first.names.has(name))!;
  throw new EncodeError(alien, `is no field of ${id4(msgId)} in ${version}`);
}

function hasAll(layout: CompiledLayout, body: Body): boolean {
  return layout.knows(body);
}

/** Ready-to-send frames of a message: one, or several where the body is longer than 1,023 bytes. */
export function encodeMessage(message: Outgoing): Uint8Array[] {
  checkHeader(message);
  const bodyStart = writeBody(message.msgId, message.version, message.body);
  const { length } = scratch;
  const bodyBytes = length - bodyStart;
  if (bodyBytes > MAX_BODY_BYTES || (message.parts ?? 0) > 1) {
    return encodeParts(message, scratch.buffer.slice(bodyStart, length), message.parts);
  }
  const start = bodyStart - (message.version === '2019' ? 17 : 12);
  // Checksum and flag.
  scratch.u16(0);
  const { buffer } = scratch;
  writeHeader(buffer, start, message, message.serial, 0, 0, bodyBytes, message.msgId);
  const frame = sealInPlace(buffer, start, length);
  if (frame === null) return [sealFrame(buffer, start, length)];
  used = length + 2;
  return [frame];
}

/** Ready-to-send frames of a body already in bytes. */
export function encodeParts(header: HeaderFields, body: Uint8Array, leastParts = 1): Uint8Array[] {
  const fewest = Math.max(Math.ceil(body.length / MAX_BODY_BYTES), 1);
  const parts = Math.max(fewest, leastParts);
  if (parts === 1) return [frameOf(header, header.serial, 0, 0, body)];
  if (parts > 65535) throw new EncodeError('body', `${body.length} bytes do not fit in 65,535 packets`);
  const share = parts > fewest ? Math.ceil(body.length / parts) : MAX_BODY_BYTES;
  return Array.from({ length: parts }, (_, i) =>
    frameOf(
      header,
      (header.serial + i) & 0xffff,
      i + 1,
      parts,
      body.subarray(Math.min(i * share, body.length), Math.min((i + 1) * share, body.length)),
    ),
  );
}

/** One ready-to-send frame: checksum, escapes and flags around a header and at most 1,023 bytes of body. */
export function encodeFrame(header: HeaderFields, body: Uint8Array): Uint8Array {
  if (body.length > MAX_BODY_BYTES) throw new EncodeError('body', `longer than ${MAX_BODY_BYTES} bytes`);
  return frameOf(header, header.serial, header.part ?? 0, header.parts ?? 0, body);
}

function frameOf(
  header: HeaderFields,
  serial: number,
  part: number,
  parts: number,
  body: Uint8Array,
): Uint8Array {
  const headerBytes = writeHeader(frameBuffer, 0, header, serial, part, parts, body.length, header.msgId);
  frameBuffer.set(body, headerBytes);
  return sealFrame(frameBuffer, 0, headerBytes + body.length);
}

/**
 * The general reply of the platform, straight into bytes. `header` is that of the reply: phone and version as the
 * terminal had them, serial our own.
 */
export function encodeGeneralReply(
  header: Omit<HeaderFields, 'msgId'>,
  replySerial: number,
  replyId: number,
  result: number,
): Uint8Array {
  const at = writeHeader(frameBuffer, 0, header, header.serial, 0, 0, 5, 0x8001);
  frameBuffer[at] = replySerial >>> 8;
  frameBuffer[at + 1] = replySerial;
  frameBuffer[at + 2] = replyId >>> 8;
  frameBuffer[at + 3] = replyId;
  frameBuffer[at + 4] = result;
  return sealFrame(frameBuffer, 0, at + 5);
}

function checkHeader(message: Outgoing): void {
  const { msgId, serial, protocolVersion, phone, version } = message;
  if (!isWhole(msgId, 0xffff)) throw new EncodeError('msgId', 'takes 0x0000 to 0xFFFF');
  if (!isWhole(serial, 0xffff)) throw new EncodeError('serial', 'takes 0 to 65535');
  if (protocolVersion !== undefined && !isWhole(protocolVersion, 255))
    throw new EncodeError('protocolVersion', 'takes 0 to 255');
  const digits = version === '2019' ? 20 : 12;
  if (typeof phone !== 'string' || !isPhone(phone, digits))
    throw new EncodeError('phone', `takes up to ${digits} digits, more only as leading zeros`);
}

function isWhole(value: number, high: number): boolean {
  return value >= 0 && value <= high && value === Math.floor(value);
}

/** Decimal digits, or the hex of terminals that send no BCD. */
function isPhone(phone: string, digits: number): boolean {
  if (phone.length === 0) return false;
  for (let i = 0; i < phone.length; i++) {
    const code = phone.charCodeAt(i);
    const digit = (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
    if (!digit || (code !== 48 && i < phone.length - digits)) return false;
  }
  return true;
}
