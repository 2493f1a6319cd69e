import type { Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { QuietLog } from './quiet-log.ts';

const LEASE = 'ingest-alive';
const RENEW_MS = 5_000;
/** Renewed by every ingest process, so held while any of them lives. */
const TTL_MS = 10_000;
/** All of them were away so long: what terminals did not say meanwhile, nobody could hear. */
const DEAF_MS = 15_000;

/**
 * Knows how long nobody listened. The lease has one holder name for all ingest processes: it says that the platform
 * is listening, not who.
 */
export class Deafness {
  /** Silence before this was the platform's; 0 where it has been listening all along. */
  until = 0;
  readonly #store: Store;
  readonly #log: QuietLog;
  #timer: NodeJS.Timeout | null = null;

  constructor(store: Store, log: QuietLog) {
    this.#store = store;
    this.#log = log;
  }

  async start(now: number): Promise<void> {
    const { heldUntil } = await this.#store.ingest.lease(LEASE, 'ingest', TTL_MS);
    if (heldUntil < now - DEAF_MS) this.until = now;
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
  }

  async #renew(): Promise<void> {
    try {
      await this.#store.ingest.lease(LEASE, 'ingest', TTL_MS);
    } catch (error) {
      if (!(error instanceof StoreUnavailable))
        this.#log.error({ err: error }, 'the lease could not be renewed');
    }
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}
