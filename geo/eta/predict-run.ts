import type { Trip } from '../plan/plan.ts';
import { type Spread, spreadAt } from './calibration.ts';
import type { ExpectedArrival } from './expect-arrivals.ts';
import type { EtaSettings } from './settings.ts';

/** When the bus is told to come to one stop. Times are milliseconds since the epoch. */
export interface StopPrediction {
  /** Index in the trip's `stopTimes`. */
  readonly stop: number;
  readonly stopId: string;
  readonly predicted: number;
  /** One bus in ten comes before, one in ten after. */
  readonly from: number;
  readonly to: number;
  /** How often such a prediction has held within the benchmark's tolerance, 0 to 1. */
  readonly confidence: number;
}

export interface RunPrediction {
  readonly vehicle: string;
  readonly trip: string;
  readonly serviceDate: string;
  /** What it rests on: time of the newest fix on the line. */
  readonly basis: number;
  readonly stops: readonly StopPrediction[];
}

/**
 * What is told of expected arrivals at `time`: moved by what experience says of such expectations, with a range and a
 * confidence, wider and less sure the older `basis` is. Never in the past, and in the order of the stops. Null where
 * there is no basis any more.
 */
export function tellStops(
  trip: Trip,
  expected: readonly ExpectedArrival[],
  basis: number,
  time: number,
  spread: readonly Spread[],
  set: EtaSettings,
): StopPrediction[] | null {
  if (expected.length === 0 || time - basis > set.lostS * 1000) return null;
  const staleS = Math.max(0, (time - basis) / 1000 - set.liveS);
  const stops: StopPrediction[] = [];
  let [least, low, high] = [time, time, time];
  for (const { stop, time: then } of expected) {
    const { toldS, lowS, highS, confidence } = spreadAt(spread, (then - basis) / 1000);
    least = Math.max(least, then + toldS * 1000);
    if (least - time > set.horizonS * 1000) break;
    // Nobody knows what the bus has done since: it may have stood all the while.
    low = Math.max(low, then + (lowS - staleS * set.staleEarlyShare) * 1000);
    high = Math.max(high, then + (highS + staleS) * 1000, least);
    stops.push({
      stop,
      stopId: trip.stopTimes[stop]!.stopId,
      predicted: Math.round(least),
      from: Math.round(Math.min(low, least)),
      to: Math.round(high),
      confidence: Math.round(confidence * Math.exp(-staleS / set.lostS) * 100) / 100,
    });
  }
  return stops;
}
