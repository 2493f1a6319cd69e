import { distanceM } from '../geometry/distance.ts';
import type { Plan, Run } from '../plan/plan.ts';
import { advanceRun, serviceSeconds } from './advance-run.ts';
import { chooseDuty } from './choose-duty.ts';
import type { LineFix } from './follow-line.ts';
import { type FixBefore, visitsAfterRun, visitsUnderNewPlan } from './follow-stops.ts';
import { inferredRuns } from './infer-run.ts';
import { type FollowedLine, type RunTrack, runKey } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import { NO_VISITS } from './stop-visits.ts';
import { plannedSecondsAt } from './timetable.ts';
import { type TripLine, tripLines } from './trip-line.ts';

/** What matching keeps of one vehicle. */
export interface Matched {
  readonly run: RunTrack | null;
  readonly over: readonly string[];
  readonly lines: readonly FollowedLine[];
}

/** What it needs to know of the vehicle: besides that, the newest fix that was believed. */
export interface Matchable extends Matched {
  readonly fix: FixBefore | null;
}

/** Says which run a vehicle is on, and where on it. */
export interface Matcher {
  /** `fix` is null where the report has no position to go by. */
  step(was: Matchable, vehicle: string, time: number, fix: LineFix | null): Matched;
  /** The same run under this plan, or null where it is not in it any more. */
  resolve(run: RunTrack, vehicle: string, time: number): RunTrack | null;
  tripLine(tripId: string): TripLine | null;
}

/** Runs remembered as over; a vehicle has few at a time. */
const MOST_OVER = 6;
const NO_LINES: readonly FollowedLine[] = [];

export function makeMatcher(plan: Plan, set: MatchingSettings): Matcher {
  const trips = tripLines(plan);
  const infer = plan.registers.duties ? null : inferredRuns(plan, trips, set);

  function step(was: Matchable, vehicle: string, time: number, fix: LineFix | null): Matched {
    let { run, over, lines } = was;
    let ended: TripLine | null = null;
    if (run !== null) {
      const tripLine = trips.ofTrip(run.trip);
      if (tripLine === null) run = null;
      else {
        if (fix !== null) run = advanceRun(run, tripLine, fix, was.fix, set);
        if (isOver(run, tripLine, vehicle, time, fix)) {
          // One that never began may still begin, late.
          if (run.joined) over = [...over.slice(1 - MOST_OVER), runKey(run)];
          ended = tripLine;
          run = null;
        }
      }
    }
    const settled = run?.joined && run.pose !== null && run.pose.time === fix?.time;
    if (settled) return { run, over, lines: lines.length === 0 ? lines : NO_LINES };
    if (infer !== null) {
      if (fix !== null) ({ run, lines } = infer(run, over, lines, fix));
    } else {
      const before = run;
      ({ run, lines } = chooseDuty(plan, trips, run, over, lines, vehicle, time, fix, set));
      const begun = run !== null && run !== before && run.pose === null ? trips.ofTrip(run.trip) : null;
      if (run !== null && begun !== null && ended !== null)
        run = { ...run, visits: visitsAfterRun(ended, begun, set) };
      if (run !== null && begun !== null && fix !== null) run = advanceRun(run, begun, fix, was.fix, set);
    }
    return { run, over, lines };
  }

  function isOver(
    run: RunTrack,
    tripLine: TripLine,
    vehicle: string,
    time: number,
    fix: LineFix | null,
  ): boolean {
    if (run.runState === 'ARRIVED') {
      if (time - run.arrivedAt > set.closeAfterS * 1000 || nextIsDue(run, vehicle, time)) return true;
      return (
        fix !== null &&
        distanceM([fix.lon, fix.lat], [tripLine.lastLon, tripLine.lastLat]) > set.leaveM + set.arriveM &&
        time > run.arrivedAt
      );
    }
    const onLineAt = run.joined ? (run.pose?.time ?? 0) : 0;
    if (!run.duty && time - onLineAt > set.inferForgetS * 1000) return true;
    const late = Math.max(0, serviceLateS(run, tripLine));
    return time > run.end + late * 1000 + set.dutyAfterS * 1000;
  }

  /** Where the bus waits for its next run at the end of the last, the next begins there and not when it leaves. */
  function nextIsDue(run: RunTrack, vehicle: string, time: number): boolean {
    if (!run.duty) return false;
    return plan
      .dutiesAt(vehicle, time, set.nextDueS)
      .some((duty) => duty.start > run.start && duty.end > time && keyOf(duty) !== runKey(run));
  }

  function serviceLateS(run: RunTrack, { trip }: TripLine): number {
    if (!run.joined || run.pose === null) return 0;
    return serviceSeconds(run, trip, run.pose.time) - plannedSecondsAt(trip, run.pose.alongM);
  }

  function resolve(run: RunTrack, vehicle: string, time: number): RunTrack | null {
    const tripLine = trips.ofTrip(run.trip);
    if (tripLine === null) return null;
    const kept = withPose(run, tripLine);
    if (!run.duty) return plan.registers.duties ? null : kept;
    const marginS = set.dutyAfterS + Math.max(0, (time - run.end) / 1000);
    const duty = plan.dutiesAt(vehicle, time, marginS).find((one) => keyOf(one) === runKey(run));
    if (!duty) return null;
    return { ...kept, start: duty.start, end: duty.end, driver: duty.driverId, escort: duty.escortId };
  }

  /** A place along a line that was redrawn means nothing on the new one. */
  function withPose(run: RunTrack, tripLine: TripLine): RunTrack {
    const { line } = tripLine;
    const fits =
      run.pose === null ||
      (run.pose.segment < line.alongM.length - 1 &&
        run.pose.alongM >= line.alongM[run.pose.segment]! - 1 &&
        run.pose.alongM <= line.alongM[run.pose.segment + 1]! + 1);
    if (!fits) return { ...run, pose: null, elsewhere: null, joined: false, visits: NO_VISITS };
    return { ...run, elsewhere: null, visits: visitsUnderNewPlan(run, tripLine, set) };
  }

  return { step, resolve, tripLine: trips.ofTrip };
}

const keyOf = (run: Run): string => runKey({ trip: run.trip.id, serviceDate: run.serviceDate });
