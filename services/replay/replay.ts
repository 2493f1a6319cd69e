import type { Finding } from '../../geo/finding.ts';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { replayOrder, startReplay } from '../../geo/judge/replay-reports.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { PositionStore } from '../store/store.ts';
import { readTrack, type TrackProblem } from './read-track.ts';

export interface ReplayOptions {
  readonly plan: Plan;
  readonly tracks: readonly string[];
  /** Event times, both included; null for no bound. */
  readonly from: number | null;
  readonly to: number | null;
  readonly onProblem: (problem: TrackProblem) => void;
}

/** Replays recorded tracks through the very rules of the live service. */
export async function replayTracks(options: ReplayOptions): Promise<Finding[]> {
  const reports: Report[] = [];
  for (const track of options.tracks) {
    for (const report of await readTrack(track, options.plan, options.onProblem)) {
      if (options.from !== null && report.time < options.from) continue;
      if (options.to !== null && report.time > options.to) continue;
      reports.push(report);
    }
  }
  const replay = startReplay(makeJudge(options.plan));
  for (const report of reports.sort(replayOrder)) replay.add(report);
  return replay.findings();
}

/** Replays what the database holds of a span, as it streams in: already in order of event time. */
export async function replayStored(
  plan: Plan,
  positions: PositionStore,
  from: number,
  to: number,
): Promise<Finding[]> {
  const replay = startReplay(makeJudge(plan));
  for await (const reports of positions.all(from, to)) for (const report of reports) replay.add(report);
  return replay.findings();
}
