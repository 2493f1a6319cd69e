import type { RunState } from '../judge.ts';
import { findOnLine, followLine, type LineFix } from './follow-line.ts';
import {
  atLastStop,
  comeUpToStops,
  type FixBefore,
  missedBefore,
  passStops,
  visitsAfterJump,
  visitsFrom,
  visitsOffTheLine,
} from './follow-stops.ts';
import type { Elsewhere, LinePose, RunTrack } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import type { VisitLog } from './stop-visits.ts';
import { plannedMetresAt, plannedSecondsAt } from './timetable.ts';
import { offLine } from './track-line.ts';
import type { TripLine } from './trip-line.ts';

/** Metres that one second off the timetable is worth along the line, at a bus's usual pace. */
const USUAL_PACE_MS = 6;

/** Seconds of the service day at an instant of the run. */
export const serviceSeconds = (run: RunTrack, trip: { readonly startS: number }, time: number): number =>
  trip.startS + (time - run.start) / 1000;

/** Lays one more fix along the run: place, distance from its line, stops, state. `before` is the believed fix before it. */
export function advanceRun(
  run: RunTrack,
  tripLine: TripLine,
  fix: LineFix,
  before: FixBefore | null,
  set: MatchingSettings,
): RunTrack {
  const wide = tripLine.rural ? { ...fix, corridorM: fix.corridorM + set.corridorRuralM } : fix;
  const now = withStops(run, placed(run, tripLine, wide, before, set), tripLine, wide, before, set);
  return withState(now, tripLine, wide, set);
}

/** The stops come to and left behind by the way from where the run was to where it is. */
function withStops(
  was: RunTrack,
  run: RunTrack,
  tripLine: TripLine,
  fix: LineFix,
  before: FixBefore | null,
  set: MatchingSettings,
): RunTrack {
  const { pose } = run;
  let { visits } = run;
  if (pose !== null && pose.time === fix.time) {
    // Where it jumped to, its stops were followed on the way.
    const jumped = was.pose !== null && pose.since !== was.pose.since;
    if (!jumped) visits = passStops(visits, tripLine, was.pose, pose, before, fix, set);
    if (run.joined && !was.joined) {
      visits = missedBefore(visits, tripLine, pose.fromM, run.start, fix, set);
    } else if (run.joined && visits.awayS > 0) visits = { ...visits, awayS: 0 };
  } else if (run.elsewhere === null) {
    if (pose === null && was.pose !== null) visits = visitsOffTheLine(visits, tripLine, was);
    visits = comeUpToStops(visits, tripLine, before, fix, set);
  }
  return visits === run.visits ? run : withVisits(run, visits);
}

const onTheLine = (run: RunTrack, pose: LinePose, joined: boolean, offM: number): RunTrack =>
  laid(run, pose, joined, offM, null, run.visits);

const withVisits = (run: RunTrack, visits: VisitLog): RunTrack =>
  laid(run, run.pose, run.joined, run.offM, run.elsewhere, visits);

/** Every report goes through here: written out, since spreading a run costs more than placing it. */
function laid(
  run: RunTrack,
  pose: LinePose | null,
  joined: boolean,
  offM: number,
  elsewhere: Elsewhere | null,
  visits: VisitLog,
): RunTrack {
  return {
    trip: run.trip,
    serviceDate: run.serviceDate,
    start: run.start,
    end: run.end,
    driver: run.driver,
    escort: run.escort,
    duty: run.duty,
    runState: run.runState,
    joined,
    offM,
    pose,
    elsewhere,
    arrivedAt: run.arrivedAt,
    visits,
  };
}

function placed(
  run: RunTrack,
  tripLine: TripLine,
  fix: LineFix,
  before: FixBefore | null,
  set: MatchingSettings,
): RunTrack {
  const { trip, line } = tripLine;
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
    return onTheLine(run, fromM === pose.fromM ? pose : { ...pose, fromM }, joined, followed.offM);
  }
  if (!run.joined) return { ...run, pose: null, offM: 0, elsewhere: null };

  // Not where progress has it. It may be on another stretch of the same line: then the corridor is kept.
  let elsewhere = run.elsewhere;
  if (elsewhere !== null) {
    const there = followLine(line, elsewhere.pose, fix, set);
    elsewhere =
      there.offM <= fix.corridorM
        ? {
            // Going back it has not begun: the progress counts from where the bus turned.
            pose: { ...there.pose, fromM: Math.min(there.pose.fromM, there.pose.alongM) },
            visits: passStops(elsewhere.visits, tripLine, elsewhere.pose, there.pose, before, fix, set),
          }
        : null;
  }
  if (elsewhere === null) {
    const pose = findOnLine(line, fix, null, 0, set);
    if (pose !== null) {
      const visits = { ...visitsFrom(tripLine, pose.alongM, fix.time, set), from: run.visits.from };
      elsewhere = { pose, visits: passStops(visits, tripLine, null, pose, before, fix, set) };
    }
  }
  if (elsewhere === null) {
    return { ...run, elsewhere: null, offM: offLine(line, fix.lat, fix.lon, followed.offM) };
  }
  const { pose } = elsewhere;
  if (pose.fixes >= set.joinFixes && pose.alongM - pose.fromM >= set.joinM) {
    const visits = visitsAfterJump(run.visits, elsewhere, tripLine, run.start, fix, set);
    return { ...run, pose, elsewhere: null, offM: 0, visits };
  }
  return { ...run, elsewhere, offM: 0 };
}

function withState(run: RunTrack, tripLine: TripLine, fix: LineFix, set: MatchingSettings): RunTrack {
  const next = nextState(run, tripLine, fix, set);
  if (next === run.runState) return run;
  if (next !== 'ARRIVED') return { ...run, runState: next };
  const atStop = run.pose !== null && run.pose.time === fix.time;
  const visits = atStop ? atLastStop(run.visits, tripLine, fix, set) : run.visits;
  return { ...run, runState: next, arrivedAt: fix.time, visits };
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
