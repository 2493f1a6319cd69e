import type { Logger } from 'pino';
import type { PlanBase } from '../../geo/plan/build-plan.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { PLAN_CHANGED } from '../bus/subjects.ts';
import type { HeldPlan, PlanStore } from '../store/store.ts';
import { buildKind, buildNext } from './build-next.ts';
import type { CurrentPlan } from './current-plan.ts';

export interface WatchPlanOptions {
  readonly store: PlanStore;
  readonly bus: Bus;
  readonly log: Logger;
  /** How often the version is asked for, so that a message that was lost is made up for. */
  readonly pollMs?: number;
}

const POLL_MS = 30_000;
/** Problems of a plan that does not build which go to the log one by one. */
const LOGGED_PROBLEMS = 20;

/**
 * Keeps the plan in force: loads it, and swaps it whole when another version is imported anywhere in the system. A
 * version that does not build here (stored by a newer release, say) is logged and the plan before it stays. Rejects
 * where the store cannot be read at the start; later such faults are logged and tried again.
 */
export async function watchPlan({
  store,
  bus,
  log: parentLog,
  pollMs = POLL_MS,
}: WatchPlanOptions): Promise<CurrentPlan> {
  const log = parentLog.child({ part: 'plan' });
  const listeners = new Set<(plan: Plan) => void>();
  let inForce: { plan: Plan; base: PlanBase; held: HeldPlan } | null = null;
  /** The version looked at last, whether it built or not. */
  let seenVersion: string | null = null;
  let closed = false;

  async function refresh(): Promise<void> {
    if (closed || (await store.currentVersion()) === seenVersion) return;
    const current = await store.currentSince(inForce?.held ?? null);
    if (closed || !current || current.version === seenVersion) return;
    const startedAt = performance.now();
    const from = inForce && { files: inForce.held.files, base: inForce.base };
    const built = buildKind(from?.files ?? null, current.files);
    const result = await buildNext(from, current.files, current.version);
    if (closed) return;
    const tookMs = Math.round(performance.now() - startedAt);
    seenVersion = current.version;
    if (!result.ok) {
      const problems = result.problems.slice(0, LOGGED_PROBLEMS);
      log.error(
        { version: current.version, problems },
        'the current plan does not build; the one before it stays',
      );
      return;
    }
    inForce = { plan: result.plan, base: result.base, held: current };
    const warnings = result.warnings.length;
    log.info({ version: current.version, tookMs, built, warnings }, 'plan in force');
    for (const listener of listeners) {
      try {
        listener(result.plan);
      } catch (error) {
        log.error({ err: error }, 'a listener of the plan failed');
      }
    }
  }

  /** One refresh at a time; any number of calls while one is under way make one more after it. */
  let running: Promise<void> | null = null;
  let again = false;
  function requestRefresh(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await refresh().catch((error) =>
          log.warn({ err: error }, 'the plan cannot be read now; will try again'),
        );
      } while (again && !closed);
      running = null;
    })();
    return running;
  }

  // Subscribed before the first load, so that no version slips in between.
  const unsubscribe = bus.subscribe(PLAN_CHANGED, () => void requestRefresh());
  try {
    await refresh();
  } catch (error) {
    closed = true;
    unsubscribe();
    throw error;
  }
  const timer = setInterval(() => void requestRefresh(), pollMs);
  timer.unref();

  return {
    get plan() {
      return inForce?.plan ?? null;
    },
    get files() {
      return inForce?.held.files ?? null;
    },
    get base() {
      return inForce?.base ?? null;
    },
    refresh: requestRefresh,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      unsubscribe();
      listeners.clear();
      await running;
    },
  };
}
