import { fromHex, hex, id4 } from './compile/bytes.ts';
import { EncodeError } from './compile/writer.ts';
import { type DecodeOptions, decodeFrame, decodeMessage } from './decode.ts';
import { encodeBody, encodeFrame, encodeMessage, encodeParts } from './encode.ts';
import { Assembler } from './frame/assembler.ts';
import { FLAG, sealFrame, unescapeInto } from './frame/escape.ts';
import { decodeHeader, type Header } from './frame/header.ts';
import type { Body, Fault, Message, Version } from './message.ts';

/** Frames as lines of hex and messages as JSON objects: what the `decode` and `encode` verbs read and print. */

export type FrameObject =
  | ({ readonly ok: true } & MessageObject)
  | {
      readonly ok: false;
      readonly error: Fault['error'];
      readonly detail: string;
      readonly hex: string;
      readonly msgId?: string;
      readonly [more: string]: unknown;
    };

interface MessageObject {
  readonly msgId: string;
  readonly name: string;
  readonly version: Version;
  readonly protocolVersion?: number;
  readonly phone: string;
  readonly serial: number;
  readonly encrypted: boolean;
  readonly part?: number;
  readonly parts?: number;
  readonly body?: Body;
  /** Bytes of one packet, in hex. */
  readonly data?: string;
  /** The unescaped frame without checksum, where the fields alone would not give the same bytes again. */
  readonly raw?: string;
  readonly warnings: readonly string[];
}

/** Frames of one input, whose packets of one message are joined. */
const JOIN_LIMITS = { maxSets: 64, maxBytes: 64 * 1024 * 1024, retryAfterMs: Number.POSITIVE_INFINITY };

/** Decodes lines of hex one after the other. */
export class FrameReader {
  private readonly assembler = new Assembler(JOIN_LIMITS);
  private readonly options: DecodeOptions;

  constructor(options: DecodeOptions = {}) {
    this.options = options;
  }

  /** One line: a frame in hex, with or without spaces and flags. */
  read(line: string): FrameObject {
    const cut = frameOfLine(line);
    const fail = (fault: Fault): FrameObject => ({ ok: false, ...faultObject(fault), hex: compact(line) });
    if ('error' in cut) return fail(cut);
    const message = this.decode(cut.bytes);
    if ('error' in message) {
      return cut.stray && message.error !== 'unsupported' && message.error !== 'body'
        ? fail({ ...message, error: 'framing', detail: '0x7d is followed by neither 0x01 nor 0x02' })
        : fail(message);
    }
    const warnings = [...cut.warnings, ...message.warnings];
    return { ok: true, ...messageObject({ ...message, warnings }, cut.bytes) };
  }

  private decode(frame: Uint8Array): Message | Fault {
    const message = decodeFrame(frame, this.options);
    if ('error' in message || message.parts === undefined || message.parts <= 1) return message;
    const header = decodeHeader(frame) as Header;
    const accepted = this.assembler.accept(header, frame.subarray(header.bodyStart, header.bodyEnd), 0);
    if (accepted.state !== 'complete') return message;
    return decodeMessage(header, accepted.body, this.options);
  }
}

interface LineFrame {
  /** Header, body and checksum, unescaped. */
  readonly bytes: Uint8Array;
  readonly warnings: readonly string[];
  /** A 0x7d was no escape; only a right checksum makes this a frame. */
  readonly stray: boolean;
}

/** The frame of a line of hex, without flags and escapes. */
export function frameOfLine(line: string): LineFrame | Fault {
  const escaped = fromHex(compact(line));
  if (escaped === null) return { error: 'framing', detail: 'not hex, or an odd number of digits' };
  const cut = withoutFlags(escaped);
  if ('error' in cut) return cut;
  const bytes = new Uint8Array(cut.content.length);
  const length = unescapeInto(cut.content, bytes);
  const stray = length < 0;
  const warnings = stray
    ? ['escape: a 0x7d that is followed by neither 0x01 nor 0x02 is taken as it is', ...cut.warnings]
    : cut.warnings;
  return { bytes: bytes.subarray(0, Math.abs(length)), warnings, stray };
}

function compact(line: string): string {
  return line.replace(/\s+/g, '').replace(/^0x/i, '').toLowerCase();
}

/** The bytes between the flags of a line that is one frame; bytes before the first flag are skipped. */
function withoutFlags(bytes: Uint8Array): { content: Uint8Array; warnings: string[] } | Fault {
  const first = bytes.indexOf(FLAG);
  if (first < 0) return { content: bytes, warnings: [] };
  const last = bytes.lastIndexOf(FLAG);
  if (first === last) return { error: 'framing', detail: 'a flag at one end only' };
  let start = first;
  let end = last;
  while (start < end && bytes[start] === FLAG) start++;
  while (end > start && bytes[end - 1] === FLAG) end--;
  const content = bytes.subarray(start, end);
  if (content.includes(FLAG))
    return { error: 'framing', detail: 'a flag in the middle: more than one frame in a line' };
  const warnings = [];
  if (first > 0) warnings.push(`garbage: ${first} bytes before the first flag`);
  if (last < bytes.length - 1) warnings.push(`garbage: ${bytes.length - 1 - last} bytes after the last flag`);
  return { content, warnings };
}

function faultObject(fault: Fault) {
  const { msgId, ...rest } = fault;
  return { ...rest, ...(msgId !== undefined && { msgId: id4(msgId) }) };
}

function messageObject(message: Message, frame: Uint8Array): MessageObject {
  const { msgId, name, version, protocolVersion, phone, serial, encrypted, part, parts, body, warnings } =
    message;
  const isPacket = parts !== undefined && parts > 1 && Object.keys(body).length === 1 && 'data' in body;
  const base = {
    msgId: id4(msgId),
    name,
    version,
    ...(version === '2019' && { protocolVersion }),
    phone,
    serial,
    encrypted,
    ...(parts !== undefined && { part, parts }),
    ...(isPacket ? { data: String(body.data) } : { body }),
  };
  // A body in several packets comes back from its packets; an encrypted one only as it came.
  const joined = isPacket || (parts ?? 0) > 1;
  const raw = joined && !encrypted ? null : rawIfNeeded(base, frame);
  return { ...base, ...(raw !== null && { raw }), warnings };
}

/** The frame's own bytes where encoding the object would give others: padding, order of items, missing fields. */
function rawIfNeeded(object: Omit<MessageObject, 'warnings'>, frame: Uint8Array): string | null {
  const content = frame.subarray(0, frame.length - 1);
  if (object.encrypted) return hex(content);
  try {
    const [again] = encodeObject(object);
    const own = sealFrame(content);
    if (again !== undefined && again.length === own.length && own.every((byte, i) => byte === again[i]))
      return null;
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
  }
  return hex(content);
}

function encodeObject(object: Omit<MessageObject, 'warnings' | 'name' | 'encrypted'>): Uint8Array[] {
  const msgId = Number(object.msgId);
  const { version, protocolVersion, phone, serial, body } = object;
  const header = { msgId, version, phone, serial, ...(protocolVersion !== undefined && { protocolVersion }) };
  if (object.parts === 1) {
    return [encodeFrame({ ...header, part: 1, parts: 1 }, encodeBody(msgId, version, body ?? {}))];
  }
  return encodeMessage({ ...header, body: body ?? {} });
}

interface SeenPackets {
  readonly packets: Map<number, Uint8Array>;
}

/** Encodes JSON objects one after the other. */
export class FrameWriter {
  private readonly seen = new Map<string, SeenPackets>();

  /** One line: an object as `FrameReader` gives. Returns hex frames with flags; throws `EncodeError`. */
  write(line: string): string[] {
    const object = parse(line);
    const fromRaw = rawFrame(object);
    if (fromRaw !== null) return [hex(fromRaw)];
    return this.frames(object).map((frame) => hex(frame));
  }

  private forgetOldest(): void {
    for (const key of this.seen.keys()) {
      this.seen.delete(key);
      return;
    }
  }

  private frames(object: MessageObject): Uint8Array[] {
    const { part, parts } = object;
    if (parts === undefined || parts <= 1 || part === undefined) return encodeObject(object);
    const key = `${object.phone}/${object.msgId}/${(object.serial - part) & 0xffff}/${parts}`;
    const header = { ...object, msgId: Number(object.msgId) };
    if (object.body === undefined) {
      const data = fromHex(object.data ?? '');
      if (data === null) throw new EncodeError('data', 'takes hex');
      const set = this.seen.get(key) ?? { packets: new Map() };
      if (!this.seen.has(key) && this.seen.size >= JOIN_LIMITS.maxSets) this.forgetOldest();
      set.packets.set(part, data);
      this.seen.set(key, set);
      return [encodeFrame(header, data)];
    }
    const whole = encodeBody(header.msgId, object.version, object.body).slice();
    const rest = lastPacket(whole, this.seen.get(key), part, parts);
    this.seen.delete(key);
    if (rest !== null) return [encodeFrame(header, rest)];
    return encodeParts({ ...header, serial: (object.serial - (part - 1)) & 0xffff }, whole, parts);
  }
}

/** What the packets written before leave of the whole body for the last one; null where they are not of it. */
function lastPacket(
  whole: Uint8Array,
  set: SeenPackets | undefined,
  part: number,
  parts: number,
): Uint8Array | null {
  if (set === undefined || set.packets.size !== parts - 1 || set.packets.has(part)) return null;
  const length = (from: number, to: number) => {
    let sum = 0;
    for (let n = from; n < to; n++) sum += set.packets.get(n)!.length;
    return sum;
  };
  const start = length(1, part);
  const end = whole.length - length(part + 1, parts + 1);
  if (end < start || end - start > 1023) return null;
  let at = 0;
  for (let n = 1; n <= parts; n++) {
    if (n === part) at = end;
    else for (const byte of set.packets.get(n)!) if (whole[at++] !== byte) return null;
  }
  return whole.subarray(start, end);
}

function parse(line: string): MessageObject {
  let object: unknown;
  try {
    object = JSON.parse(line);
  } catch {
    throw new EncodeError('line', 'is not JSON');
  }
  if (typeof object !== 'object' || object === null) throw new EncodeError('line', 'is not a JSON object');
  const given = object as Partial<MessageObject> & { ok?: unknown };
  if (given.ok === false) throw new EncodeError('ok', 'is false: what could not be decoded is not encoded');
  if (typeof given.msgId !== 'string' && typeof given.msgId !== 'number')
    throw new EncodeError('msgId', 'is missing');
  const msgId = Number(given.msgId);
  if (!Number.isInteger(msgId)) throw new EncodeError('msgId', 'takes an id like "0x0200"');
  const version = given.version ?? '2013';
  if (version !== '2011' && version !== '2013' && version !== '2019')
    throw new EncodeError('version', 'takes "2011", "2013" or "2019"');
  return {
    name: '',
    encrypted: false,
    warnings: [],
    ...given,
    msgId: id4(msgId),
    version,
    phone: String(given.phone ?? ''),
    serial: given.serial ?? 0,
  } as MessageObject;
}

/** `raw` is sent only while it still says what the fields say: an edited field wins over it. */
function rawFrame(object: MessageObject): Uint8Array | null {
  if (object.raw === undefined) {
    if (object.encrypted) throw new EncodeError('encrypted', 'is true: the body is not sent in clear');
    return null;
  }
  const content = fromHex(object.raw);
  if (content === null) throw new EncodeError('raw', 'takes hex');
  const sealed = sealFrame(content);
  if (object.encrypted) return encryptedFrame(object, content, sealed);
  const again = new FrameReader({ version: object.version }).read(hex(sealed));
  if (!again.ok) return null;
  return same(again, object, ['msgId', 'version', 'protocolVersion', 'phone', 'serial', 'body'])
    ? sealed
    : null;
}

/** What is in an encrypted body cannot be compared here: it is sent as it came, under the header that it came with. */
function encryptedFrame(object: MessageObject, content: Uint8Array, sealed: Uint8Array): Uint8Array {
  const header = decodeHeader(Uint8Array.of(...content, 0));
  const own = !('error' in header) && { ...header, msgId: id4(header.msgId) };
  if (own === false || !same(own, object, ['msgId', 'phone', 'serial']))
    throw new EncodeError('encrypted', 'is true: the body is sent as it came, or not at all');
  return sealed;
}

function same(a: object, b: object, keys: readonly string[]): boolean {
  const pick = (from: object) => JSON.stringify(keys.map((key) => (from as Record<string, unknown>)[key]));
  return pick(a) === pick(b);
}
