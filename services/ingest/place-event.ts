import { distanceM } from '../../geo/geometry/distance.ts';
import type { Report } from '../../geo/report.ts';

/** Clocks of phones and terminals differ by a little, and reports travel: within this they are of one moment. RULES 1. */
const SAME_MOMENT_MS = 30_000;
/** A phone this near to the bus is on it. RULES R15. */
const NEAR_M = 100;
/** The bus was where its newest report says, so long before and after. [D] */
const FRESH_MS = 60_000;

/** A phone's clock may be ahead by so much; nothing is put ahead of the platform's. */
export const PHONE_AHEAD_MS = 300_000;

/** Event times at which an event said at `at` may have been put. */
export const placedBetween = (at: number): readonly [from: number, to: number] => [
  at - PHONE_AHEAD_MS - SAME_MOMENT_MS - 1_000,
  at + SAME_MOMENT_MS + 1_000,
];

/**
 * Where among the vehicle's reports an event goes that happened at `at`. One of this moment goes just behind what was
 * judged last: put at its own time it would make reports late that were only a second on their way. Any other goes to
 * its own time, next to those that are `taken` in the same millisecond, since events are told apart by that.
 */
export function placeEvent(
  at: number,
  now: number,
  judgedTime: number | null,
  taken: (time: number) => boolean,
): number {
  let time = Math.min(at, now);
  if (judgedTime !== null && Math.abs(time - judgedTime) <= SAME_MOMENT_MS) time = judgedTime + 1;
  while (taken(time)) time += 1;
  return time;
}

/** Was the phone within 100 m of the bus? Null where either is not known. */
export function nearBus(
  place: { readonly lat: number; readonly lon: number } | null,
  at: number,
  last: Report | null,
): boolean | null {
  if (place === null || last === null || !last.positioned || Math.abs(at - last.time) > FRESH_MS) return null;
  return distanceM([place.lon, place.lat], [last.lon, last.lat]) <= NEAR_M;
}
