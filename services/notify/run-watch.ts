import { secondsLate } from '../../geo/matching/run-progress.ts';
import { type RunTrack, runKey } from '../../geo/matching/run-track.ts';
import { stopVisits } from '../../geo/matching/stop-visits.ts';
import { nextStopIndex } from '../../geo/matching/timetable.ts';
import type { TripLine } from '../../geo/matching/trip-line.ts';
import type { Report } from '../../geo/report.ts';
import type { RunCause, StopNearing } from './causes.ts';
import type { ExpectStops } from './expected-stops.ts';
import { MINUTES_BEFORE, STOPS_BEFORE } from './settings.ts';

/** A report that took longer than this to arrive announces nothing. [D] */
const LATEST_ARRIVAL_MS = 90_000;
/** A stop that was reached longer ago is not told of any more. [D] */
const OLDEST_VISIT_MS = 15 * 60_000;
/** A delay is believed once it has lasted. [D] */
const DELAY_HOLDS_MS = 60_000;
/** Told from here on, and again on a change of so much. Seconds. */
export const DELAY_TOLD_S = 600;
export const DELAY_STEP_S = 300;
/** Elsewhere than on its line for longer, it nears no stop. [D] */
const OFF_LINE_MS = 60_000;

const MINUTE_MS = 60_000;
const MOST_MINUTES = MINUTES_BEFORE.at(-1)!;
const MOST_STOPS = STOPS_BEFORE.at(-1)!;

/**
 * Watches one vehicle for what families on its run may have to be told of: thresholds along the run, each told once.
 * What it remembers is lost with the process; then it tells all that holds anew, and nobody is told twice.
 */
export class RunWatch {
  #run = '';
  /** By stop, the lowest threshold in minutes that was told, and in stops. */
  readonly #minutes = new Map<number, number>();
  readonly #stops = new Map<number, number>();
  readonly #reached = new Set<number>();
  #visits: unknown = null;
  #toldDelayS = 0;
  #delay: { readonly seconds: number; readonly since: number } | null = null;

  /** What is new with this report, or null. */
  step(
    vehicle: string,
    run: RunTrack,
    tripLine: TripLine,
    report: Report,
    expectStops: ExpectStops,
  ): RunCause | null {
    if (report.backfill || report.receivedAt - report.time > LATEST_ARRIVAL_MS) return null;
    if (runKey(run) !== this.#run) this.#begin(runKey(run));
    if (!run.joined || run.pose === null) return null;
    const at = report.time;
    const { trip } = tripLine;
    const next = nextStopIndex(trip, run.pose.alongM);
    const onLine = at - run.pose.time <= OFF_LINE_MS;
    const expected = onLine ? expectStops(run, tripLine, at) : null;
    const nearing: StopNearing[] = [];
    const stopsAway: [number, number, number | null][] = [];
    for (const one of expected ?? []) {
      if (one.expected - at > MOST_MINUTES * MINUTE_MS) break;
      const crossed = this.#crossedMinutes(one.stop, (one.expected - at) / MINUTE_MS);
      if (crossed.length > 0) nearing.push({ ...one, minutes: crossed });
    }
    const until = run.arrivedAt > 0 || !onLine ? next : Math.min(next + MOST_STOPS, trip.stopTimes.length);
    for (let stop = next; stop < until; stop++) {
      const due = expected?.find((one) => one.stop === stop)?.expected ?? null;
      for (const stops of this.#crossedStops(stop, stop - next + 1)) stopsAway.push([stop, stops, due]);
    }
    const reached = this.#newlyReached(run, tripLine, at);
    // At the last stop the timetable runs on and the bus does not: that is no delay.
    const under = run.arrivedAt === 0 && next < trip.stopTimes.length;
    const delayS = this.#changedDelay(under ? secondsLate(run, tripLine) : null, at);
    if (nearing.length + stopsAway.length + reached.length === 0 && delayS === null) return null;
    const { trip: id, serviceDate } = run;
    return {
      topic: 'notify.run',
      trip: id,
      serviceDate,
      vehicle,
      at,
      nearing,
      stopsAway,
      reached,
      next,
      delayS,
    };
  }

  #begin(run: string): void {
    this.#run = run;
    this.#minutes.clear();
    this.#stops.clear();
    this.#reached.clear();
    this.#visits = null;
    this.#toldDelayS = 0;
    this.#delay = null;
  }

  #crossedMinutes(stop: number, minutes: number): number[] {
    const told = this.#minutes.get(stop) ?? Number.POSITIVE_INFINITY;
    const crossed = MINUTES_BEFORE.filter((threshold) => threshold >= minutes && threshold < told);
    if (crossed.length > 0) this.#minutes.set(stop, crossed[0]!);
    return crossed;
  }

  #crossedStops(stop: number, away: number): number[] {
    const told = this.#stops.get(stop) ?? Number.POSITIVE_INFINITY;
    const crossed = STOPS_BEFORE.filter((threshold) => threshold >= away && threshold < told);
    if (crossed.length > 0) this.#stops.set(stop, crossed[0]!);
    return crossed;
  }

  #newlyReached(run: RunTrack, { trip }: TripLine, at: number): [number, number][] {
    const last = trip.stopTimes.length - 1;
    const arrivedNow = run.arrivedAt > 0 && !this.#reached.has(last);
    if (run.visits === this.#visits && !arrivedNow) return [];
    this.#visits = run.visits;
    const found: [number, number][] = [];
    const reach = (stop: number, when: number): void => {
      if (this.#reached.has(stop)) return;
      this.#reached.add(stop);
      if (at - when <= OLDEST_VISIT_MS) found.push([stop, when]);
    };
    for (const { stop, kind, arrival } of stopVisits(run, trip)) if (kind === 'stood') reach(stop, arrival);
    if (arrivedNow) reach(last, run.arrivedAt);
    return found;
  }

  /** Seconds of delay once they differ by a step from what was told, and have for a while. */
  #changedDelay(seconds: number | null, at: number): number | null {
    if (seconds === null) return null;
    const told = this.#toldDelayS;
    const worthTelling =
      (seconds >= DELAY_TOLD_S || told >= DELAY_TOLD_S) && Math.abs(seconds - told) >= DELAY_STEP_S;
    if (!worthTelling) {
      this.#delay = null;
      return null;
    }
    this.#delay ??= { seconds, since: at };
    if (at - this.#delay.since < DELAY_HOLDS_MS) return null;
    this.#delay = null;
    this.#toldDelayS = seconds;
    return seconds;
  }
}
