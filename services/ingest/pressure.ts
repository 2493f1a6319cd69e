import type { IngestCounts } from './counts.ts';
import type { IngestLimits } from './limits.ts';

/**
 * What is in memory and not yet committed, over all connections. Above the limits nothing more is read from any
 * socket, until it has sunk below `resumeShare` of both: the terminals wait, memory does not grow.
 */
export class Pressure {
  /** True while sockets are not to be read. */
  full = false;
  readonly #limits: IngestLimits;
  readonly #counts: IngestCounts;
  readonly #onChange: (full: boolean) => void;

  constructor(limits: IngestLimits, counts: IngestCounts, onChange: (full: boolean) => void) {
    this.#limits = limits;
    this.#counts = counts;
    this.#onChange = onChange;
  }

  add(reports: number, bytes: number): void {
    const c = this.#counts;
    c.pendingReports += reports;
    c.pendingBytes += bytes;
    if (this.full) return;
    if (c.pendingReports < this.#limits.maxPendingReports && c.pendingBytes < this.#limits.maxPendingBytes)
      return;
    this.full = true;
    c.events.add('sockets_paused');
    this.#onChange(true);
  }

  release(reports: number, bytes: number): void {
    const c = this.#counts;
    c.pendingReports -= reports;
    c.pendingBytes -= bytes;
    if (!this.full) return;
    const { maxPendingReports, maxPendingBytes, resumeShare } = this.#limits;
    if (c.pendingReports > maxPendingReports * resumeShare || c.pendingBytes > maxPendingBytes * resumeShare)
      return;
    this.full = false;
    this.#onChange(false);
  }
}
