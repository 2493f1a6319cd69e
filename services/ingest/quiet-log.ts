import type { Logger } from 'pino';

/** Lines of one reason written in full within one window. */
const LINES_PER_WINDOW = 10;
const WINDOW_MS = 60_000;

/**
 * A log that a thousand faulty terminals cannot flood: of each reason a few lines a minute, and then how many more
 * there were. Counting is the metrics' work; a line here is for a person.
 */
export class QuietLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #windows = new Map<string, { start: number; lines: number; hidden: number }>();

  constructor(log: Logger, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  warn(reason: string, fields: Record<string, unknown>): void {
    const now = this.#now();
    let window = this.#windows.get(reason);
    if (!window || now - window.start >= WINDOW_MS) {
      const hidden = window?.hidden ?? 0;
      window = { start: now, lines: 0, hidden: 0 };
      this.#windows.set(reason, window);
      if (hidden > 0) this.#log.warn({ reason, hidden }, 'more of the same were not logged');
    }
    if (window.lines >= LINES_PER_WINDOW) {
      window.hidden += 1;
      return;
    }
    window.lines += 1;
    this.#log.warn({ reason, ...fields }, reason.replaceAll('_', ' '));
  }

  /** What a person must see every time: an outage, a poisonous row. */
  error(fields: Record<string, unknown>, message: string): void {
    this.#log.error(fields, message);
  }

  info(fields: Record<string, unknown>, message: string): void {
    this.#log.info(fields, message);
  }
}
