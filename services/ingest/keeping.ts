import type { RunState } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import type { VehicleSnapshot } from '../store/store.ts';

/** Reports after which a vehicle's state is kept again, and the time of event or of arrival; whichever comes first. */
const KEEP_REPORTS = 16;
/** Shorter than any silence that means something, so that none lies between what is kept and the present. */
const KEEP_MS = 60_000;

/** The run a vehicle is on and where that stands: what decides who may see it. */
export interface RunNow {
  readonly trip: string;
  readonly runState: RunState;
}

/**
 * When a vehicle's state is kept in the database. It is a function of the state kept last and the reports stored
 * since, which are committed with every batch (`catch-up.ts`); so it need not be written with each of them, at ten
 * times their size. It is kept when the rules found something, when the vehicle's run changes, when reports were
 * judged in another order than that of their storage, under another plan, after a pause, and now and then, so that a
 * take-over has little to fold.
 */
export class Keeping {
  #due: boolean;
  #reports: number;
  #keptTime: number;
  #keptReceivedAt: number;
  #keptPlan: string;
  #keptTrip: string | undefined;
  #keptRunState: RunState | undefined;

  constructor(vehicleKey: number, kept: VehicleSnapshot) {
    this.#due = kept.judge === null;
    // A fleet that connects at once does not keep its states at once ever after.
    this.#reports = vehicleKey % KEEP_REPORTS;
    this.#keptTime = kept.judge?.time ?? kept.last?.time ?? Number.NEGATIVE_INFINITY;
    this.#keptReceivedAt = kept.contact?.lastReceivedAt ?? Number.NEGATIVE_INFINITY;
    this.#keptPlan = kept.planVersion;
    this.#keptTrip = kept.progress?.trip;
    this.#keptRunState = kept.progress?.runState;
  }

  /** The next commit keeps the state, whatever else is the case. */
  insist(): void {
    this.#due = true;
  }

  /** A report goes into the next commit; `run` is what was made of it. */
  stored(report: Report, run: RunNow | null, plan: string): void {
    this.#reports += 1;
    this.#due ||=
      this.#reports >= KEEP_REPORTS ||
      // A report of the kept state's own second is not told apart from those that the state holds.
      report.time === this.#keptTime ||
      report.time - this.#keptTime >= KEEP_MS ||
      report.receivedAt - this.#keptReceivedAt >= KEEP_MS ||
      plan !== this.#keptPlan ||
      run?.trip !== this.#keptTrip ||
      run?.runState !== this.#keptRunState;
  }

  /** Whether this commit keeps the state; `now` is what it keeps then. */
  take(now: () => VehicleSnapshot): VehicleSnapshot | null {
    if (!this.#due) return null;
    const kept = now();
    this.#due = false;
    this.#reports = 0;
    this.#keptTime = kept.judge?.time ?? kept.last?.time ?? this.#keptTime;
    this.#keptReceivedAt = kept.contact?.lastReceivedAt ?? kept.last?.receivedAt ?? this.#keptReceivedAt;
    this.#keptPlan = kept.planVersion;
    this.#keptTrip = kept.progress?.trip;
    this.#keptRunState = kept.progress?.runState;
    return kept;
  }
}
