import type { Logger } from 'pino';
import type { MediaFiles } from '../media/media-files.ts';
import { sweepMedia } from '../media/sweep-media.ts';
import type { Store } from '../store/store.ts';

const LEASE = 'upkeep';
const HOUR_MS = 3_600_000;

export interface UpkeepOptions {
  readonly store: Store;
  /** Photos and recordings, and how long they are kept; null: this process does not look after them. */
  readonly media?: { readonly files: MediaFiles; readonly days: number } | null;
  /** Names this process among those that share the database. */
  readonly holder: string;
  readonly log: Logger;
  /** Between two rounds. */
  readonly everyMs?: number;
}

/**
 * Once an hour one process of the system drops what is past its retention, photos and recordings too, and sessions
 * that have run out. A round that fails is logged and tried again with the next.
 */
export function startUpkeep({ store, media, holder, log, everyMs = HOUR_MS }: UpkeepOptions): {
  close(): Promise<void>;
} {
  let round: Promise<void> = Promise.resolve();
  const keep = async (): Promise<void> => {
    const { held } = await store.ingest.lease(LEASE, holder, everyMs * 0.9);
    if (!held) return;
    await store.applyRetention(Date.now());
    const swept = media
      ? await sweepMedia({ store: store.media, files: media.files, log }, Date.now(), { days: media.days })
      : 0;
    const sessions = await store.sessions.prune(Date.now());
    log.info({ sessions, media: swept }, 'upkeep done');
  };
  const timer = setInterval(() => {
    round = keep().catch((error: unknown) => log.error({ err: error }, 'upkeep failed; it is tried again'));
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await round;
    },
  };
}
