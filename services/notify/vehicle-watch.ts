import type { VehicleState } from '../../geo/judge/state.ts';
import type { JudgeState } from '../../geo/judge.ts';
import { type TripLines, tripLines } from '../../geo/matching/trip-line.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { OutboxWrite } from '../store/store.ts';
import { causeRow } from './causes.ts';
import { byTimetable, type ExpectStops } from './expected-stops.ts';
import { RunWatch } from './run-watch.ts';

/** One of a vehicle's lane: what goes into the outbox with a report that was judged in order. */
export class VehicleWatch {
  readonly #watch = new RunWatch();
  readonly #expectStops: ExpectStops;
  #plan: Plan | null = null;
  #lines: TripLines | null = null;

  constructor(expectStops: ExpectStops = byTimetable) {
    this.#expectStops = expectStops;
  }

  take(plan: Plan, judged: JudgeState, report: Report, vehicleKey: number): OutboxWrite | null {
    const { run } = judged as VehicleState;
    // Nobody waits for a bus on whose run no child is.
    if (!run || !plan.rosterByTrip.has(run.trip)) return null;
    if (plan !== this.#plan) {
      this.#plan = plan;
      this.#lines = tripLines(plan);
    }
    const tripLine = this.#lines?.ofTrip(run.trip);
    if (!tripLine) return null;
    const cause = this.#watch.step(report.vehicle, run, tripLine, report, this.#expectStops);
    return cause && causeRow(cause, vehicleKey);
  }
}
