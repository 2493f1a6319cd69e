import type { Logger } from 'pino';
import type { AlertView } from '../api/contract.ts';
import type { CurrentFacts } from '../api/policy/current-facts.ts';
import { alertView, type Handling } from '../api/views/alert-view.ts';
import type { LiveAlert } from '../ingest/live-events.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import { type HandledAlert, handlingOf, unhandled } from './alert-handling.ts';

export interface AlertDeskLimits {
  /** Alerts whose handling is remembered; others are looked up when they change. */
  readonly maxHandlings: number;
  /** Alerts waiting to be looked up; beyond it the viewers must read the list anew. */
  readonly maxWaiting: number;
}

/**
 * Turns alerts from the bus into what viewers see, in the order in which they came. What people did about an alert is
 * not on the bus with it: it is remembered from here, or looked up.
 */
export class AlertDesk {
  readonly #handlings = new Map<string, Handling>();
  readonly #store: Store;
  readonly #facts: CurrentFacts;
  readonly #limits: AlertDeskLimits;
  readonly #log: Logger;
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: { store: Store; facts: CurrentFacts; limits: AlertDeskLimits; log: Logger }) {
    this.#store = options.store;
    this.#facts = options.facts;
    this.#limits = options.limits;
    this.#log = options.log;
  }

  /** False where too many wait. */
  take(alert: LiveAlert | HandledAlert, show: (view: AlertView, alert: LiveAlert) => void): boolean {
    if (this.#waiting >= this.#limits.maxWaiting) return false;
    this.#waiting++;
    this.#tail = this.#tail
      .then(async () => {
        const handling = await this.#handlingOf(alert);
        if (handling === null) return;
        const view = alertView(this.#facts(), alert.finding, handling, alert.retracted);
        show(alert.replaces === null ? view : { ...view, replaces: alert.replaces }, alert);
      })
      .catch((error) => this.#log.error({ err: error, alert: alert.finding.id }, 'an alert was not shown'))
      .finally(() => {
        this.#waiting--;
      });
    return true;
  }

  /** Remembers what was done about an alert, where nobody is there to be shown it. */
  note(alert: HandledAlert): void {
    this.#remember(alert.finding.id, alert.handling);
  }

  /** Messages may have been missed: nothing remembered is to be trusted. */
  forget(): void {
    this.#handlings.clear();
  }

  /** Resolves when everything taken has been shown. */
  settled(): Promise<void> {
    return this.#tail;
  }

  /** Null where the alert is held under an incident, which speaks for it. */
  async #handlingOf(alert: LiveAlert | HandledAlert): Promise<Handling | null> {
    const { id, start } = alert.finding;
    if ('handling' in alert) return this.#remember(id, alert.handling);
    const known = this.#handlings.get(id);
    if (known) return known;
    try {
      const stored = await this.#store.findings.get(id);
      if (stored?.incident) return null;
      return stored ? this.#remember(id, handlingOf(stored)) : unhandled(start);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      // Better seen at once as new than late.
      return unhandled(start);
    }
  }

  #remember(id: string, handling: Handling): Handling {
    this.#handlings.delete(id);
    this.#handlings.set(id, handling);
    for (const oldest of this.#handlings.keys()) {
      if (this.#handlings.size <= this.#limits.maxHandlings) break;
      this.#handlings.delete(oldest);
    }
    return handling;
  }
}
