import type { EtaSettings } from './settings.ts';

/** Buses that came to a stop before their time, and how much of the time left they waited there. */
export interface Hold {
  readonly early: number;
  readonly held: number;
}

/** By route and stop: on one route drivers wait, on another they drive on. */
export type HoldsByStop = Map<string, Hold>;

/** Early arrivals remembered of a stop. [D] */
const MOST_EARLY = 60;

export const holdKey = (route: string, stopId: string): string => `${route} ${stopId}`;

/** How much of the time that it is early a bus waits, 0 to 1. */
export function holdShare(holds: HoldsByStop, key: string, timepoint: boolean, set: EtaSettings): number {
  const hold = holds.get(key);
  const before = timepoint ? set.holdAtTimepoint : set.holdElsewhere;
  return ((hold?.held ?? 0) + before * set.holdArrivals) / ((hold?.early ?? 0) + set.holdArrivals);
}

export function addHold(holds: HoldsByStop, key: string, early: number, held: number): void {
  const was = holds.get(key) ?? { early: 0, held: 0 };
  const keep = was.early > 0 ? Math.min(was.early, Math.max(0, MOST_EARLY - early)) / was.early : 0;
  holds.set(key, { early: was.early * keep + early, held: was.held * keep + held });
}
