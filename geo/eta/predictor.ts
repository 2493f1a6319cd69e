import type { RunTrack } from '../matching/run-track.ts';
import { runKey } from '../matching/run-track.ts';
import { type StopVisit, stopVisits } from '../matching/stop-visits.ts';
import type { Plan, Trip } from '../plan/plan.ts';
import { AHEAD_S, type Spread, spreadAt, spreads } from './calibration.ts';
import { dayKindOf } from './day-kind.ts';
import { type ExpectedArrival, expectArrivals } from './expect-arrivals.ts';
import { learnVisits } from './learn-run.ts';
import { type Learned, learnErrorOf } from './learned.ts';
import { ETA, type EtaSettings } from './settings.ts';
import type { DayKind } from './slots.ts';

const DAY_MS = 86_400_000;
/** The spread is worked out anew after so many errors more. [D] */
const ERRORS_AT_ONCE = 200;

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

export interface StopArrival {
  readonly vehicle: string;
  readonly trip: string;
  readonly serviceDate: string;
  readonly stop: number;
  readonly stopId: string;
  readonly arrived: number;
}

/** Predicts the arrivals of all runs under way, and learns from what becomes of them. */
export interface Predictor {
  /** The run of a vehicle after one more report, as the judge has it. Arrivals that are final now. */
  take(vehicle: string, run: RunTrack | null): StopArrival[];
  /** What is to be told at an instant; null where there is no basis. */
  at(vehicle: string, time: number): RunPrediction | null;
  /** Forgets a vehicle. */
  drop(vehicle: string): void;
}

interface Followed {
  readonly key: string;
  readonly track: RunTrack;
  readonly trip: Trip;
  readonly kind: DayKind;
  readonly expected: readonly ExpectedArrival[];
  readonly arrived: Set<number>;
  /** What was expected of a stop, by span ahead; 0 where nothing was. Seconds from the planned start. */
  readonly pending: Map<number, Float64Array>;
  last: StopVisit | null;
}

export interface PredictorOptions {
  readonly set?: EtaSettings;
  /** Learns travel times and errors as it goes; without, what was learned before stays as it is. */
  readonly learn?: boolean;
}

export function makePredictor(plan: Plan, learned: Learned, options: PredictorOptions = {}): Predictor {
  const set = options.set ?? ETA;
  const learn = options.learn ?? true;
  const followed = new Map<string, Followed>();
  const kindOf = dayKindOf(plan);
  let spread: readonly Spread[] = spreads(learned.calibration, set);
  let errors = 0;

  function arrivals(vehicle: string, one: Followed, final: boolean): StopArrival[] {
    const found: StopArrival[] = [];
    const { track, trip } = one;
    const over = final || track.arrivedAt > 0;
    for (const visit of stopVisits(track, trip)) {
      if (one.arrived.has(visit.stop) || (visit.departure === null && !over)) continue;
      one.arrived.add(visit.stop);
      const { last } = one;
      one.last = visit;
      if (visit.kind === 'away') continue;
      if (learn && last !== null)
        learnVisits(learned, { trip, start: track.start, kind: one.kind }, last, visit, set);
      if (learn) learnErrors(one, visit);
      const { stopId } = trip.stopTimes[visit.stop]!;
      const { serviceDate } = track;
      found.push({ vehicle, trip: trip.id, serviceDate, stop: visit.stop, stopId, arrived: visit.arrival });
    }
    return found;
  }

  function learnErrors(one: Followed, visit: StopVisit): void {
    const pending = one.pending.get(visit.stop);
    if (!pending) return;
    one.pending.delete(visit.stop);
    const day = Math.floor(one.track.start / DAY_MS);
    for (let span = 0; span < AHEAD_S.length; span++) {
      const expected = pending[2 * span]!;
      if (expected === 0) continue;
      learnErrorOf(learned, pending[2 * span + 1]!, (visit.arrival - expected) / 1000, day);
      errors++;
    }
    if (errors < ERRORS_AT_ONCE) return;
    errors = 0;
    spread = spreads(learned.calibration, set);
  }

  function remember(one: Followed): void {
    const now = one.track.pose?.time ?? 0;
    for (const { stop, time } of one.expected) {
      const aheadS = (time - now) / 1000;
      const span = AHEAD_S.findIndex((until) => aheadS < until);
      if (span < 0) break;
      let pending = one.pending.get(stop);
      if (!pending) {
        pending = new Float64Array(2 * AHEAD_S.length);
        one.pending.set(stop, pending);
      }
      if (pending[2 * span] !== 0) continue;
      pending[2 * span] = time;
      pending[2 * span + 1] = aheadS;
    }
  }

  return {
    take(vehicle, run) {
      const was = followed.get(vehicle);
      const found: StopArrival[] = [];
      const key = run === null ? '' : runKey(run);
      if (was && was.key !== key) {
        found.push(...arrivals(vehicle, was, true));
        followed.delete(vehicle);
      }
      const trip = run === null ? undefined : plan.trips.get(run.trip);
      if (run === null || trip === undefined) return found;
      const same = was?.key === key ? was : null;
      const kind = same?.kind ?? kindOf(run.serviceDate, trip.schoolIds);
      const fresh = same === null || same.track.pose?.time !== run.pose?.time;
      const one: Followed = {
        key,
        track: run,
        trip,
        kind,
        expected: same?.expected ?? [],
        arrived: same?.arrived ?? new Set(),
        pending: same?.pending ?? new Map(),
        last: same?.last ?? null,
      };
      found.push(...arrivals(vehicle, one, false));
      const next = fresh
        ? { ...one, expected: run.joined ? expectArrivals(learned.times, trip, run, kind, set) : [] }
        : one;
      followed.set(vehicle, next);
      if (learn && fresh) remember(next);
      return found;
    },
    at(vehicle, time) {
      const one = followed.get(vehicle);
      if (!one || one.expected.length === 0) return null;
      const { track, trip } = one;
      const basis = track.pose?.time ?? 0;
      if (time - basis > set.lostS * 1000) return null;
      const staleS = Math.max(0, (time - basis) / 1000 - set.liveS);
      const stops: StopPrediction[] = [];
      let [least, low, high] = [time, time, time];
      for (const { stop, time: expected } of one.expected) {
        if (one.arrived.has(stop)) continue;
        const { toldS, lowS, highS, confidence } = spreadAt(spread, (expected - basis) / 1000);
        least = Math.max(least, expected + toldS * 1000);
        // Nobody knows what the bus has done since: it may have stood all the while.
        low = Math.max(low, expected + (lowS - staleS * set.staleEarlyShare) * 1000);
        high = Math.max(high, expected + (highS + staleS) * 1000, least);
        if (least - time > set.horizonS * 1000) break;
        stops.push({
          stop,
          stopId: trip.stopTimes[stop]!.stopId,
          predicted: Math.round(least),
          from: Math.round(Math.min(low, least)),
          to: Math.round(high),
          confidence: Math.round(confidence * Math.exp(-staleS / set.lostS) * 100) / 100,
        });
      }
      return { vehicle, trip: trip.id, serviceDate: track.serviceDate, basis, stops };
    },
    drop: (vehicle) => void followed.delete(vehicle),
  };
}
