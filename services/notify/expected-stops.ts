import { secondsLate } from '../../geo/matching/run-progress.ts';
import type { RunTrack } from '../../geo/matching/run-track.ts';
import { nextStopIndex } from '../../geo/matching/timetable.ts';
import type { TripLine } from '../../geo/matching/trip-line.ts';

/** When a bus is expected at a stop ahead, with the range it will most likely be in. Milliseconds since the epoch. */
export interface ExpectedStop {
  /** Index in the trip's `stopTimes`. */
  readonly stop: number;
  readonly expected: number;
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Minutes to the stops ahead, measured along the run by what is known of it at `at`; null where there is no basis for
 * a number. In order of the stops.
 */
export type ExpectStops = (run: RunTrack, tripLine: TripLine, at: number) => readonly ExpectedStop[] | null;

/** A place on the line older than this is no basis. [D] */
const OLDEST_POSE_MS = 90_000;
/** Near enough to the first stop to be waiting there. [D] */
const AT_FIRST_STOP_M = 50;
/** Width of the range: so much, and this share of the time ahead. [D] */
const RANGE_MS = 30_000;
const RANGE_SHARE = 0.15;

/** The timetable, moved by the delay that the bus has now: what holds until travel times have been learned. */
export const byTimetable: ExpectStops = (run, tripLine, at) => {
  const { pose } = run;
  if (!run.joined || pose === null || run.arrivedAt > 0 || at - pose.time > OLDEST_POSE_MS) return null;
  const { trip } = tripLine;
  const stops = trip.stopTimes;
  const lateMs = (secondsLate(run, tripLine) ?? 0) * 1000;
  const first = stops[0]!;
  const leaves = run.start + (first.departureS - trip.startS) * 1000;
  const waits = pose.alongM <= first.alongM + AT_FIRST_STOP_M && at < leaves;
  const expected: ExpectedStop[] = [];
  // For those at the first stop the bus is there: what counts is when it leaves.
  if (waits) expected.push({ stop: 0, expected: leaves, earliest: leaves, latest: leaves });
  for (let stop = Math.max(nextStopIndex(trip, pose.alongM), waits ? 1 : 0); stop < stops.length; stop++) {
    const planned = run.start + (stops[stop]!.arrivalS - trip.startS) * 1000;
    const arrival = Math.max(at, planned + (waits ? Math.max(lateMs, 0) : lateMs));
    const range = RANGE_MS + RANGE_SHARE * (arrival - at);
    expected.push({
      stop,
      expected: arrival,
      earliest: Math.max(at, arrival - range),
      latest: arrival + range,
    });
  }
  return expected;
};
