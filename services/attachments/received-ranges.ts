/** A stretch of a file: `start` included, `end` not. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Which bytes of a file are here, as stretches in order that do not touch. What comes in order is one stretch however
 * long the file; a sender that scatters single bytes is refused once there are `maxRanges`.
 */
export class ReceivedRanges {
  readonly #ranges: Range[] = [];
  readonly #maxRanges: number;

  constructor(maxRanges: number) {
    this.#maxRanges = maxRanges;
  }

  /** False where it would take too many stretches: then nothing was noted. */
  add(start: number, end: number): boolean {
    if (end <= start) return true;
    const ranges = this.#ranges;
    // The first that is not wholly before this one, touching counted as not before.
    const from = lowerBound(ranges, start);
    let to = from;
    let joined: Range = { start, end };
    while (to < ranges.length && ranges[to]!.start <= end) {
      const range = ranges[to]!;
      joined = { start: Math.min(joined.start, range.start), end: Math.max(joined.end, range.end) };
      to += 1;
    }
    if (to === from && ranges.length >= this.#maxRanges) return false;
    ranges.splice(from, to - from, joined);
    return true;
  }

  /** What of the first `size` bytes is missing, at most so many stretches. */
  missing(size: number, most: number): Range[] {
    const missing: Range[] = [];
    let at = 0;
    for (const { start, end } of this.#ranges) {
      if (missing.length >= most || at >= size) return missing;
      if (start > at) missing.push({ start: at, end: Math.min(start, size) });
      at = Math.max(at, end);
    }
    if (at < size && missing.length < most) missing.push({ start: at, end: size });
    return missing;
  }

  isWhole(size: number): boolean {
    return this.missing(size, 1).length === 0;
  }
}

function lowerBound(ranges: readonly Range[], start: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.end < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
