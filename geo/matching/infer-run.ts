import type { Plan, Run } from '../plan/plan.ts';
import { findOnLine, followLine, type LineFix } from './follow-line.ts';
import { visitsOnTheWay } from './follow-stops.ts';
import { type FollowedLine, type LinePose, type RunTrack, runKey } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import { shapeIndex } from './shape-index.ts';
import { NO_VISITS, type VisitLog } from './stop-visits.ts';
import { plannedSecondsAt } from './timetable.ts';
import type { TripLines } from './trip-line.ts';

/** Active runs are looked up once for each such span of event time. */
const BUCKET_MS = 300_000;
/** Spans kept; a fleet's reports are of about the same time, a backfill of another. */
const MOST_BUCKETS = 16;

type Infer = (
  run: RunTrack | null,
  over: readonly string[],
  lines: readonly FollowedLine[],
  fix: LineFix,
) => { run: RunTrack | null; lines: readonly FollowedLine[] };

/**
 * Which planned run a vehicle without duties seems to be on: it must go along one line, forward, over several fixes and
 * several hundred metres, at a time when the timetable has somebody there.
 */
export function inferredRuns(plan: Plan, trips: TripLines, set: MatchingSettings): Infer {
  const near = shapeIndex(plan, set.corridorM);
  const buckets = new Map<number, ReadonlyMap<string, readonly Run[]>>();

  function activeRuns(time: number): ReadonlyMap<string, readonly Run[]> {
    const bucket = Math.floor(time / BUCKET_MS);
    const known = buckets.get(bucket);
    if (known) return known;
    const byShape = new Map<string, Run[]>();
    const marginS = Math.max(set.inferEarlyS, set.inferLateS) + BUCKET_MS / 1000;
    for (const run of plan.runsAt((bucket + 0.5) * BUCKET_MS, marginS)) {
      const runs = byShape.get(run.trip.shapeId);
      if (runs) runs.push(run);
      else byShape.set(run.trip.shapeId, [run]);
    }
    if (buckets.size >= MOST_BUCKETS) buckets.delete(buckets.keys().next().value as number);
    buckets.set(bucket, byShape);
    return byShape;
  }

  /** The run of these that fits the timetable best at the place, within what is allowed. */
  function best(
    runs: readonly Run[],
    over: readonly string[],
    alongM: number,
    time: number,
  ): [Run, number] | null {
    let found: [Run, number] | null = null;
    for (const run of runs) {
      const lateS = (time - run.start) / 1000 + run.trip.startS - plannedSecondsAt(run.trip, alongM);
      if (lateS < -set.inferEarlyS || lateS > set.inferLateS) continue;
      if (over.includes(runKey({ trip: run.trip.id, serviceDate: run.serviceDate }))) continue;
      if (found === null || Math.abs(lateS) < found[1]) found = [run, Math.abs(lateS)];
    }
    return found;
  }

  return (run, over, lines, fix) => {
    const active = activeRuns(fix.time);
    const followed: FollowedLine[] = [];
    for (const { shape, pose } of lines) {
      const line = trips.ofShape(shape);
      if (line === null || !active.has(shape)) continue;
      const went = followLine(line, pose, fix, set);
      if (went.offM > fix.corridorM) continue;
      // Going back along the line is not being on its run.
      if (went.pose.bestM - went.pose.alongM > set.backM / 2) continue;
      followed.push({ shape, pose: went.pose });
    }
    if (followed.length < set.inferLines) {
      const fresh: { line: FollowedLine; lateS: number }[] = [];
      for (const shape of near.at(fix.lat, fix.lon)) {
        const runs = active.get(shape);
        if (!runs || followed.some((one) => one.shape === shape)) continue;
        const line = trips.ofShape(shape);
        const pose = line && findOnLine(line, fix, null, 0, set);
        const fit = pose && best(runs, over, pose.alongM, fix.time);
        if (pose && fit) fresh.push({ line: { shape, pose }, lateS: fit[1] });
      }
      fresh.sort((a, b) => a.lateS - b.lateS || (a.line.shape < b.line.shape ? -1 : 1));
      for (const one of fresh.slice(0, set.inferLines - followed.length)) followed.push(one.line);
    }
    let chosen: { run: Run; lateS: number; pose: LinePose } | null = null;
    for (const { shape, pose } of followed) {
      if (pose.fixes < set.inferFixes || fix.time - pose.since < set.inferS * 1000) continue;
      if (pose.alongM - pose.fromM < set.inferM) continue;
      const fit = best(active.get(shape) ?? [], over, pose.alongM, fix.time);
      if (fit && (chosen === null || fit[1] < chosen.lateS)) chosen = { run: fit[0], lateS: fit[1], pose };
    }
    if (chosen === null) return { run, lines: followed };
    const tripLine = trips.ofTrip(chosen.run.trip.id);
    const visits = tripLine === null ? NO_VISITS : visitsOnTheWay(tripLine, chosen.pose, set);
    return { run: inferred(chosen.run, chosen.pose, visits), lines: [] };
  };
}

function inferred(run: Run, pose: LinePose, visits: VisitLog): RunTrack {
  return {
    trip: run.trip.id,
    serviceDate: run.serviceDate,
    start: run.start,
    end: run.end,
    driver: run.driverId,
    escort: run.escortId,
    duty: false,
    runState: 'CARRYING',
    joined: true,
    offM: 0,
    pose,
    elsewhere: null,
    arrivedAt: 0,
    visits,
  };
}
