import { messageName } from './catalogue.ts';
import { hex, id4 } from './compile/bytes.ts';
import { type DecodedBody, decodeBody } from './decode-body.ts';
import { xor } from './frame/escape.ts';
import { decodeHeader, type Header, partial } from './frame/header.ts';
import type { Fault, Message, Version } from './message.ts';

export interface DecodeOptions {
  /** What this connection is known to speak, to tell 2011 from 2013, whose headers are the same. */
  readonly version?: Version;
  /** Takes the encryption off a body; null where it cannot. Without it encrypted bodies are refused. */
  readonly decrypt?: Decrypt;
}

/** `method` is that of the header (bits 10 to 12 of the attributes): 1 is RSA. */
export type Decrypt = (method: number, body: Uint8Array) => Uint8Array | null;

const NO_WARNINGS: readonly string[] = Object.freeze([]);

/**
 * Decodes an unescaped frame: header, body and checksum, without flags. One packet of a message sent in several comes
 * back with `part` and `parts` and its bytes as `body.data`; see `Assembler` and `decodeMessage`.
 */
export function decodeFrame(frame: Uint8Array, options: DecodeOptions = {}): Message | Fault {
  const header = decodeHeader(frame);
  const last = frame.length - 1;
  if (last > 0 && xor(frame, 0, last) !== frame[last]) {
    const long = 'error' in header ? (frame[2]! & 0x40) !== 0 : header.version === '2019';
    if (!('error' in header) || header.error !== 'truncated') {
      const sum = hex(Uint8Array.of(xor(frame, 0, last)));
      return {
        error: 'checksum',
        detail: `the bytes give ${sum}, the frame has ${hex(frame, last)}`,
        ...partial(frame, long),
      };
    }
  }
  if ('error' in header) return header.error === 'length' ? withBody(frame, header) : header;
  if (header.parts > 1) return packet(frame, header);
  return decodeStretch(header, frame, header.bodyStart, header.bodyEnd, options);
}

/** A length fault with what the bytes that are there say, for people. */
function withBody(frame: Uint8Array, fault: Fault): Fault {
  const attributes = (frame[2]! << 8) | frame[3]!;
  // Encrypted, or one packet of several: nothing to read.
  if ((attributes & 0x3c00) !== 0 || fault.version === undefined || fault.msgId === undefined) return fault;
  const start = fault.version === '2019' ? 17 : 12;
  const decoded = decodeBody(fault.msgId, frame.subarray(start, frame.length - 1), fault.version);
  return decoded === null ? fault : { ...fault, body: decoded.body, warnings: decoded.warnings };
}

function packet(frame: Uint8Array, header: Header): Message | Fault {
  if (header.part < 1 || header.part > header.parts) {
    return { error: 'body', detail: `packet ${header.part} of ${header.parts}`, ...identity(header) };
  }
  return {
    ...identity(header),
    name: messageName(header.msgId),
    protocolVersion: header.protocolVersion,
    encrypted: header.encryption !== 0,
    part: header.part,
    parts: header.parts,
    body: { data: hex(frame, header.bodyStart, header.bodyEnd) },
    warnings: header.warning === null ? NO_WARNINGS : [header.warning],
  };
}

function identity(header: Header) {
  return { msgId: header.msgId, version: header.version, phone: header.phone, serial: header.serial };
}

/** The header tells 2019; of the two before it, the layout that fitted. */
function editionOf(header: Header, decoded: DecodedBody): Version {
  if (header.version === '2019') return '2019';
  return decoded.layout.version === '2011' ? '2011' : '2013';
}

/** Names of what was odd: of the header, of the layout, of the fields. */
function allWarnings(header: Header, decoded: DecodedBody): readonly string[] {
  const { layout, version } = decoded.layout;
  const foreign =
    header.version === '2019' && version !== '2019' && layout.versions.includes('2019') === false;
  if (header.warning === null && layout.variant === undefined && !foreign) return decoded.warnings;
  return [
    ...(header.warning === null ? [] : [header.warning]),
    ...(layout.variant === undefined ? [] : [`variant: ${layout.variant}`]),
    ...(foreign ? [`variant: a body of ${version} under a header of 2019`] : []),
    ...decoded.warnings,
  ];
}

/** Decodes a whole body under its header: that of a frame, or one that an `Assembler` put together. */
export function decodeMessage(
  header: Header,
  body: Uint8Array,
  options: DecodeOptions = {},
): Message | Fault {
  return decodeStretch(header, body, 0, body.length, options);
}

function unreadable(header: Header, options: DecodeOptions): Fault {
  const how = header.encryption === 1 ? 'RSA' : `method ${header.encryption}`;
  const why =
    options.decrypt === undefined ? 'no key is configured' : 'cannot be decrypted with the key configured';
  return { error: 'unsupported', detail: `the body is encrypted (${how}) and ${why}`, ...identity(header) };
}

function decodeStretch(
  header: Header,
  b: Uint8Array,
  start: number,
  end: number,
  options: DecodeOptions,
): Message | Fault {
  if (header.encryption !== 0) {
    const plain = options.decrypt?.(header.encryption, b.subarray(start, end)) ?? null;
    if (plain === null) return unreadable(header, options);
    const message = decodeStretch({ ...header, encryption: 0 }, plain, 0, plain.length, options);
    return 'error' in message ? message : { ...message, encrypted: true };
  }
  const hint = header.version === '2013' && options.version === '2011' ? '2011' : header.version;
  const decoded = decodeBody(header.msgId, b, hint, start, end);
  if (decoded === null) {
    return { error: 'unsupported', detail: `no message ${id4(header.msgId)} is known`, ...identity(header) };
  }
  const warnings = allWarnings(header, decoded);
  if (decoded.missing !== null) {
    return {
      error: 'body',
      detail: `${end - start} bytes are too short: ${decoded.missing} is missing`,
      ...identity(header),
      body: decoded.body,
      warnings,
    };
  }
  const whole = header.parts === 0;
  return whole
    ? message(header, decoded, warnings)
    : { ...message(header, decoded, warnings), ...partOf(header) };
}

function partOf(header: Header) {
  return { part: header.part, parts: header.parts };
}

function message(header: Header, decoded: DecodedBody, warnings: readonly string[]): Message {
  return {
    msgId: header.msgId,
    name: decoded.name,
    version: editionOf(header, decoded),
    protocolVersion: header.protocolVersion,
    phone: header.phone,
    serial: header.serial,
    encrypted: false,
    body: decoded.body,
    warnings,
  };
}
