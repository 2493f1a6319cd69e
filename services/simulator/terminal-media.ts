import type { Body, Message } from '../../protocol/jt808/message.ts';
import type { Fix } from './fix.ts';
import { cameraPicture } from './picture/camera-picture.ts';
import { hashText } from './seeded-random.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import { ID, location } from './terminal-messages.ts';

/** What uploads need of a terminal. */
export interface MediaHost {
  readonly identity: TerminalIdentity;
  /** Sends a message that another than the general reply answers; the packets stay for those that are asked for again. */
  sendPackets(
    msgId: number,
    body: Body,
    now: number,
  ): { readonly serial: number; readonly frames: Uint8Array[] };
  /** Puts packets on the line that were there before. */
  sendAgain(frames: readonly Uint8Array[]): void;
}

interface Upload {
  readonly body: Body;
  sent: { readonly serial: number; readonly frames: Uint8Array[] } | null;
}

/** Photos that wait; one more and the oldest is gone. */
const MOST_WAITING = 20;
const DRIVER_CAMERA = 2;
const IMAGE = 0;
const JPEG = 0;
const BY_COMMAND = 0;

/** Photos on their way to the platform: each stays until 0x8800 says that it is stored, over any number of connections. */
export class TerminalMedia {
  readonly #host: MediaHost;
  readonly #uploads = new Map<number, Upload>();

  constructor(host: MediaHost) {
    this.#host = host;
  }

  /** Takes a photo and sends it. */
  upload(mediaId: number, channelId: number, fix: Fix, now: number): void {
    if (this.#uploads.size >= MOST_WAITING) this.#uploads.delete(this.#uploads.keys().next().value as number);
    this.#uploads.set(mediaId, { body: mediaData(this.#host.identity, mediaId, channelId, fix), sent: null });
    this.#send(mediaId, now);
  }

  /** The line is up again: what is not stored goes up from the start. */
  lineUp(now: number): void {
    for (const mediaId of this.#uploads.keys()) this.#send(mediaId, now);
  }

  /** 0x8800: stored, or with the packets that are missing. */
  answered({ body }: Message): void {
    const mediaId = Number(body.mediaId);
    const missing = (body.retransmitIds ?? []) as readonly number[];
    if (missing.length === 0) this.#uploads.delete(mediaId);
    else this.#again(this.#uploads.get(mediaId), missing);
  }

  /** 0x8003: packets of the message that begins with a serial. False where it is none of these. */
  packetsAsked({ body }: Message): boolean {
    const upload = [...this.#uploads.values()].find(({ sent }) => sent?.serial === body.originalSerial);
    if (!upload) return false;
    this.#again(upload, (body.retransmitIds ?? []) as readonly number[]);
    return true;
  }

  #send(mediaId: number, now: number): void {
    const upload = this.#uploads.get(mediaId);
    if (upload) upload.sent = this.#host.sendPackets(ID.mediaData, upload.body, now);
  }

  #again(upload: Upload | undefined, numbers: readonly number[]): void {
    const frames = upload?.sent?.frames ?? [];
    this.#host.sendAgain(numbers.flatMap((n) => frames[n - 1] ?? []));
  }
}

/** Body of 0x0801: that of 2011 has no place in it, and a count of its own beside that of the header. */
function mediaData(identity: TerminalIdentity, mediaId: number, channelId: number, fix: Fix): Body {
  const seed = hashText(identity.vehicle) + mediaId;
  const picture = cameraPicture(channelId === DRIVER_CAMERA ? 'cabin' : 'road', seed);
  const { extras: _, ...place } = location(fix);
  return {
    mediaId,
    mediaType: IMAGE,
    mediaFormat: JPEG,
    eventCode: BY_COMMAND,
    channelId,
    ...(identity.version === '2011' ? { totalPackets: 1, packetNumber: 1 } : { location: place }),
    mediaHex: picture.toString('hex'),
  };
}
