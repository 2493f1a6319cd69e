import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RuleName } from '../../geo/finding.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { mediaSubject } from '../bus/subjects.ts';
import type { MediaDraft, MediaKind, MediaStore, StoredMedia } from '../store/media-store.ts';
import { StoreUnavailable } from '../store/store.ts';
import { contentTypeOf, HEAD_BYTES } from './content-type.ts';
import type { LiveMedia } from './live-media.ts';
import type { MediaCounts } from './media-counts.ts';
import { type MediaFiles, MediaFilesFault, mediaKey } from './media-files.ts';
import type { Spool } from './spool.ts';

/** A medium that is whole and in the spool. */
export interface ArrivedMedia extends Omit<MediaDraft, 'id'> {
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
  /** Rules whose alert it belongs to; none: whichever lasts. */
  readonly rules: readonly RuleName[];
}

export interface MediaKeeperOptions {
  readonly store: MediaStore;
  readonly files: MediaFiles;
  readonly spool: Spool;
  readonly bus: Bus;
  readonly plan: { readonly plan: Plan | null };
  readonly counts: MediaCounts;
  readonly log: Logger;
  readonly limits?: Partial<KeeperLimits>;
}

export interface KeeperLimits {
  /** Tries to store one medium while the database or the store of files is away; then its terminal sends it again. */
  readonly tries: number;
  /** Between tries: first, and doubled from there up to the longest. */
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
  /** Media written to the store of files at once; others wait in the spool. */
  readonly sideBySide: number;
}

export const KEEPER_DEFAULTS: KeeperLimits = {
  tries: 6,
  retryFirstMs: 250,
  retryLongestMs: 5_000,
  sideBySide: 8,
};

/**
 * The one way of a medium from the spool into the database and the store of files: the row, the file, the row's word
 * that the file is durable, and only then whoever waits for it is told. Whatever is interrupted is done again when the
 * terminal sends again; the same bytes of the same medium are stored once.
 */
export class MediaKeeper {
  readonly options: MediaKeeperOptions;
  readonly #limits: KeeperLimits;
  readonly #ending = new AbortController();
  #underWay = 0;
  #waiting: (() => void)[] = [];
  readonly #kept = new Set<Promise<StoredMedia | null>>();

  constructor(options: MediaKeeperOptions) {
    this.options = options;
    this.#limits = { ...KEEPER_DEFAULTS, ...options.limits };
  }

  /** Null where it could not be stored: then nothing may be acknowledged. */
  keep(arrived: ArrivedMedia): Promise<StoredMedia | null> {
    const kept = this.#inTurn(arrived);
    this.#kept.add(kept);
    void kept.finally(() => this.#kept.delete(kept));
    return kept;
  }

  async #inTurn(arrived: ArrivedMedia): Promise<StoredMedia | null> {
    if (this.#underWay >= this.#limits.sideBySide) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#underWay += 1;
    try {
      return await this.#retried(arrived);
    } finally {
      this.#underWay -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #retried(arrived: ArrivedMedia): Promise<StoredMedia | null> {
    const { counts, log } = this.options;
    const { tries, retryFirstMs, retryLongestMs } = this.#limits;
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#keepOnce(arrived);
      } catch (error) {
        const away = error instanceof StoreUnavailable || error instanceof MediaFilesFault;
        counts.outcomes.add(away ? 'store_failed' : 'fault');
        log.error(
          { err: error, phone: arrived.phone, bytes: arrived.bytes, tried },
          'a medium was not stored',
        );
        if (!away || tried >= tries || this.#ending.signal.aborted) return null;
      }
      const waitMs = Math.min(retryFirstMs * 2 ** (tried - 1), retryLongestMs);
      await delay(waitMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  async #keepOnce(arrived: ArrivedMedia): Promise<StoredMedia | null> {
    const { store, files, counts } = this.options;
    const { rules, bytes, read, ...facts } = arrived;
    const { sha256, head } = await digestOf(read());
    const type = contentTypeOf(head);
    const id = mediaId(facts, sha256);
    const draft: MediaDraft = { ...facts, id, kind: type.kind ?? facts.kind };
    const file = {
      contentType: type.type,
      bytes,
      sha256,
      key: mediaKey(id, facts.receivedAt, type.extension),
    };
    const key = await store.begin(draft, file);
    if (key === null) {
      counts.outcomes.add('duplicate');
      return store.get(id);
    }
    await files.put(key, { ...file, open: read });
    const stored = await store.finish(id, rules);
    if (!stored) throw new StoreUnavailable(`the row of medium ${id} is gone`);
    counts.outcomes.add('stored');
    counts.bytes += bytes;
    this.#tell(stored);
    return stored;
  }

  #tell(media: StoredMedia): void {
    const { bus, plan } = this.options;
    const district = plan.plan?.vehicles.get(media.vehicle)?.district ?? null;
    const event: LiveMedia = { media };
    bus.publish(mediaSubject(district ?? '', media.vehicle), event);
  }

  /** Waits for what is under way; what still waits for a store that is away is given up, unacknowledged. */
  async close(withinMs: number): Promise<void> {
    const all = Promise.allSettled([...this.#kept]);
    await Promise.race([all, delay(withinMs, undefined, { ref: false })]);
    this.#ending.abort();
    await all;
  }
}

/** The same medium sent again has the same id, and so is one row and one file. */
export function mediaId(facts: Omit<MediaDraft, 'id'>, sha256: string): string {
  const what = [
    facts.phone,
    facts.message,
    facts.terminalMediaId ?? facts.name ?? '',
    facts.alarmNumber === null && facts.time === facts.receivedAt ? '' : facts.time,
    sha256,
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<{ sha256: string; head: Uint8Array }> {
  const hash = createHash('sha256');
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    hash.update(chunk);
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
  }
  return { sha256: hash.digest('hex'), head };
}

const KINDS: readonly MediaKind[] = ['photo', 'audio', 'video', 'text', 'other'];

/** Type byte of 0x0801 (0 to 2) and of 0x1211 (0 to 4): what the terminal says it is, for bytes that do not tell. */
export const saidKind = (type: number): MediaKind => KINDS[type] ?? 'other';
