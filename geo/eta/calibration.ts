import type { EtaSettings } from './settings.ts';

/**
 * How far off past predictions were, by how long ahead they were made. From that come the range, the confidence and by
 * how much earlier than expected a bus is announced.
 */
export interface Calibration {
  /** One histogram of errors (actual minus expected) for each span of `AHEAD_S`, fading as new ones come. */
  readonly counts: Float64Array[];
  readonly total: Float64Array;
}

/** Spans ahead: upper bounds, seconds. */
export const AHEAD_S = [45, 120, 210, 300, 420, 540, 720, 900, 1_200, 1_800, 2_700, 5_400] as const;
/** Errors are counted in steps of this, from `LEAST_ERROR_S` on. */
const STEP_S = 10;
const LEAST_ERROR_S = -900;
const STEPS = 270;
/** Errors remembered in each span. [D] */
const MOST_ERRORS = 20_000;
/** The built-in distribution counts as so many errors. [T] */
const PRIOR_ERRORS = 150;

/**
 * What a family loses by a prediction (ETA Accuracy Benchmark, Transit and Swiftly 2024): the bus may come so much
 * earlier and so much later than it was told, by how far ahead it is. Seconds: [ahead up to, early, late].
 */
export const TOLERANCE: readonly (readonly [number, number, number])[] = [
  [180, 30, 90],
  [360, 60, 150],
  [600, 60, 210],
  [Number.POSITIVE_INFINITY, 90, 270],
];

/** What is made of an expected arrival. */
export interface Spread {
  /** To be added to the expected arrival, seconds: the time that is told, and the range. */
  readonly toldS: number;
  readonly lowS: number;
  readonly highS: number;
  /** Share of such predictions that came within the benchmark's tolerance. */
  readonly confidence: number;
}

export function noCalibration(): Calibration {
  const counts: Float64Array[] = [];
  const total = new Float64Array(AHEAD_S.length);
  AHEAD_S.forEach((until, i) => {
    const middleS = ((AHEAD_S[i - 1] ?? 0) + until) / 2;
    // Buses lose time rather than gain it: a skewed bell, as wide as recorded traffic has it before anything is learned.
    const [leftS, rightS] = [18 + middleS * 0.1, 25 + middleS * 0.16];
    const bell = new Float64Array(STEPS);
    let sum = 0;
    for (let k = 0; k < STEPS; k++) {
      const error = LEAST_ERROR_S + (k + 0.5) * STEP_S;
      bell[k] = Math.exp(-Math.abs(error) / (error < 0 ? leftS : rightS)) + 1e-6;
      sum += bell[k]!;
    }
    for (let k = 0; k < STEPS; k++) bell[k] = (bell[k]! / sum) * PRIOR_ERRORS;
    counts.push(bell);
    total[i] = PRIOR_ERRORS;
  });
  return { counts, total };
}

/** Adds what became of one prediction; says under which span and step it was counted. */
export function learnError(
  calibration: Calibration,
  aheadS: number,
  errorS: number,
): { readonly span: number; readonly step: number } {
  const span = spanOf(aheadS);
  const step = Math.min(Math.max(Math.floor((errorS - LEAST_ERROR_S) / STEP_S), 0), STEPS - 1);
  learnErrorStep(calibration, span, step, 1);
  return { span, step };
}

export function learnErrorStep(calibration: Calibration, span: number, step: number, weight: number): void {
  const counts = calibration.counts[span];
  if (counts === undefined || !(step >= 0 && step < STEPS)) return;
  counts[step]! += weight;
  calibration.total[span]! += weight;
  if (calibration.total[span]! <= MOST_ERRORS) return;
  for (let k = 0; k < STEPS; k++) counts[k]! *= 0.5;
  calibration.total[span]! *= 0.5;
}

const spanOf = (aheadS: number): number => {
  const at = AHEAD_S.findIndex((until) => aheadS < until);
  return at < 0 ? AHEAD_S.length - 1 : at;
};

/** The spread of every span; `spreadAt` reads between them. */
export function spreads(calibration: Calibration, set: EtaSettings): Spread[] {
  return calibration.counts.map((counts, i) => {
    const middleS = ((AHEAD_S[i - 1] ?? 0) + AHEAD_S[i]!) / 2;
    return spreadOf(counts, calibration.total[i]!, middleS, set);
  });
}

function spreadOf(counts: Float64Array, total: number, aheadS: number, set: EtaSettings): Spread {
  const below = new Float64Array(STEPS + 1);
  for (let k = 0; k < STEPS; k++) below[k + 1] = below[k]! + counts[k]!;
  const cumulative = (s: number): number => {
    const at = Math.min(Math.max((s - LEAST_ERROR_S) / STEP_S, 0), STEPS);
    const k = Math.min(Math.floor(at), STEPS - 1);
    return below[k]! + (at - k) * counts[k]!;
  };
  const quantile = (share: number): number => {
    let k = 0;
    while (k < STEPS - 1 && below[k + 1]! < share * total) k++;
    return LEAST_ERROR_S + (k + (counts[k]! > 0 ? (share * total - below[k]!) / counts[k]! : 0.5)) * STEP_S;
  };
  let best = 0;
  let bestMass = -1;
  const medianS = quantile(0.5);
  for (let told = medianS - 240; told <= medianS + 60; told += 5) {
    // What counts is how far ahead it turns out to have been: each error brings its own tolerance.
    let mass = 0;
    let from = told - 90;
    while (from < told + 270) {
      const actualAheadS = aheadS + from;
      const [, earlyS, lateS] = TOLERANCE.find(([until]) => actualAheadS < until)!;
      if (from >= told - earlyS && from < told + lateS) mass += cumulative(from + 5) - cumulative(from);
      from += 5;
    }
    if (mass > bestMass) [best, bestMass] = [told, mass];
  }
  return {
    toldS: best,
    lowS: quantile(set.lowShare),
    highS: quantile(set.highShare),
    confidence: Math.min(1, bestMass / total),
  };
}

/** The spread at a time ahead, between the spans' middles. */
export function spreadAt(all: readonly Spread[], aheadS: number): Spread {
  let i = 0;
  const middle = (k: number): number => ((AHEAD_S[k - 1] ?? 0) + AHEAD_S[k]!) / 2;
  while (i < AHEAD_S.length && middle(i) < aheadS) i++;
  if (i === 0) return all[0]!;
  if (i >= all.length) return all.at(-1)!;
  const share = (aheadS - middle(i - 1)) / (middle(i) - middle(i - 1));
  const [a, b] = [all[i - 1]!, all[i]!];
  const mix = (x: number, y: number): number => x + (y - x) * share;
  return {
    toldS: mix(a.toldS, b.toldS),
    lowS: mix(a.lowS, b.lowS),
    highS: mix(a.highS, b.highS),
    confidence: mix(a.confidence, b.confidence),
  };
}
