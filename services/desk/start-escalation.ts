import type { Logger } from 'pino';
import type { CurrentFacts } from '../api/policy/current-facts.ts';
import type { Bus } from '../bus/bus.ts';
import { announcement } from '../live/alert-handling.ts';
import type { Store } from '../store/store.ts';
import { dueLevel } from './escalation.ts';
import { escalationCause } from './escalation-cause.ts';
import { escalateByTime } from './handling.ts';

const LEASE = 'escalation';

export interface EscalationOptions {
  readonly store: Store;
  readonly bus: Bus;
  readonly facts: CurrentFacts;
  /** Names this process among those that share the database. */
  readonly holder: string;
  readonly log: Logger;
  /** Between two looks at the clock. */
  readonly everyMs?: number;
  /** Alerts taken a level up in one look; the others wait for the next. */
  readonly mostAtOnce?: number;
  readonly now?: () => number;
}

export interface Escalation {
  /** One look at the clock; how many alerts went a level up. */
  look(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Takes alerts that nobody has taken up a level up when their time has come. The times are in the database, so that
 * none is lost with a process; one process at a time looks, and a second that looked too would change nothing more.
 */
export function startEscalation(options: EscalationOptions): Escalation {
  const { store, bus, facts, holder, log, everyMs = 5_000, mostAtOnce = 500, now = Date.now } = options;
  let looking: Promise<number> = Promise.resolve(0);

  const look = async (): Promise<number> => {
    const { held } = await store.ingest.lease(LEASE, holder, everyMs * 3);
    if (!held) return 0;
    const at = now();
    let raised = 0;
    const due = await store.desk.due(at, mostAtOnce);
    const users = due.length > 0 ? await store.users.list() : [];
    for (const alert of due) {
      const line = dueLevel(alert, at);
      if (!line) continue;
      let steps = 0;
      const stored = await store.desk.act(alert.id, (seen, state) => {
        const made = escalateByTime(state, at, line.level, line.told);
        steps = made.length;
        const outbox = steps > 0 ? escalationCause(seen, line.level, line.told, users, facts()) : [];
        return { steps: made, outbox };
      });
      if (!stored || steps === 0) continue;
      raised++;
      bus.publish(...announcement(stored));
    }
    if (raised > 0) log.info({ raised }, 'alerts that nobody took up went a level up');
    return raised;
  };

  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => {
      log.error({ err: error }, 'escalation failed; it is tried again');
      return 0;
    });
  }, everyMs);
  timer.unref();
  return {
    look,
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}
