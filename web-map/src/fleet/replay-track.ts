import type { ReplayFix } from '../../../services/api/contract.ts';

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const STANDING_KMH = 5;
const STANDING_MS = 30_000;
/** A longer silence says nothing of what was between. */
const GAP_MS = 180_000;

/** Index of the last fix at or before the moment; 0 before the first. */
export function fixAt(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

/** Stretches of time in which something held, from fix to fix. */
export function stretches(
  fixes: readonly ReplayFix[],
  times: readonly number[],
  holds: (fix: ReplayFix) => boolean,
  leastMs = 0,
): Stretch[] {
  const found: Stretch[] = [];
  let from: number | null = null;
  fixes.forEach((fix, i) => {
    const time = times[i]!;
    const gap = i > 0 && time - times[i - 1]! > GAP_MS;
    if (from !== null && (gap || !holds(fix))) {
      found.push({ from, to: gap ? times[i - 1]! : time });
      from = null;
    }
    if (from === null && holds(fix)) from = time;
  });
  if (from !== null) found.push({ from, to: times.at(-1)! });
  return found.filter((one) => one.to - one.from >= leastMs);
}

export const standing = (fixes: readonly ReplayFix[], times: readonly number[]): Stretch[] =>
  stretches(fixes, times, ({ speedKmh }) => (speedKmh ?? STANDING_KMH) < STANDING_KMH, STANDING_MS);

/** Where it was at a moment: on the straight line between two fixes, or at the one before a gap. */
export function placeAt(
  fixes: readonly ReplayFix[],
  times: readonly number[],
  time: number,
): { lon: number; lat: number } {
  const i = fixAt(times, time);
  const [a, b] = [fixes[i]!, fixes[i + 1]];
  const span = b ? times[i + 1]! - times[i]! : 0;
  if (!b || span <= 0 || span > GAP_MS || !b.positioned) return a;
  const share = Math.min(1, Math.max(0, (time - times[i]!) / span));
  return { lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share };
}
