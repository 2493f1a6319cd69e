import type { Run } from '../../geo/plan/plan.ts';
import type { NewestPosition } from '../live/newest-positions.ts';

/** When a bus is expected at a stop, milliseconds since the epoch: never a bare number. */
export interface ArrivalRange {
  readonly from: number;
  readonly to: number;
  readonly basis: 'prediction' | 'delay';
}

/** Asked for every child; null: there is nothing to rest a number on. */
export type ExpectedArrival = (
  run: Run,
  stopId: string,
  newest: NewestPosition | undefined,
  now: number,
) => ArrivalRange | null;

/** Older than this a position carries no promise. PRODUCTS 4.3. */
export const STALE_MS = 90_000;
/** Range around timetable and delay: early is the worse fault, so it opens later than it closes. [D] */
const EARLY_S = 60;
const LATE_S = 120;
/** And of what lies ahead, so much on either side. [D] */
const AHEAD_SHARE = 0.1;
/** A delay beyond this is another story than traffic. */
const BELIEVED_S = 3 * 3600;

/** The timetable moved by the delay of now, as long as the bus is on this run, heard of, and not past the stop. */
export const byDelay: ExpectedArrival = (run, stopId, newest, now) => {
  const progress = newest?.progress;
  if (!newest || !progress || progress.trip !== run.trip.id || progress.serviceDate !== run.serviceDate)
    return null;
  if (progress.delayS === null || Math.abs(progress.delayS) > BELIEVED_S) return null;
  if (Math.abs(now - newest.report.time) > STALE_MS || isPast(run, stopId, newest)) return null;
  if (progress.runState === 'PLANNED' || progress.runState === 'CLOSED') return null;
  const call = run.trip.stopTimes.findLast((one) => one.stopId === stopId);
  if (!call) return null;
  const expected = run.start + (call.arrivalS - run.trip.startS + progress.delayS) * 1000;
  const aheadMs = Math.max(0, expected - now) * AHEAD_SHARE;
  const from = Math.max(now, expected - EARLY_S * 1000 - aheadMs);
  return { from, to: Math.max(from, expected + LATE_S * 1000 + aheadMs), basis: 'delay' };
};

/** Has the bus left the stop behind? False where that is not known. */
export function isPast(run: Run, stopId: string, newest: NewestPosition | undefined): boolean {
  const progress = newest?.progress;
  if (progress?.trip !== run.trip.id || progress.serviceDate !== run.serviceDate) return false;
  const stops = run.trip.stopTimes;
  const own = stops.findLastIndex((one) => one.stopId === stopId);
  const next = stops.findLastIndex((one) => one.stopId === progress.nextStop);
  return next < 0 ? progress.nextStop === null && progress.progressM > 0 : own < next;
}
