import { makeJudge } from '../judge/make-judge.ts';
import { replayOrder } from '../judge/replay-reports.ts';
import type { VehicleState } from '../judge/state.ts';
import type { JudgeState } from '../judge.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { Plan } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import type { Learned } from './learned.ts';
import type { RunPrediction } from './predict-run.ts';
import { makePredictor, type StopArrival } from './predictor.ts';
import { ETA, type EtaSettings } from './settings.ts';

/** Between reports predictions are looked at again this often: CONTRACT 3, at least every 30 s. */
export const TICK_MS = 30_000;

export interface ReplaySettings {
  readonly set?: EtaSettings;
  /** Learns from this track as it goes, as the live service does. */
  readonly learn?: boolean;
  /** Without, only learning and arrivals. */
  readonly predict?: boolean;
}

export type ReplayedEta =
  /** What a family is told at `at`: the time of a report, or up to `staleS` after the last one on the line. */
  | { readonly type: 'told'; readonly at: number; readonly told: RunPrediction; readonly run: RunTrack }
  | { readonly type: 'arrived'; readonly arrival: StopArrival };

interface Tick {
  readonly at: number;
  readonly vehicle: string;
  /** Time of the report that it follows; a newer one makes it void. */
  readonly after: number;
}

/** Ticks that are over are let go of by so many at once. */
const TICKS_AT_ONCE = 10_000;

/** Replays recorded reports, in any order: every prediction and arrival in order of time. Deterministic. */
export function* replayPredictions(
  plan: Plan,
  reports: readonly Report[],
  learned: Learned,
  { set = ETA, learn = true, predict = true }: ReplaySettings = {},
): Generator<ReplayedEta> {
  const judge = makeJudge(plan);
  const predictor = makePredictor(plan, learned, { set, learn, fromTheStart: true });
  const states = new Map<string, JudgeState>();
  // All wait equally long, so the first to come is the first to be due.
  const ticks: Tick[] = [];
  let due = 0;

  function* tell(vehicle: string, at: number): Generator<ReplayedEta> {
    const run = runOf(states.get(vehicle));
    const told = run === null ? null : predictor.at(vehicle, at);
    if (told !== null && run !== null && at - told.basis <= set.staleS * 1000)
      yield { type: 'told', at, told, run };
  }

  function* tickUntil(time: number): Generator<ReplayedEta> {
    for (; due < ticks.length && ticks[due]!.at < time; due++) {
      const { at, vehicle, after } = ticks[due]!;
      if (states.get(vehicle)?.time !== after) continue;
      yield* tell(vehicle, at);
      if (at - after < set.staleS * 1000) ticks.push({ at: at + TICK_MS, vehicle, after });
    }
    if (due < TICKS_AT_ONCE) return;
    ticks.splice(0, due);
    due = 0;
  }

  for (const report of [...reports].sort(replayOrder)) {
    yield* tickUntil(report.time);
    const { vehicle } = report;
    const was = states.get(vehicle) ?? null;
    const { state } = judge.judge(was, report);
    if (state === was) continue;
    states.set(vehicle, state);
    for (const arrival of predictor.take(vehicle, runOf(state))) yield { type: 'arrived', arrival };
    if (!predict) continue;
    yield* tell(vehicle, report.time);
    ticks.push({ at: report.time + TICK_MS, vehicle, after: state.time });
  }
  yield* tickUntil(Number.POSITIVE_INFINITY);
  for (const vehicle of [...states.keys()].sort())
    for (const arrival of predictor.take(vehicle, null)) yield { type: 'arrived', arrival };
}

const runOf = (state: JudgeState | undefined): RunTrack | null =>
  (state as VehicleState | undefined)?.run ?? null;
