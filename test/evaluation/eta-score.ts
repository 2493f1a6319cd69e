import { TOLERANCE } from '../../geo/eta/calibration.ts';

/** Buckets of the ETA Accuracy Benchmark: made so many minutes before the actual arrival. */
export const BUCKETS = ['0-3', '3-6', '6-10', '10-15'] as const;
const UNTIL_S = [180, 360, 600, 900] as const;

/** Counts of predictions and of those that were accurate, by bucket. */
export interface Score {
  readonly all: number[];
  readonly accurate: number[];
  /** Errors, actual minus predicted, seconds; kept to look at. */
  readonly errors: number[][];
}

export const newScore = (): Score => ({
  all: [0, 0, 0, 0],
  accurate: [0, 0, 0, 0],
  errors: [[], [], [], []],
});

/** Counts one prediction, told at `at`. Milliseconds. */
export function score(into: Score, at: number, predicted: number, actual: number): void {
  const aheadS = (actual - at) / 1000;
  if (aheadS < 0) return;
  const bucket = UNTIL_S.findIndex((until) => aheadS < until);
  if (bucket < 0) return;
  const lateS = (actual - predicted) / 1000;
  const [, earlyS, laterS] = TOLERANCE[bucket]!;
  into.all[bucket]!++;
  if (lateS >= -earlyS && lateS <= laterS) into.accurate[bucket]!++;
  into.errors[bucket]!.push(lateS);
}

/** Percent by bucket, and the plain mean of the four. */
export function percents({ all, accurate }: Score): { readonly buckets: number[]; readonly overall: number } {
  const buckets = all.map((n, i) => (n === 0 ? Number.NaN : (100 * accurate[i]!) / n));
  return { buckets, overall: buckets.reduce((sum, p) => sum + p, 0) / buckets.length };
}
