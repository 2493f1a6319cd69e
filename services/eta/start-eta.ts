import { giveBack, type Learned, learnedFrom, nothingLearned, takeAdded } from '../../geo/eta/learned.ts';
import { makePredictor, type Predictor } from '../../geo/eta/predictor.ts';
import { ETA } from '../../geo/eta/settings.ts';
import type { VehicleState } from '../../geo/judge/state.ts';
import type { JudgeState } from '../../geo/judge.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { Bus } from '../bus/bus.ts';
import { etaSubject } from '../bus/subjects.ts';
import { byTimetable, type ExpectStops } from '../notify/expected-stops.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { EtaStore } from '../store/eta-store.ts';
import type { LiveEta } from './live-eta.ts';

const DAY_MS = 86_400_000;

export interface EtaLimits {
  /** Predictions of one vehicle are published no more often, in the time of its reports. */
  readonly publishEveryMs?: number;
  /** What was learned goes to the database this often ... */
  readonly keepEveryMs?: number;
  /** ... and is read back with what other processes learned. */
  readonly refreshEveryMs?: number;
  /** Rows that wait for the database at most; beyond them what is learned is only counted. */
  readonly maxWaiting?: number;
  /** Weeks that are read, and kept. */
  readonly weeks?: number;
}

export interface EtaDesk {
  /** One report of a vehicle was committed: learns, and publishes what it means for the stops ahead. */
  committed(report: Report, judged: JudgeState): void;
  /** For notices: what is expected of a run, by what has been learned. */
  readonly expectStops: ExpectStops;
  /** Writes what was learned since the last time. Rejects with `StoreUnavailable`; then it is kept for the next. */
  keep(): Promise<void>;
  /** Reads what all processes learned. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Arrival prediction of the vehicles whose terminals are connected to this process: learns from their stops, keeps it
 * in the database, publishes predictions. A failing database costs what was learned and no report.
 */
export async function startEta(options: {
  readonly store: EtaStore;
  readonly plan: CurrentPlan;
  readonly bus: Bus;
  readonly log: { warn(fields: object, text: string): void };
  readonly limits?: EtaLimits;
  readonly now?: () => number;
}): Promise<EtaDesk> {
  const { store, plan, bus, log, now = Date.now } = options;
  const {
    publishEveryMs = 20_000,
    keepEveryMs = 60_000,
    refreshEveryMs = 3_600_000,
    maxWaiting = 100_000,
    weeks = 26,
  } = options.limits ?? {};
  let learned: Learned = nothingLearned(true);
  let predictor: Predictor | null = null;
  let predicts: Plan | null = null;
  let closed = false;
  const told = new Map<string, { readonly trip: string; readonly basis: number; readonly empty: boolean }>();

  function predictorOf(current: Plan | null): Predictor | null {
    if (current !== predicts) {
      predicts = current;
      predictor = current && makePredictor(current, learned);
      told.clear();
    }
    return predictor;
  }

  function publish(event: LiveEta): void {
    const district = predicts?.vehicles.get(event.vehicle)?.district ?? '';
    bus.publish(etaSubject(district, event.vehicle), event);
  }

  function tell(vehicle: string, time: number, from: Predictor): void {
    const last = told.get(vehicle);
    // Before anything is predicted: that is what costs, and most reports come sooner than this.
    if (last !== undefined && Math.abs(time - last.basis) < publishEveryMs) return;
    const run = from.at(vehicle, time);
    if (run === null) {
      if (last === undefined) return;
      told.delete(vehicle);
      if (!last.empty) publish({ vehicle, trip: last.trip, serviceDate: '', basis: time, stops: [] });
      return;
    }
    told.set(vehicle, { trip: run.trip, basis: run.basis, empty: run.stops.length === 0 });
    publish(run);
  }

  async function keep(): Promise<void> {
    const rows = takeAdded(learned);
    try {
      await store.add(rows);
    } catch (error) {
      giveBack(learned, rows);
      if ((learned.added?.size ?? 0) > maxWaiting) {
        log.warn({ rows: learned.added?.size }, 'what was learned of travel times is given up: no database');
        learned.added?.clear();
      }
      throw error;
    }
  }

  async function refresh(): Promise<void> {
    const week = Math.floor(now() / DAY_MS / 7) * 7 - weeks * 7;
    const rows = await store.learned(week);
    if (closed) return;
    const waiting = takeAdded(learned);
    const { today } = learned.times;
    learned = learnedFrom(rows, ETA, true);
    for (const [key, value] of today) learned.times.today.set(key, value);
    giveBack(learned, waiting);
    predictor?.adopt(learned);
  }

  const round = async (): Promise<void> => {
    await keep();
    const at = now();
    if (at - refreshedAt < refreshEveryMs) return;
    refreshedAt = at;
    await store.forget(Math.floor(at / DAY_MS / 7) * 7 - weeks * 7);
    await refresh();
  };
  const soon = (): Promise<void> =>
    round().catch((error: unknown) =>
      log.warn({ err: error }, 'could not keep what was learned of travel times'),
    );

  let refreshedAt = now();
  await refresh().catch((error: unknown) =>
    log.warn({ err: error }, 'could not read what was learned of travel times'),
  );
  let working: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    working = working.then(soon);
  }, keepEveryMs);
  timer.unref();

  return {
    committed(report, judged) {
      const current = predictorOf(plan.plan);
      if (current === null) return;
      current.take(report.vehicle, (judged as VehicleState).run);
      tell(report.vehicle, report.time, current);
    },
    expectStops(run, tripLine, at) {
      const byTime = byTimetable(run, tripLine, at);
      // Where the timetable has nothing to go by there is no basis; waiting at the first stop is its word alone.
      if (byTime === null || byTime[0]?.stop === 0) return byTime;
      const stops = predictorOf(plan.plan)?.tell(run, at) ?? null;
      return (
        stops?.map(({ stop, predicted, from, to }) => ({
          stop,
          expected: predicted,
          earliest: from,
          latest: to,
        })) ?? byTime
      );
    },
    keep,
    refresh,
    async close() {
      clearInterval(timer);
      await working;
      await soon();
      closed = true;
    },
  };
}
