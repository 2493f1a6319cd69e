import { type CompiledLayout, catalogueEntry } from './catalogue.ts';
import { id4 } from './compile/bytes.ts';
import { EncodeError, Writer } from './compile/writer.ts';
import { FrameSlab, sealFrame } from './frame/escape.ts';
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

/** Frames are cut from slabs of this many bytes: an allocation of its own costs more than writing the frame. */
const SLAB_BYTES = 16 * 1024;
/** A slab with less left is done with: the body of most reports, every byte escaped. */
const LEAST_ROOM_BYTES = 1024;

let slab = new FrameSlab(SLAB_BYTES);
/** Writes bodies into the slab, from `used` on; what is before that belongs to frames given away. */
const scratch = new Writer(0);
let used = SLAB_BYTES;

const frameBuffer = new Uint8Array(21 + MAX_BODY_BYTES);

/** The bytes of a body; throws `EncodeError`, which names the field, where it cannot be sent. */
export function encodeBody(msgId: number, version: Version, body: Body): Uint8Array {
  const start = writeBody(msgId, version, body);
  return scratch.buffer.slice(start, scratch.length);
}

const headerBytes = (version: Version) => (version === '2019' ? 17 : 12);

/** Leaves the body in `scratch`, with room for flag and header before it; returns where it begins. */
function writeBody(msgId: number, version: Version, body: Body): number {
  const layout = layoutFor(msgId, version, body);
  // A body that needed more has left the slab for a bigger buffer of its own.
  if (scratch.buffer !== slab.bytes || SLAB_BYTES - used < LEAST_ROOM_BYTES) {
    slab = new FrameSlab(SLAB_BYTES);
    scratch.buffer = slab.bytes;
    used = 0;
  }
  // After the flag, the header begins at a multiple of 4.
  const start = ((used + 4) & ~3) + headerBytes(version);
  scratch.length = start;
  layout.write(scratch, body);
  return start;
}

/**
 * The first layout of the edition that has all the fields given: variants are sent only by who asks for their fields.
 * Messages that an edition lacks may be asked of its terminals all the same, in the form that exists.
 */
function layoutFor(msgId: number, version: Version, body: Body): CompiledLayout {
  // Whoever sends many messages sends one kind of them after the other.
  if (msgId !== usual.msgId || version !== usual.version) usual = firstLayout(msgId, version);
  const first = usual.layout;
  if (first.knows(body)) return first;
  const other = catalogueEntry(msgId)!.candidates[version].find((layout) => layout.knows(body));
  if (other !== undefined) return other;
  const alien = Object.keys(body).find((name) => !first.names.has(name))!;
  throw new EncodeError(alien, `is no field of ${id4(msgId)} in ${version}`);
}

function firstLayout(msgId: number, version: Version) {
  const layout = catalogueEntry(msgId)?.candidates[version][0];
  if (layout === undefined) throw new EncodeError('msgId', `no message ${id4(msgId)} is known`);
  return { msgId, version, layout };
}

let usual = firstLayout(0x0200, '2013');

/** Ready-to-send frames of a message: one, or several where the body is longer than 1,023 bytes. */
export function encodeMessage(message: Outgoing): Uint8Array[] {
  checkHeader(message);
  const bodyStart = writeBody(message.msgId, message.version, message.body);
  const { length } = scratch;
  const bodyBytes = length - bodyStart;
  if (bodyBytes > MAX_BODY_BYTES || (message.parts !== undefined && message.parts > 1)) {
    return encodeParts(message, scratch.buffer.slice(bodyStart, length), message.parts);
  }
  const start = bodyStart - headerBytes(message.version);
  const { buffer } = scratch;
  writeHeader(buffer, start, message, message.serial, 0, 0, bodyBytes, message.msgId);
  // Every byte and the checksum may be escaped, and a flag follows.
  if (buffer !== slab.bytes || 2 * length - start + 3 > SLAB_BYTES) return [sealFrame(buffer, start, length)];
  used = slab.seal(start, length);
  return [new Uint8Array(buffer.buffer, start - 1, used - start + 1)];
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

/** The phone is checked as it is written. */
function checkHeader(message: Outgoing): void {
  const { msgId, serial, protocolVersion, phone } = message;
  if (!isWhole(msgId, 0xffff)) throw new EncodeError('msgId', 'takes 0x0000 to 0xFFFF');
  if (!isWhole(serial, 0xffff)) throw new EncodeError('serial', 'takes 0 to 65535');
  if (protocolVersion !== undefined && !isWhole(protocolVersion, 255))
    throw new EncodeError('protocolVersion', 'takes 0 to 255');
  if (typeof phone !== 'string') throw new EncodeError('phone', 'takes a string of digits');
}

function isWhole(value: number, high: number): boolean {
  return value >= 0 && value <= high && value === Math.floor(value);
}
