import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';

const LEASE = 'upkeep';
const HOUR_MS = 3_600_000;

export interface UpkeepOptions {
  readonly store: Store;
  /** Names this process among those that share the database. */
  readonly holder: string;
  readonly log: Logger;
  /** Between two rounds. */
  readonly everyMs?: number;
}

/**
 * Once an hour one process of the system drops what is past its retention and sessions that have run out. A round
 * that fails is logged and tried again with the next.
 */
export function startUpkeep({ store, holder, log, everyMs = HOUR_MS }: UpkeepOptions): {
  close(): Promise<void>;
} {
  let round: Promise<void> = Promise.resolve();
  const keep = async (): Promise<void> => {
    const { held } = await store.ingest.lease(LEASE, holder, everyMs * 0.9);
    if (!held) return;
    await store.applyRetention(Date.now());
    const sessions = await store.sessions.prune(Date.now());
    log.info({ sessions }, 'upkeep done');
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
