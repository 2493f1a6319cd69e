import type { Fix } from './fix.ts';

/** A report in the terminal's memory, kept until it is acknowledged. */
export interface StoredReport {
  readonly fix: Fix;
  /** Made while the line was down: it goes up as blind-area data. */
  readonly blind: boolean;
  /** It was sent at least once. */
  sent: boolean;
}

/** The terminal's memory of reports that nobody has acknowledged, oldest first. */
export class ReportQueue {
  private reports: StoredReport[] = [];
  private head = 0;
  private readonly limit: number;
  private overwritten = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.reports.length - this.head;
  }

  push(report: StoredReport): void {
    this.reports.push(report);
    if (this.length > this.limit) {
      this.head++;
      this.overwritten++;
    }
    this.compact();
  }

  /** How many reports were overwritten in the full memory since this was last asked. */
  takeOverwritten(): number {
    const count = this.overwritten;
    this.overwritten = 0;
    return count;
  }

  /** Takes what goes up in one message: a run of blind reports of at most `most`, or the one that is next. */
  take(most: number): StoredReport[] {
    const first = this.reports[this.head];
    if (!first) return [];
    let count = 1;
    while (first.blind && count < most && this.reports[this.head + count]?.blind) count++;
    const taken = this.reports.slice(this.head, this.head + count);
    this.head += count;
    this.compact();
    return taken;
  }

  /** Puts reports back that were taken last and not acknowledged. */
  putBack(reports: readonly StoredReport[]): void {
    this.reports = [...reports, ...this.reports.slice(this.head)];
    this.head = 0;
  }

  private compact(): void {
    if (this.head < 64 || this.head * 2 < this.reports.length) return;
    this.reports = this.reports.slice(this.head);
    this.head = 0;
  }
}
