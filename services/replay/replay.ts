import type { Finding } from '../../geo/finding.ts';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { replayOrder, startReplay } from '../../geo/judge/replay-reports.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { PositionStore } from '../store/store.ts';
import { readTrack, type TrackProblem } from './read-track.ts';

export interface ReplayOptions {
  /** Each of them judges the same reports; the first says whose terminals are whose. */
  readonly plans: readonly Plan[];
  readonly tracks: readonly string[];
  /** Event times, both included; null for no bound. */
  readonly from: number | null;
  readonly to: number | null;
  readonly onProblem: (problem: TrackProblem) => void;
}

/** Replays recorded tracks through the very rules of the live service; the findings under each plan. */
export async function replayTracks(options: ReplayOptions): Promise<Finding[][]> {
  const reports: Report[] = [];
  for (const track of options.tracks) {
    for (const report of await readTrack(track, options.plans[0]!, options.onProblem)) {
      if (options.from !== null && report.time < options.from) continue;
      if (options.to !== null && report.time > options.to) continue;
      reports.push(report);
    }
  }
  const replays = options.plans.map((plan) => startReplay(makeJudge(plan)));
  for (const report of reports.sort(replayOrder)) for (const replay of replays) replay.add(report);
  return replays.map((replay) => replay.findings());
}

/** Replays what the database holds of a span, as it streams in: already in order of event time. */
export async function replayStored(
  plans: readonly Plan[],
  positions: PositionStore,
  from: number,
  to: number,
): Promise<Finding[][]> {
  const replays = plans.map((plan) => startReplay(makeJudge(plan)));
  for await (const reports of positions.all(from, to))
    for (const report of reports) for (const replay of replays) replay.add(report);
  return replays.map((replay) => replay.findings());
}
