import type { RunState } from '../judge.ts';
import { findOnLine, followLine, type LineFix } from './follow-line.ts';
import type { RunTrack } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import { plannedMetresAt, plannedSecondsAt } from './timetable.ts';
import { offLine } from './track-line.ts';
import type { TripLine } from './trip-line.ts';

/** Metres that one second off the timetable is worth along the line, at a bus's usual pace. */
const USUAL_PACE_MS = 6;

/** Seconds of the service day at an instant of the run. */
export const serviceSeconds = (run: RunTrack, trip: { readonly startS: number }, time: number): number =>
  trip.startS + (time - run.start) / 1000;

/** Lays one more fix along the run: place, distance from its line, state. */
export function advanceRun(run: RunTrack, tripLine: TripLine, fix: LineFix, set: MatchingSettings): RunTrack {
  return withState(placed(run, tripLine, fix, set), tripLine, fix, set);
}

function placed(run: RunTrack, { trip, line }: TripLine, fix: LineFix, set: MatchingSettings): RunTrack {
  if (run.pose === null) {
    const seconds = serviceSeconds(run, trip, fix.time);
    const share = set.offScheduleMPerS / USUAL_PACE_MS;
    const pose = findOnLine(line, fix, plannedMetresAt(trip, seconds), share, set);
    if (pose === null || plannedSecondsAt(trip, pose.alongM) - seconds > set.joinEarlyS) {
      return run.offM === 0 ? run : { ...run, offM: 0 };
    }
    return { ...run, pose, offM: 0 };
  }
  const followed = followLine(line, run.pose, fix, set);
  if (followed.offM <= fix.corridorM) {
    const pose = followed.pose;
    const joined = run.joined || (pose.fixes >= set.joinFixes && pose.alongM - pose.fromM >= set.joinM);
    // Standing or reversing before it is under way: the progress counts from where the bus turned.
    const fromM = joined ? pose.fromM : Math.min(pose.fromM, pose.alongM);
    return {
      ...run,
      pose: fromM === pose.fromM ? pose : { ...pose, fromM },
      joined,
      offM: followed.offM,
      elsewhere: null,
    };
  }
  if (!run.joined) return { ...run, pose: null, offM: 0, elsewhere: null };

  // Not where progress has it. It may be on another stretch of the same line: then the corridor is kept.
  let elsewhere = run.elsewhere;
  if (elsewhere !== null) {
    const there = followLine(line, elsewhere, fix, set);
    elsewhere = there.offM <= fix.corridorM ? there.pose : null;
  }
  elsewhere ??= findOnLine(line, fix, null, 0, set);
  if (elsewhere === null) {
    return { ...run, elsewhere: null, offM: offLine(line, fix.lat, fix.lon, followed.offM) };
  }
  if (elsewhere.fixes >= set.joinFixes && elsewhere.alongM - elsewhere.fromM >= set.joinM) {
    return { ...run, pose: elsewhere, elsewhere: null, offM: 0 };
  }
  return { ...run, elsewhere, offM: 0 };
}

function withState(run: RunTrack, tripLine: TripLine, fix: LineFix, set: MatchingSettings): RunTrack {
  const next = nextState(run, tripLine, fix, set);
  if (next === run.runState) return run;
  return { ...run, runState: next, arrivedAt: next === 'ARRIVED' ? fix.time : run.arrivedAt };
}

/** Scans and check-ins are not heard of yet: the state is inferred from where the bus is on its run. */
function nextState(run: RunTrack, tripLine: TripLine, fix: LineFix, set: MatchingSettings): RunState {
  const { runState, pose } = run;
  if (runState === 'ARRIVED') return 'ARRIVED';
  if (!run.joined || pose === null) {
    return runState === 'PLANNED' && (fix.speedKmh ?? 0) > set.headingFromKmh ? 'EMPTY' : runState;
  }
  const toGoM = tripLine.lastStopM - pose.bestM;
  if (run.offM === 0 || run.offM <= fix.corridorM) {
    // Waiting a little before the last stop is having come to it: the bay may be round the corner.
    if (toGoM <= (fix.standing ? set.leaveM : set.arriveM) && pose.time === fix.time) return 'ARRIVED';
    return pose.bestM > tripLine.boardM + set.boardedM ? 'CARRYING' : 'EMPTY';
  }
  // Off the line just before its end: gone to where it waits, which no timetable draws.
  return toGoM <= set.endZoneM ? 'ARRIVED' : runState;
}
