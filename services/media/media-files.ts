import type { Readable } from 'node:stream';

/**
 * Where the bytes of media are kept: a folder, or a bucket of an S3-compatible store. Keys are ours, never a name that
 * a terminal sent.
 */
export interface MediaFiles {
  /** Resolves once the bytes would survive a loss of power; done again with the same bytes it changes nothing. */
  put(key: string, content: MediaContent): Promise<void>;
  /** Bytes `start` to `end`, both included; all without a range. Null where there is no such file. */
  get(key: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | null>;
  /** Nothing happens where there is no such file. */
  delete(key: string): Promise<void>;
  /** Rejects with the reason where nothing can be stored. */
  check(): Promise<void>;
}

export interface MediaContent {
  readonly bytes: number;
  /** Hex; a store refuses what does not give it. */
  readonly sha256: string;
  readonly contentType: string;
  /** From the first byte, each time anew. */
  open(): AsyncIterable<Uint8Array>;
}

/** The store of files did not take or give what it should: full, away, or refused. */
export class MediaFilesFault extends Error {
  override readonly name = 'MediaFilesFault';
}

const KEY = /^[a-z0-9]+(?:[/-][a-z0-9]+)*(?:\.[a-z0-9]+)?$/;
const LONGEST_KEY = 200;

/** Throws on anything but a key as `mediaKey` makes it: a bug, since no key comes from outside. */
export function checkKey(key: string): void {
  if (key.length > LONGEST_KEY || !KEY.test(key))
    throw new Error(`no key of a medium: ${JSON.stringify(key)}`);
}

const CST_MS = 8 * 3_600_000;

/** By day, then by the first digits of the id, so that no folder holds very many. */
export function mediaKey(id: string, receivedAt: number, extension: string): string {
  const day = new Date(receivedAt + CST_MS).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/${id.slice(0, 2)}/${id}.${extension}`;
}
