import { decodeFrame, encodeMessage, StreamFramer } from '../../protocol/jt808/index.ts';
import type { Body, Message, Version } from '../../protocol/jt808/message.ts';
import type { TerminalIdentity } from './terminal-identity.ts';

/** A frame ready for the wire. Nothing that a terminal of ours says needs more than one. */
export function packFrame(identity: TerminalIdentity, msgId: number, serial: number, body: Body): Uint8Array {
  const frames = encodeMessage({ msgId, version: identity.version, phone: identity.phone, serial, body });
  if (frames.length !== 1) throw new Error(`message ${msgId.toString(16)} needs ${frames.length} packets`);
  return frames[0]!;
}

export interface FrameListener {
  readonly onMessage: (message: Message) => void;
  /** Bytes that are no message, counted and otherwise passed over. */
  readonly onFault: () => void;
}

/** The platform's byte stream as messages. */
export class FrameReader {
  private readonly framer = new StreamFramer();
  private readonly version: Version;
  private readonly listener: FrameListener;

  constructor(version: Version, listener: FrameListener) {
    this.version = version;
    this.listener = listener;
  }

  push(chunk: Uint8Array): void {
    this.framer.push(
      chunk,
      (frame) => {
        const message = decodeFrame(frame, { version: this.version });
        if ('error' in message) this.listener.onFault();
        else this.listener.onMessage(message);
      },
      () => this.listener.onFault(),
    );
  }
}
