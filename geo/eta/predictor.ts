import type { RunTrack } from '../matching/run-track.ts';
import { runKey } from '../matching/run-track.ts';
import { type StopVisit, stopVisits } from '../matching/stop-visits.ts';
import type { Plan, Trip } from '../plan/plan.ts';
import { AHEAD_S, type Spread, spreads } from './calibration.ts';
import { dayKindOf } from './day-kind.ts';
import { type ExpectedArrival, expectArrivals } from './expect-arrivals.ts';
import { learnVisits } from './learn-run.ts';
import { type Learned, learnErrorOf } from './learned.ts';
import { type RunPrediction, type StopPrediction, tellStops } from './predict-run.ts';
import { ETA, type EtaSettings } from './settings.ts';
import type { DayKind } from './slots.ts';

const DAY_MS = 86_400_000;
/** The spread is worked out anew after so many errors more. [D] */
const ERRORS_AT_ONCE = 200;

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
  /** The same of a run that is given, whether it is followed or not. */
  tell(run: RunTrack, time: number): StopPrediction[] | null;
  /** Goes on with what was learned elsewhere. */
  adopt(learned: Learned): void;
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
  /** Everything is seen from its beginning: a run with stops behind it at first sight counts in full. */
  readonly fromTheStart?: boolean;
}

export function makePredictor(plan: Plan, startWith: Learned, options: PredictorOptions = {}): Predictor {
  let learned = startWith;
  const set = options.set ?? ETA;
  const learn = options.learn ?? true;
  const followed = new Map<string, Followed>();
  const kindOf = dayKindOf(plan);
  const known = new WeakMap<RunTrack, readonly ExpectedArrival[]>();
  let spread: readonly Spread[] = spreads(learned.calibration, set);
  let errors = 0;

  /** Asked twice of one report, for notices and for those who watch, it is worked out once. */
  function expectedOf(run: RunTrack, trip: Trip, kind: DayKind): readonly ExpectedArrival[] {
    let expected = known.get(run);
    if (expected === undefined) {
      expected = run.joined ? expectArrivals(learned.times, trip, run, kind, set) : [];
      known.set(run, expected);
    }
    return expected;
  }

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
      // What it passed before it was first seen here was learned of then, before a restart or by another process.
      const first = same === null && !options.fromTheStart;
      if (first)
        for (const visit of stopVisits(run, trip)) if (visit.departure !== null) one.arrived.add(visit.stop);
      found.push(...arrivals(vehicle, one, false));
      const next = fresh ? { ...one, expected: expectedOf(run, trip, kind) } : one;
      followed.set(vehicle, next);
      if (learn && fresh) remember(next);
      return found;
    },
    at(vehicle, time) {
      const one = followed.get(vehicle);
      if (!one) return null;
      const { track, trip } = one;
      const basis = track.pose?.time ?? 0;
      const ahead = one.expected.filter(({ stop }) => !one.arrived.has(stop));
      const stops = tellStops(trip, ahead, basis, time, spread, set);
      return stops && { vehicle, trip: trip.id, serviceDate: track.serviceDate, basis, stops };
    },
    tell(run, time) {
      const trip = plan.trips.get(run.trip);
      if (!run.joined || trip === undefined) return null;
      const kind = kindOf(run.serviceDate, trip.schoolIds);
      const expected = expectedOf(run, trip, kind);
      return tellStops(trip, expected, run.pose?.time ?? 0, time, spread, set);
    },
    adopt(other) {
      learned = other;
      spread = spreads(learned.calibration, set);
      errors = 0;
    },
  };
}
