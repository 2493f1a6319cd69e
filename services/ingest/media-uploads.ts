import type { SpoolFile } from '../media/spool.ts';
import { type MediaPacket, MediaUpload } from './media-upload.ts';

/** What becomes of a packet. */
export type Placed =
  | { readonly state: 'new' | 'repeated'; readonly upload: MediaUpload }
  /** Of a medium that is too long, or for which there is no room now. */
  | { readonly state: 'too_long' | 'busy' };

export interface MediaUploadLimits {
  /** Media one terminal sends at once; the oldest is given up for one more. */
  readonly maxMediaUploads: number;
  readonly maxMediaBytes: number;
}

/** Packets of less than this on the average are nobody's: it bounds what is remembered of each. */
const LEAST_PACKET_BYTES = 256;

/** The media that one connection has under way, and those it has just been told are stored. */
export class MediaUploads {
  readonly #limits: MediaUploadLimits;
  readonly #uploads: MediaUpload[] = [];

  constructor(limits: MediaUploadLimits) {
    this.#limits = limits;
  }

  /** Puts a packet where it belongs; `open` gives a file for a medium that begins. */
  place(packet: MediaPacket, body: Uint8Array, now: number, open: () => SpoolFile | null): Placed {
    const { maxMediaBytes, maxMediaUploads } = this.#limits;
    let upload = this.#of(packet);
    if (!upload) {
      if (packet.parts > maxMediaBytes / LEAST_PACKET_BYTES) return { state: 'too_long' };
      const coming = this.coming;
      if (coming.length >= maxMediaUploads)
        this.drop(coming.reduce((a, b) => (b.touchedAt < a.touchedAt ? b : a)));
      const spool = open();
      if (!spool) return { state: 'busy' };
      upload = new MediaUpload(packet, spool, now);
      this.#uploads.push(upload);
    }
    if (upload.state !== 'coming') {
      upload.touchedAt = now;
      return upload.state === 'refused' ? { state: 'too_long' } : { state: 'repeated', upload };
    }
    if (upload.bytes + body.length > maxMediaBytes) {
      upload.state = 'refused';
      void upload.spool.discard();
      return { state: 'too_long' };
    }
    return { state: upload.take(packet, body, now) ? 'new' : 'repeated', upload };
  }

  /**
   * By the serial of its first packet, so that two media may interleave. A terminal may send a packet that it was
   * asked for under a new serial, or every packet under the same one: then it is the medium that lacks it.
   */
  #of(packet: MediaPacket): MediaUpload | undefined {
    const { parts, part, firstSerial, header, head } = packet;
    if (head?.counted) {
      const { mediaId } = head;
      return this.#uploads.find((u) => u.parts === parts && u.head?.mediaId === mediaId);
    }
    const known = this.#uploads.find(
      (u) => u.firstSerial === firstSerial && u.parts === parts && sameMedium(u, head),
    );
    if (known) return known;
    return this.#uploads.find(
      (u) =>
        u.state === 'coming' &&
        u.parts === parts &&
        !u.has(part) &&
        ((part > 1 && u.requests > 0) || (parts > 1 && u.header.serial === header.serial)) &&
        sameMedium(u, head),
    );
  }

  get coming(): MediaUpload[] {
    return this.#uploads.filter((u) => u.state === 'coming');
  }

  get idle(): boolean {
    return this.#uploads.length === 0;
  }

  /** Gives one up, or forgets one that is done with. */
  drop(upload: MediaUpload): void {
    const at = this.#uploads.indexOf(upload);
    if (at >= 0) this.#uploads.splice(at, 1);
    // Whoever keeps it reads its file until he is done.
    if (upload.state !== 'keeping') void upload.spool.discard();
  }

  /** Those done with long enough ago that their terminal sends no more of them. */
  forget(before: number): void {
    for (const upload of [...this.#uploads])
      if ((upload.state === 'kept' || upload.state === 'refused') && upload.touchedAt < before)
        this.drop(upload);
  }

  /** The connection is gone: what was not whole is sent again by another. */
  close(): void {
    for (const upload of [...this.#uploads]) this.drop(upload);
  }
}

const sameMedium = (upload: MediaUpload, head: MediaPacket['head']): boolean =>
  !head || !upload.head || upload.head.mediaId === head.mediaId;
