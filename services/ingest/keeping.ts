import type { JudgeState } from '../../geo/judge.ts';

/** Reports after which the judge's state is kept again, and the event time; whichever comes first. */
const KEEP_REPORTS = 16;
const KEEP_MS = 60_000;

/**
 * When one vehicle's judge state is kept in the database. The state is a function of the state kept last and the
 * reports stored since, which are committed with every batch; so it need not be written with each of them, at ten
 * times their size. It is kept when the rules found something, when reports were judged in another order than that
 * of their storage, under another plan, and now and then, so that a take-over has little to fold.
 */
export class Keeping {
  /** The next commit keeps the state, whatever else is the case. */
  due: boolean;
  #keptTime: number;
  #keptPlan: string;
  #reports: number;

  constructor(vehicleKey: number, kept: JudgeState | null, keptPlan: string) {
    this.due = kept === null;
    this.#keptTime = kept?.time ?? Number.NEGATIVE_INFINITY;
    this.#keptPlan = keptPlan;
    // A fleet that connects at once does not keep its states at once ever after.
    this.#reports = vehicleKey % KEEP_REPORTS;
  }

  /** A report of the kept state's own second is not told apart from those that it holds: it is kept at once. */
  judged(time: number, found: boolean): void {
    this.#reports += 1;
    if (found || time === this.#keptTime) this.due = true;
  }

  /** The state where it is to be kept with this commit, else null. */
  take(state: JudgeState | null, plan: string): JudgeState | null {
    if (state === null) return null;
    const keep =
      this.due ||
      this.#reports >= KEEP_REPORTS ||
      state.time - this.#keptTime >= KEEP_MS ||
      plan !== this.#keptPlan;
    if (!keep) return null;
    this.due = false;
    this.#reports = 0;
    this.#keptTime = state.time;
    this.#keptPlan = plan;
    return state;
  }
}
