import type { StopPrediction } from '../../geo/eta/predict-run.ts';

/** Published on `etaSubject(district, vehicle)` after the commit of the report that it rests on. */
export interface LiveEta {
  readonly vehicle: string;
  readonly trip: string;
  readonly serviceDate: string;
  /** Event time of the newest fix on the line, milliseconds since the epoch. */
  readonly basis: number;
  /** Stops ahead, in order; empty: there is no basis for a number any more. */
  readonly stops: readonly StopPrediction[];
}
