import type { Plan, Run } from '../plan/plan.ts';
import { findOnLine, followLine, type LineFix } from './follow-line.ts';
import { visitsOnTheWay } from './follow-stops.ts';
import { type FollowedLine, type RunTrack, runKey } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import { NO_VISITS } from './stop-visits.ts';
import { plannedSecondsAt } from './timetable.ts';
import type { TripLines } from './trip-line.ts';

/** What a candidate costs, in seconds off its timetable, where the bus is not on its line. */
const NOT_ON_LINE_S = 1_200;

/**
 * Which of the vehicle's duties it is on. The one under way is kept, until the bus is seen going along the line of
 * another whose time has come.
 */
export function chooseDuty(
  plan: Plan,
  trips: TripLines,
  run: RunTrack | null,
  over: readonly string[],
  lines: readonly FollowedLine[],
  vehicle: string,
  time: number,
  fix: LineFix | null,
  set: MatchingSettings,
): { run: RunTrack | null; lines: readonly FollowedLine[] } {
  const known = plan
    .dutiesAt(vehicle, time, set.dutyLateS)
    .filter((duty) => duty.start - set.dutyBeforeS * 1000 <= time && !over.includes(keyOf(duty)));
  const duties = known.filter((duty) => duty.end + set.dutyAfterS * 1000 >= time);
  if (run === null || !run.joined) {
    const best = cheapest(duties, trips, time, fix, set);
    if (best === null) {
      return fix === null || known.length === 0
        ? { run, lines }
        : lateStart(known, trips, run, lines, fix, set);
    }
    if (run !== null && keyOf(best) === runKey(run)) return { run, lines };
    // Once begun, a run that is not yet seen on its line gives way only to one that the bus fits better.
    return { run: asTrack(best), lines: [] };
  }
  const others = duties.filter((duty) => keyOf(duty) !== runKey(run));
  if (fix === null || others.length === 0) return { run, lines };
  const followed: FollowedLine[] = [];
  for (const duty of others.slice(0, set.inferLines)) {
    const line = trips.ofShape(duty.trip.shapeId);
    if (line === null || followed.some((one) => one.shape === line.id)) continue;
    const was = lines.find((one) => one.shape === line.id);
    const went = was ? followLine(line, was.pose, fix, set) : null;
    const pose = went && went.offM <= fix.corridorM ? went.pose : findOnLine(line, fix, null, 0, set);
    if (pose === null) continue;
    const lateS = (time - duty.start) / 1000 + duty.trip.startS - plannedSecondsAt(duty.trip, pose.alongM);
    const fits = lateS >= -set.joinEarlyS && lateS <= set.inferLateS;
    if (fits && pose.fixes >= set.joinFixes && pose.alongM - pose.fromM >= 2 * set.joinM) {
      const tripLine = trips.ofTrip(duty.trip.id);
      const visits = tripLine === null ? NO_VISITS : visitsOnTheWay(tripLine, pose, set);
      return { run: { ...asTrack(duty), pose, joined: true, visits }, lines: [] };
    }
    followed.push({ shape: line.id, pose });
  }
  return { run, lines: followed };
}

/** Of duties long past, never begun, the one that the bus goes along from its beginning: it is late, not elsewhere. */
function lateStart(
  duties: readonly Run[],
  trips: TripLines,
  run: RunTrack | null,
  lines: readonly FollowedLine[],
  fix: LineFix,
  set: MatchingSettings,
): { run: RunTrack | null; lines: readonly FollowedLine[] } {
  const followed: FollowedLine[] = [];
  for (const duty of duties.slice(-set.inferLines)) {
    const tripLine = trips.ofTrip(duty.trip.id);
    if (tripLine === null || followed.some((one) => one.shape === tripLine.line.id)) continue;
    const was = lines.find((one) => one.shape === tripLine.line.id);
    const went = was ? followLine(tripLine.line, was.pose, fix, set) : null;
    const pose =
      went && went.offM <= fix.corridorM ? went.pose : findOnLine(tripLine.line, fix, null, 0, set);
    if (pose === null) continue;
    const fromStart = pose.fromM <= (duty.trip.stopTimes[0]?.alongM ?? 0) + set.lateStartM;
    if (fromStart && pose.fixes >= set.joinFixes && pose.alongM - pose.fromM >= 2 * set.joinM) {
      const visits = visitsOnTheWay(tripLine, pose, set);
      return { run: { ...asTrack(duty), pose, joined: true, visits }, lines: [] };
    }
    followed.push({ shape: tripLine.line.id, pose });
  }
  return { run, lines: followed };
}

function cheapest(
  duties: readonly Run[],
  trips: TripLines,
  time: number,
  fix: LineFix | null,
  set: MatchingSettings,
): Run | null {
  if (duties.length < 2) return duties[0] ?? null;
  let best: Run | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const duty of duties) {
    const cost = costOf(duty, trips, time, fix, set);
    if (cost < bestCost) {
      best = duty;
      bestCost = cost;
    }
  }
  return best;
}

/** Seconds outside the planned span, and seconds off the timetable where the bus is on the line at all. */
function costOf(
  duty: Run,
  trips: TripLines,
  time: number,
  fix: LineFix | null,
  set: MatchingSettings,
): number {
  const outsideS = Math.max(duty.start - time, time - duty.end, 0) / 1000;
  const line = trips.ofShape(duty.trip.shapeId);
  const pose = fix && line ? findOnLine(line, fix, null, 0, set) : null;
  if (pose === null) return outsideS + NOT_ON_LINE_S;
  const lateS = (time - duty.start) / 1000 + duty.trip.startS - plannedSecondsAt(duty.trip, pose.alongM);
  return outsideS + Math.min(Math.abs(lateS), NOT_ON_LINE_S);
}

function asTrack(duty: Run): RunTrack {
  return {
    trip: duty.trip.id,
    serviceDate: duty.serviceDate,
    start: duty.start,
    end: duty.end,
    driver: duty.driverId,
    escort: duty.escortId,
    duty: true,
    runState: 'PLANNED',
    joined: false,
    offM: 0,
    pose: null,
    elsewhere: null,
    arrivedAt: 0,
    visits: NO_VISITS,
  };
}

const keyOf = (run: Run): string => runKey({ trip: run.trip.id, serviceDate: run.serviceDate });
