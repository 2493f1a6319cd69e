import type { StopVisit } from '../matching/stop-visits.ts';
import type { StopTime, Trip } from '../plan/plan.ts';
import { holdKey } from './holds.ts';
import { type Learned, learnHold, learnPassBy } from './learned.ts';
import type { EtaSettings } from './settings.ts';
import type { DayKind } from './slots.ts';
import type { Stretch } from './travel-times.ts';

const DAY_MS = 86_400_000;
/** Fixes farther apart than this say too little of when a stop was passed. [D] */
const MOST_BETWEEN_S = 420;
/** Earlier than this before its time a bus has something to wait for. [D] */
const EARLY_S = 60;
/** Of a stay that was a wait so much counts as serving the stop. [D] */
const WHILE_HELD_S = 20;

/** A run as far as it matters here. */
export interface LearnedRun {
  readonly trip: Trip;
  /** Planned start, milliseconds since the epoch. */
  readonly start: number;
  readonly kind: DayKind;
}

/** The stretch from a stop of the trip to the next. */
export function stretchOf(trip: Trip, from: number): Stretch {
  const [a, b] = [trip.stopTimes[from]!, trip.stopTimes[from + 1]!];
  return {
    segment: `${a.stopId}>${b.stopId}`,
    route: trip.routeId,
    plannedS: Math.max(0, b.arrivalS - a.arrivalS),
    lengthM: Math.max(0, b.alongM - a.alongM),
  };
}

/** Learns from two visits one after the other, of neighbouring stops; from others nothing can be learned. */
export function learnVisits(
  learned: Learned,
  run: LearnedRun,
  before: StopVisit,
  after: StopVisit,
  set: EtaSettings,
): void {
  const { trip } = run;
  if (after.stop !== before.stop + 1 || before.departure === null) return;
  if (before.kind === 'away' || after.kind === 'away') return;
  if (before.betweenS > MOST_BETWEEN_S || after.betweenS > MOST_BETWEEN_S) return;
  const stop = trip.stopTimes[before.stop]!;
  const runS = (after.arrival - before.departure) / 1000;
  if (runS < 0) return;
  const day = Math.floor(run.start / DAY_MS);
  const pass = {
    ...stretchOf(trip, before.stop),
    kind: run.kind,
    serviceS: serviceSecondsOf(run, before.departure),
    day,
    time: after.arrival,
    stayS: before.stop === 0 ? null : stayBeyondHold(run, stop, before),
    runS,
  };
  learnPassBy(learned, pass, set);
  const early = stop.departureS - serviceSecondsOf(run, before.arrival);
  if (before.stop > 0 && early > EARLY_S) {
    const stayed = (before.departure - before.arrival) / 1000;
    learnHold(learned, holdKey(trip.routeId, stop.stopId), Math.min(1, stayed / early), day);
  }
}

/** How long it stood, but for what it waited because it was early. */
function stayBeyondHold(run: LearnedRun, stop: StopTime, visit: StopVisit): number {
  const stayS = ((visit.departure ?? visit.arrival) - visit.arrival) / 1000;
  const early = stop.departureS - serviceSecondsOf(run, visit.arrival);
  return early > EARLY_S ? Math.min(stayS, WHILE_HELD_S) : stayS;
}

/** Seconds of the service day of the run at an instant. */
export const serviceSecondsOf = (run: LearnedRun, time: number): number =>
  run.trip.startS + (time - run.start) / 1000;
