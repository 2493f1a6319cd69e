import type { Plan, Run } from '../../geo/plan/plan.ts';
import type { RunsAround } from './bus-motion.ts';
import type { DriveBook } from './drive-book.ts';
import { metresBetween, pointAlong } from './path.ts';

/** Runs worth knowing of around a moment, seconds to both sides. */
const AROUND_S = 3 * 3600;
/** How far ahead runs are given out, milliseconds. */
const HORIZON_MS = 6 * 3600_000;
/** Between two runs, counted generously for bends. */
const TRANSFER_MPS = 8;

/** Runs of a vehicle as duties.csv has them. */
export function dutyRuns(plan: Plan, vehicle: string): RunsAround {
  return (time) => plan.dutiesAt(vehicle, time, AROUND_S);
}

/**
 * A plan without duties (plain GTFS) says which runs there are, not who drives them. This gives the runs out to
 * `buses` buses from `startAt` on: each run to the bus that can be there in time and is nearest. Runs for which no
 * bus is left are not driven.
 */
export class Dispatch {
  private readonly plan: Plan;
  private readonly book: DriveBook;
  private readonly chains: { runs: Run[]; freeAt: number; place: readonly [number, number] | null }[];
  private givenUntil: number;

  constructor(plan: Plan, book: DriveBook, buses: number, startAt: number) {
    this.plan = plan;
    this.book = book;
    this.chains = Array.from({ length: buses }, () => ({ runs: [], freeAt: 0, place: null }));
    this.givenUntil = startAt;
    const underWay = plan.runsAt(startAt, 0).filter((run) => run.start <= startAt && startAt < run.end);
    for (const run of underWay) this.give(run);
    this.giveUntil(startAt + HORIZON_MS);
  }

  /** How many buses have anything to drive. */
  get busy(): number {
    return this.chains.filter((chain) => chain.runs.length > 0).length;
  }

  runsOf(bus: number): RunsAround {
    return (time) => {
      while (time + HORIZON_MS / 2 > this.givenUntil) this.giveUntil(this.givenUntil + HORIZON_MS);
      return this.chains[bus]?.runs ?? [];
    };
  }

  private giveUntil(until: number): void {
    const from = this.givenUntil;
    const middle = (from + until) / 2;
    const runs = this.plan
      .runsAt(middle, (until - from) / 2000)
      .filter((run) => run.start > from && run.start <= until);
    for (const run of runs) this.give(run);
    this.givenUntil = until;
  }

  private give(run: Run): void {
    const drive = this.book.driveOf(run);
    const first = pointAlong(drive.path, drive.stops[0]?.alongM ?? 0);
    const last = pointAlong(drive.path, drive.stops.at(-1)?.alongM ?? 0);
    let best: (typeof this.chains)[number] | null = null;
    let bestM = Number.POSITIVE_INFINITY;
    for (const chain of this.chains) {
      // A bus that has had no run yet may stand wherever it is wanted, but only after those that are near.
      const farM = chain.place ? metresBetween(chain.place, [first.lon, first.lat]) : 1e6;
      const inTime = chain.place === null || chain.freeAt + (farM / TRANSFER_MPS) * 1000 <= run.start;
      if (inTime && farM < bestM) [best, bestM] = [chain, farM];
    }
    if (!best) return;
    best.runs.push(run);
    best.freeAt = run.start + Math.max(drive.endS * 1000, run.end - run.start) + 60_000;
    best.place = [last.lon, last.lat];
  }
}
