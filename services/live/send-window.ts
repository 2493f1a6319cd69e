export interface SendWindowLimits {
  readonly smallestBytes: number;
  readonly largestBytes: number;
  /** A viewer that takes longer than this gets less at a time. */
  readonly slowMs: number;
  /** One that takes less than this, and was given as much as there was room for, gets more. */
  readonly quickMs: number;
}

export const SEND_WINDOW: SendWindowLimits = {
  smallestBytes: 16 * 1024,
  largestBytes: 512 * 1024,
  slowMs: 800,
  quickMs: 250,
};

interface Sent {
  readonly id: number;
  readonly bytes: number;
  readonly at: number;
  /** Was there room for no more with it? */
  readonly full: boolean;
}

/**
 * How much may be on its way to one viewer. What was sent counts until the viewer says that it has taken it, so what
 * waits in the network is never older than the viewer is slow: the buffers of the kernel and of what lies between
 * would otherwise hold megabytes of places where buses were long ago.
 */
export class SendWindow {
  readonly #limits: SendWindowLimits;
  readonly #sent: Sent[] = [];
  #waitingBytes = 0;
  #sizeBytes: number;
  #next = 1;

  constructor(limits: SendWindowLimits = SEND_WINDOW) {
    this.#limits = limits;
    this.#sizeBytes = limits.largestBytes / 4;
  }

  get isFull(): boolean {
    return this.#waitingBytes >= this.#sizeBytes;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Notes what was sent. The viewer is to say the number that is returned. */
  send(bytes: number, now: number): number {
    this.#waitingBytes += bytes;
    this.#sent.push({ id: this.#next, bytes, at: now, full: this.isFull });
    return this.#next++;
  }

  /** The viewer has taken everything up to this number. Says whether that was news. */
  taken(id: number, now: number): boolean {
    let last: Sent | undefined;
    while (this.#sent[0] && this.#sent[0].id <= id) {
      last = this.#sent.shift()!;
      this.#waitingBytes -= last.bytes;
    }
    if (!last) return false;
    const tookMs = now - last.at;
    const { smallestBytes, largestBytes, slowMs, quickMs } = this.#limits;
    if (tookMs > slowMs) this.#sizeBytes = Math.max(smallestBytes, this.#sizeBytes / 2);
    else if (tookMs < quickMs && last.full) this.#sizeBytes = Math.min(largestBytes, this.#sizeBytes * 2);
    return true;
  }
}
