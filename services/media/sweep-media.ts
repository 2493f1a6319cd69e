import type { Logger } from 'pino';
import type { MediaStore } from '../store/media-store.ts';
import { type MediaFiles, MediaFilesFault } from './media-files.ts';

export interface MediaRetention {
  /** Days kept; the benchmark is that of positions (道路运输车辆动态监督管理办法, Art. 25). */
  readonly days: number;
  /** A medium that was begun so long ago and is not whole was never acknowledged. */
  readonly unfinishedMs?: number;
}

const DAY_MS = 86_400_000;
const AT_ONCE = 200;

/**
 * Removes what is past its retention, file first and row after, so that no file is left without a row. What is held
 * as evidence stays. Returns how many went.
 */
export async function sweepMedia(
  parts: { readonly store: MediaStore; readonly files: MediaFiles; readonly log: Logger },
  now: number,
  { days, unfinishedMs = DAY_MS }: MediaRetention,
): Promise<number> {
  const { store, files, log } = parts;
  let removed = 0;
  for (;;) {
    const expired = await store.expired(now - days * DAY_MS, now - unfinishedMs, AT_ONCE);
    for (const { id, key } of expired) {
      try {
        if (key !== null) await files.delete(key);
      } catch (error) {
        if (!(error instanceof MediaFilesFault)) throw error;
        // It is met again in the next round; going on here would only meet it with every file.
        log.warn({ err: error, id }, 'a medium past its retention could not be removed');
        return removed;
      }
      await store.remove(id);
      removed += 1;
    }
    if (expired.length < AT_ONCE) return removed;
  }
}
