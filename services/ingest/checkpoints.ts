import type { JudgeState } from '../../geo/judge.ts';

/** Event time between two checkpoints of a vehicle: what judging again has to go back over at most. */
export const CHECKPOINT_MS = 600_000;

/**
 * The boundary that a report at `time` crosses, or null: the state before it holds every report before the boundary
 * and none after, so folding on from there with the reports since is folding everything. Boundaries are fixed points
 * of event time, not distances from the last one, so that judging again writes over the same checkpoints.
 */
export function checkpointBetween(before: JudgeState, time: number): number | null {
  const boundary = Math.floor(time / CHECKPOINT_MS) * CHECKPOINT_MS;
  return before.time < boundary ? boundary : null;
}
