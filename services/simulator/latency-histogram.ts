/** Counts of durations in logarithmic buckets: a percentile is right to about 2 %, in a few kilobytes whatever the number. */
export class LatencyHistogram {
  private readonly buckets = new Uint32Array(1024);
  private total = 0;

  add(durationMs: number): void {
    this.buckets[bucketOf(durationMs)]!++;
    this.total++;
  }

  get count(): number {
    return this.total;
  }

  /** Milliseconds, or null where nothing was counted. `share` in (0, 1]. */
  percentile(share: number): number | null {
    if (this.total === 0) return null;
    let left = Math.ceil(share * this.total);
    for (let i = 0; i < this.buckets.length; i++) {
      left -= this.buckets[i]!;
      if (left <= 0) return BASE_MS * GROWTH ** (i + 0.5);
    }
    return null;
  }
}

const BASE_MS = 0.01;
const GROWTH = 1.025;

function bucketOf(durationMs: number): number {
  return Math.min(1023, Math.max(0, Math.floor(Math.log(durationMs / BASE_MS) / Math.log(GROWTH))));
}
