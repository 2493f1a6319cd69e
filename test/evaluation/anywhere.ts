import type { Expectation } from '../../geo/matching/track-line.ts';

/** Nothing is known before the line is looked at. */
export const ANYWHERE: Expectation = {
  fromM: 0,
  toM: Number.POSITIVE_INFINITY,
  segment: 0,
  likelyFromM: 0,
  likelyToM: Number.POSITIVE_INFINITY,
  share: 0,
  mostM: 0,
  headX: 0,
  headY: 0,
  againstM: 0,
};
