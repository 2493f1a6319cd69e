import type { Report } from '../../geo/report.ts';

/** Reports remembered; a terminal repeats the one it has in flight, seldom an older one. */
const SIZE = 8;
/** Numbers that make a report the same report: time, latitude, longitude, alarm word, status word. */
const WIDTH = 5;

/**
 * The last few reports judged, by what makes them the same report when a terminal sends one again. The serial number
 * is not part of it: it wraps, and starts anew with the terminal.
 */
export class RecentReports {
  readonly #ring = new Float64Array(SIZE * WIDTH).fill(Number.NaN);
  #next = 0;
  /** Every report newer than this was put here; of this very time or before, perhaps not. */
  #completeAfter: number;

  constructor(completeAfter: number) {
    this.#completeAfter = completeAfter;
  }

  add(r: Report): void {
    const ring = this.#ring;
    const at = this.#next * WIDTH;
    const leaving = ring[at] as number;
    if (leaving > this.#completeAfter) this.#completeAfter = leaving;
    ring[at] = r.time;
    ring[at + 1] = r.lat;
    ring[at + 2] = r.lon;
    ring[at + 3] = r.alarmFlags;
    ring[at + 4] = r.statusFlags;
    this.#next = (this.#next + 1) % SIZE;
  }

  has(r: Report): boolean {
    const ring = this.#ring;
    for (let at = 0; at < SIZE * WIDTH; at += WIDTH) {
      if (
        ring[at] === r.time &&
        ring[at + 1] === r.lat &&
        ring[at + 2] === r.lon &&
        ring[at + 3] === r.alarmFlags &&
        ring[at + 4] === r.statusFlags
      )
        return true;
    }
    return false;
  }

  /** Would `has` know every report of that time? */
  knowsAllOf(time: number): boolean {
    return time > this.#completeAfter;
  }
}
