import type { Report } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';

/** A clock further ahead than this is wrong; so far behind, a report is merely late until the clock is found out. RULES 1 [D]. */
const WRONG_MS = 300_000;
/** Packets in a row that must be wrong by the same. RULES 1. */
const PACKETS = 10;
/** The same: transmission takes one longer than another. [D] */
const SAME_MS = 15_000;
/** A clock that is behind looks like a queue that is sent late; over so long no queue stays the same length. [D] */
const STEADY_MS = 60_000;
/** Time zones lie whole half hours apart; a terminal that is behind by one of these, within so much, has the wrong one. [D] */
const ZONE_MS = 1_800_000;
const NEAR_ZONE_MS = 120_000;
/** A report this fresh by its own clock shows that the clock is right again. [D] */
const RIGHT_MS = 60_000;

type ClockEvent = Extract<VehicleEvent, { readonly kind: 'clock' }>;

/**
 * One terminal's clock against the platform's. Once ten live packets in a row are wrong by the same (RULES 1), its
 * reports are put right by that, and each says so in an event of its own: so the finding rests on what is stored, and
 * the newest stored report tells the next process how wrong the clock is.
 */
export class TerminalClock {
  /** By so much it is ahead; 0 while it is not known to be wrong. */
  #offsetMs: number;
  /** When it was last told, receive time, that the clock is wrong and cannot be put right. */
  toldAt = 0;
  /** Reports in a row that could not be dated. */
  undated = 0;
  #packets = 0;
  #since = 0;
  #first = 0;
  #largest = 0;

  constructor(last: Report | null) {
    const said = last?.events?.find(
      (event): event is ClockEvent => event.kind === 'clock' && event.corrected,
    );
    this.#offsetMs = said ? said.offsetS * 1000 : 0;
  }

  /** By how much the time of a report is to be lessened, ms; null where the report cannot be dated. */
  errorOf(time: number, receivedAt: number, live: boolean): number | null {
    const aheadMs = time - receivedAt;
    if (this.#offsetMs === 0 && Math.abs(aheadMs) <= WRONG_MS) {
      if (live) {
        this.#packets = 0;
        this.undated = 0;
      }
      return 0;
    }
    if (live) this.#learn(aheadMs, receivedAt);
    const offsetMs = this.#offsetMs;
    if (offsetMs !== 0 && aheadMs - offsetMs <= WRONG_MS) return offsetMs;
    if (aheadMs <= WRONG_MS) return 0;
    this.undated += 1;
    return null;
  }

  #learn(aheadMs: number, receivedAt: number): void {
    if (Math.abs(aheadMs) <= RIGHT_MS) {
      this.#offsetMs = 0;
      this.#packets = 0;
      return;
    }
    if (this.#offsetMs !== 0 && Math.abs(aheadMs - this.#offsetMs) <= WRONG_MS) {
      this.#packets = 0;
      return;
    }
    if (this.#packets === 0 || Math.abs(aheadMs - this.#first) > SAME_MS) {
      this.#packets = 1;
      this.#since = receivedAt;
      this.#first = aheadMs;
      this.#largest = aheadMs;
      return;
    }
    this.#packets += 1;
    // What the way took is in every difference, so the largest comes nearest to the clock.
    this.#largest = Math.max(this.#largest, aheadMs);
    if (this.#packets < PACKETS || Math.abs(this.#largest) <= WRONG_MS) return;
    const zone = Math.round(this.#largest / ZONE_MS) * ZONE_MS;
    const isZone = zone !== 0 && Math.abs(this.#largest - zone) <= NEAR_ZONE_MS;
    if (aheadMs < 0 && (!isZone || receivedAt - this.#since < STEADY_MS)) return;
    this.#offsetMs = isZone ? zone : Math.round(this.#largest / 1000) * 1000;
    this.#packets = 0;
  }
}
