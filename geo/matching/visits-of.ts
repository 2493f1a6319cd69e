import { makeJudge } from '../judge/make-judge.ts';
import { replayOrder } from '../judge/replay-reports.ts';
import type { VehicleState } from '../judge/state.ts';
import type { JudgeState } from '../judge.ts';
import type { Plan } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import { type RunTrack, runKey } from './run-track.ts';
import { type StopVisit, stopVisits } from './stop-visits.ts';

/** One recorded run with what became of its stops. */
export interface RunVisits {
  readonly vehicle: string;
  readonly trip: string;
  readonly serviceDate: string;
  /** Planned start, milliseconds since the epoch. */
  readonly start: number;
  /** Bound by a duty; else inferred from where and when the vehicle drove. */
  readonly duty: boolean;
  /** In order of time; `visit.stop` is the index in the trip's `stopTimes`. */
  readonly visits: readonly StopVisit[];
}

/**
 * Folds recorded reports, of any number of vehicles and in any order, into the visits of their runs, by the very fold
 * that judges them. For travel times of the past take the visits whose `kind` is `stood` or `passed`, and mind
 * `betweenS`: of a bus that reported every 2 minutes the times are worked out along its line. Live, read the same from
 * the judge's state: `stopVisits(run, trip)` for all so far, `visitsBehind(run, trip, position)` with `logEnd(run)` for
 * what is new.
 */
export function visitsOf(plan: Plan, reports: readonly Report[]): RunVisits[] {
  const judge = makeJudge(plan);
  const states = new Map<string, JudgeState>();
  const runs = new Map<string, RunVisits>();
  for (const report of [...reports].sort(replayOrder)) {
    const was = states.get(report.vehicle) ?? null;
    const { state } = judge.judge(was, report);
    states.set(report.vehicle, state);
    const [before, now] = [runOf(was), runOf(state)];
    if (before !== null && (now === null || runKey(now) !== runKey(before))) keep(report.vehicle, before);
  }
  for (const [vehicle, state] of states) {
    const run = runOf(state);
    if (run !== null) keep(vehicle, run);
  }
  return [...runs.values()];

  function keep(vehicle: string, run: RunTrack): void {
    const trip = plan.trips.get(run.trip);
    const visits = trip ? stopVisits(run, trip) : [];
    if (visits.length === 0) return;
    const { serviceDate, start, duty } = run;
    runs.set(`${vehicle} ${runKey(run)}`, { vehicle, trip: run.trip, serviceDate, start, duty, visits });
  }
}

const runOf = (state: JudgeState | null): RunTrack | null => (state as VehicleState | null)?.run ?? null;
