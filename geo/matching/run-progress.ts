import type { RunProgress } from '../judge.ts';
import { serviceSeconds } from './advance-run.ts';
import type { RunTrack } from './run-track.ts';
import { nextStopIndex, plannedSecondsAt } from './timetable.ts';
import type { TripLine } from './trip-line.ts';

/** Seconds behind the timetable, negative before it; null while the run is not under way. */
export function secondsLate(run: RunTrack, { trip }: TripLine): number | null {
  if (!run.joined || run.pose === null) return null;
  const seconds = serviceSeconds(run, trip, run.pose.time);
  const late = Math.round(seconds - plannedSecondsAt(trip, run.pose.alongM));
  const at = trip.stopTimes[nextStopIndex(trip, run.pose.alongM) - 1];
  // Waiting at a stop for its departure is being on time.
  const waiting = at !== undefined && seconds >= at.arrivalS && seconds <= at.departureS;
  return waiting && late < 0 ? 0 : late;
}

/** What a viewer is shown of the run; `aboardCount` is null where nobody counted. */
export function runProgress(run: RunTrack, tripLine: TripLine, aboardCount: number | null): RunProgress {
  const { trip } = tripLine;
  const alongM = run.pose?.alongM ?? 0;
  const next = run.pose === null ? trip.stopTimes[0] : trip.stopTimes[nextStopIndex(trip, alongM)];
  return {
    trip: run.trip,
    route: trip.routeId,
    serviceDate: run.serviceDate,
    runState: run.runState,
    progressM: Math.round(alongM),
    nextStop: run.arrivedAt > 0 ? null : (next?.stopId ?? null),
    delayS: secondsLate(run, tripLine),
    ...(aboardCount === null ? { aboard: 'inferred' } : { aboard: 'known', aboardCount }),
  };
}
