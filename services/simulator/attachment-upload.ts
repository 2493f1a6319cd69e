import { connect, type Socket } from 'node:net';
import { writeFilePacket } from '../../protocol/jsatl12/stream-packet.ts';
import type { Body, Message } from '../../protocol/jt808/message.ts';
import { FrameReader, packFrames } from './terminal-codec.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import { ID } from './terminal-messages.ts';

/** One file of an alarm. `type`: 0 image, 1 audio, 2 video. */
export interface AlarmFile {
  readonly name: string;
  readonly type: number;
  readonly data: Buffer;
}

const PACKET_BYTES = 64 * 1024;
/** A platform that does not answer for so long is given up; it asks again, or another time. */
const TIMEOUT_MS = 20_000;
/** Rounds of filling gaps in one file. */
const MOST_ROUNDS = 5;

/**
 * Uploads the files of one alarm as T/JSATL 12-2017 4.6 has it, over a connection of their own: what comes, then each
 * file with its announcement, its data and its end, until the platform says that it is complete. Resolves true once
 * all are; false where the platform refused or the line broke.
 */
export async function uploadAttachments(
  identity: TerminalIdentity,
  order: Body,
  files: readonly AlarmFile[],
  signal: AbortSignal,
): Promise<boolean> {
  const host = String(order.serverIp);
  const socket = connect({ host, port: Number(order.tcpPort), noDelay: true });
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const line = new UploadLine(identity, socket);
    const info = {
      terminalId: identity.terminalId,
      identification: order.identification,
      alarmNumber: order.alarmNumber,
      infoType: 0,
      files: files.map(({ name, data }) => ({ fileName: name, fileSize: data.length })),
    };
    if (!(await line.acknowledged(ID.attachments, info))) return false;
    for (const file of files) if (!(await sendFile(line, file))) return false;
    return true;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroySoon();
  }
}

async function sendFile(line: UploadLine, { name, type, data }: AlarmFile): Promise<boolean> {
  const about = { fileName: name, fileType: type, fileSize: data.length };
  if (!(await line.acknowledged(ID.attachmentFile, about))) return false;
  let gaps: readonly { offset: number; length: number }[] = [{ offset: 0, length: data.length }];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const { offset, length } of gaps) {
      for (let at = offset; at < offset + length; at += PACKET_BYTES) {
        const end = Math.min(at + PACKET_BYTES, offset + length);
        await line.write(writeFilePacket({ fileName: name, offset: at, data: data.subarray(at, end) }));
      }
    }
    const answer = await line.ask(ID.attachmentEnd, about, ID.attachmentAnswer);
    if (!answer) return false;
    if (answer.body.result === 0) return true;
    gaps = answer.body.gaps as typeof gaps;
  }
  return false;
}

/** The connection: one question at a time, and its answer. */
class UploadLine {
  readonly #identity: TerminalIdentity;
  readonly #socket: Socket;
  readonly #come: Message[] = [];
  #waiting: (() => void) | null = null;
  #closed = false;
  #serial = 0;

  constructor(identity: TerminalIdentity, socket: Socket) {
    this.#identity = identity;
    this.#socket = socket;
    const reader = new FrameReader(identity.version, Date.now, {
      onMessage: (message) => {
        this.#come.push(message);
        this.#waiting?.();
      },
      // What cannot be read is as good as not said: the question runs out.
      onFault: () => undefined,
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    // The close after it says the same.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#waiting?.();
    });
  }

  async acknowledged(msgId: number, body: Body): Promise<boolean> {
    const answer = await this.ask(msgId, body, ID.platformReply);
    return answer?.body.result === 0;
  }

  /** Null where the line is gone. */
  async ask(msgId: number, body: Body, answerId: number): Promise<Message | null> {
    const frames = packFrames(this.#identity, msgId, this.#serial, body);
    this.#serial = (this.#serial + frames.length) & 0xffff;
    for (const frame of frames) await this.write(frame);
    for (;;) {
      const answer = this.#come.shift();
      if (answer?.msgId === answerId) return answer;
      if (answer) continue;
      if (this.#closed) return null;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
      this.#waiting = null;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      this.#socket.once('drain', resolve);
      this.#socket.once('close', resolve);
    });
  }
}
