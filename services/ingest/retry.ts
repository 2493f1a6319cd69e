import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '../store/store.ts';

/** Growing waits between tries, ended at once by a signal. */
export class Retry {
  tries = 0;
  readonly #first: number;
  readonly #longest: number;
  readonly #signal: AbortSignal;

  constructor(
    limits: { readonly retryFirstMs: number; readonly retryLongestMs: number },
    signal: AbortSignal,
  ) {
    this.#first = limits.retryFirstMs;
    this.#longest = limits.retryLongestMs;
    this.#signal = signal;
  }

  /** False once there is no more reason to try. */
  async wait(): Promise<boolean> {
    if (this.#signal.aborted) return false;
    const ms = Math.min(this.#first * 2 ** this.tries, this.#longest);
    this.tries += 1;
    try {
      await delay(ms, undefined, { signal: this.#signal, ref: true });
      return true;
    } catch {
      // Only the signal rejects a delay.
      return false;
    }
  }
}

/**
 * Calls until the database answers; `null` where the signal came first, or nobody waits for it any more: in a long
 * outage terminals come and go, and none of their calls may stay behind. Other faults are thrown.
 */
export async function untilAvailable<T>(
  limits: { readonly retryFirstMs: number; readonly retryLongestMs: number },
  signal: AbortSignal,
  call: () => Promise<T>,
  unwanted: () => boolean = () => false,
): Promise<{ readonly value: T } | null> {
  const retry = new Retry(limits, signal);
  for (;;) {
    try {
      return { value: await call() };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (!(await retry.wait()) || unwanted()) return null;
    }
  }
}
