import { xor } from '../../protocol/jt808/frame/escape.ts';
import {
  Assembler,
  decodeHeader,
  decodeMessage,
  encodeMessage,
  type IncompleteSet,
  StreamFramer,
} from '../../protocol/jt808/index.ts';
import type { Body, Message, Version } from '../../protocol/jt808/message.ts';
import type { TerminalIdentity } from './terminal-identity.ts';

/** Frames ready for the wire; mostly one. */
export function packFrames(
  identity: TerminalIdentity,
  msgId: number,
  serial: number,
  body: Body,
): Uint8Array[] {
  return encodeMessage({ msgId, version: identity.version, phone: identity.phone, serial, body });
}

export interface FrameListener {
  readonly onMessage: (message: Message) => void;
  /** Bytes that are no message, counted and otherwise passed over. */
  readonly onFault: () => void;
}

/** A packet that has not come so long after the last one is asked for. */
export const MISSING_AFTER_MS = 1_000;

/** The platform's byte stream as messages; those of several packets once they are whole, under their last serial. */
export class FrameReader {
  private readonly framer = new StreamFramer();
  private readonly assembler = new Assembler({ retryAfterMs: MISSING_AFTER_MS });
  private readonly version: Version;
  private readonly now: () => number;
  private readonly listener: FrameListener;

  constructor(version: Version, now: () => number, listener: FrameListener) {
    this.version = version;
    this.now = now;
    this.listener = listener;
  }

  push(chunk: Uint8Array): void {
    this.framer.push(
      chunk,
      (frame) => this.take(frame),
      () => this.listener.onFault(),
    );
  }

  get assembling(): boolean {
    return this.assembler.size > 0;
  }

  /** Messages of which packets are to be asked for now. */
  missing(now: number): readonly IncompleteSet[] {
    return this.assembling ? this.assembler.expire(now).requests : [];
  }

  private take(frame: Uint8Array): void {
    const header = xor(frame, 0, frame.length) === 0 ? decodeHeader(frame) : null;
    if (header === null || 'error' in header) {
      this.listener.onFault();
      return;
    }
    let body = frame.subarray(header.bodyStart, header.bodyEnd);
    if (header.parts > 1) {
      const accepted = this.assembler.accept(header, body, this.now());
      if (accepted.state !== 'complete') return;
      body = accepted.body;
    }
    const serial = header.parts > 1 ? (header.serial - header.part + header.parts) & 0xffff : header.serial;
    const whole = { ...header, serial, part: 0, parts: 0 };
    const message = decodeMessage(whole, body, { version: this.version });
    if ('error' in message) this.listener.onFault();
    else this.listener.onMessage(message);
  }
}
