/** Something that wants to be called at a time; `heapIndex` belongs to the heap it is in. */
export interface Sleeper {
  heapIndex: number;
  wake(now: number): void;
}

/** Waits are cut to this, so that a clock that was set does not leave everybody asleep. */
const LONGEST_WAIT_MS = 1000;

/**
 * One timer for any number of sleepers: a binary heap by due time, in which a sleeper stands at most once.
 * Times are milliseconds of `now`, which never goes back.
 */
export class WakeHeap {
  private readonly heap: { sleeper: Sleeper; at: number }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private timerAt = Number.POSITIVE_INFINITY;

  /** Milliseconds since the epoch on a clock that nobody sets. */
  now(): number {
    return performance.timeOrigin + performance.now();
  }

  /** Calls `sleeper.wake` at `at` instead of whatever was asked before. */
  set(sleeper: Sleeper, at: number): void {
    const index = sleeper.heapIndex;
    if (index >= 0) {
      const entry = this.heap[index]!;
      const earlier = at < entry.at;
      entry.at = at;
      if (earlier) this.rise(index);
      else this.sink(index);
    } else {
      sleeper.heapIndex = this.heap.length;
      this.heap.push({ sleeper, at });
      this.rise(sleeper.heapIndex);
    }
    this.arm();
  }

  remove(sleeper: Sleeper): void {
    const index = sleeper.heapIndex;
    if (index < 0) return;
    sleeper.heapIndex = -1;
    const last = this.heap.pop()!;
    if (index < this.heap.length) {
      this.put(index, last);
      this.rise(index);
      this.sink(last.sleeper.heapIndex);
    }
    this.arm();
  }

  close(): void {
    for (const entry of this.heap) entry.sleeper.heapIndex = -1;
    this.heap.length = 0;
    this.arm();
  }

  private arm(): void {
    const next = this.heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (this.timer && next >= this.timerAt && this.heap.length > 0) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.timerAt = next;
    if (this.heap.length === 0) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(next - this.now())));
    this.timer = setTimeout(() => this.ring(), waitMs);
  }

  private ring(): void {
    this.timer = null;
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.now();
    // Whoever asks for "at once" while being woken is served in the next round, so that sockets get their turn.
    const due: Sleeper[] = [];
    while (this.heap.length > 0 && this.heap[0]!.at <= now) {
      const { sleeper } = this.heap[0]!;
      const last = this.heap.pop()!;
      sleeper.heapIndex = -1;
      if (this.heap.length > 0) {
        this.put(0, last);
        this.sink(0);
      }
      due.push(sleeper);
    }
    for (const sleeper of due) sleeper.wake(now);
    this.arm();
  }

  private rise(from: number): void {
    let index = from;
    const entry = this.heap[index]!;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.heap[parent]!.at <= entry.at) break;
      this.put(index, this.heap[parent]!);
      index = parent;
    }
    this.put(index, entry);
  }

  private sink(from: number): void {
    let index = from;
    const entry = this.heap[index]!;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && this.heap[child + 1]!.at < this.heap[child]!.at) child++;
      if (this.heap[child]!.at >= entry.at) break;
      this.put(index, this.heap[child]!);
      index = child;
    }
    this.put(index, entry);
  }

  private put(index: number, entry: { sleeper: Sleeper; at: number }): void {
    this.heap[index] = entry;
    entry.sleeper.heapIndex = index;
  }
}
