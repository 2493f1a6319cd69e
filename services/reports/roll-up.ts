import type { Logger } from 'pino';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { ReportStore } from '../store/report-store.ts';
import { chinaDate } from './days.ts';

export interface RollUpOptions {
  readonly reports: ReportStore;
  readonly plan: CurrentPlan;
  /** Takes or renews the right to do this for the whole system. */
  readonly lease: (name: string, holder: string, ttlMs: number) => Promise<{ held: boolean }>;
  readonly holder: string;
  readonly log: Logger;
  /** Between two rounds. */
  readonly everyMs?: number;
  /** A round may take this share of the time until the next: where it takes longer, the next one waits. */
  readonly mostShare?: number;
  /** Days back that are rolled up anew once a day, since blind areas are uploaded late. */
  readonly lateDays?: number;
  /** Days that are kept, as long as positions are. */
  readonly keptDays?: number;
  readonly now?: () => number;
}

export const ROLL_UP_DEFAULTS = { everyMs: 300_000, mostShare: 0.1, lateDays: 7, keptDays: 184 } as const;

const DAY_MS = 86_400_000;

/**
 * Keeps the figures of supervision: of today again and again, of the days before once each day, in one process of the
 * system. A round that fails is logged and tried again with the next.
 */
export function startRollUp(options: RollUpOptions): { round(): Promise<void>; close(): Promise<void> } {
  const { reports, plan, lease, holder, log, now = Date.now } = options;
  const { everyMs, mostShare, lateDays, keptDays } = { ...ROLL_UP_DEFAULTS, ...options };
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const roll = async (): Promise<void> => {
    if (!(await lease('supervision', holder, everyMs * 3)).held) return;
    const at = now();
    const today = chinaDate(at);
    const gates = [...(plan.plan?.schools.values() ?? [])].map(({ id, lat, lon }) => ({ id, lat, lon }));
    const rolled = await reports.rolledDays(chinaDate(at - lateDays * DAY_MS), today);
    for (let back = lateDays; back >= 0; back--) {
      if (closed) return;
      const day = chinaDate(at - back * DAY_MS);
      const last = rolled.get(day);
      // A day that is over is final once it was rolled up today; what comes later is in tomorrow's round.
      if (back > 0 && last !== undefined && chinaDate(last) === today) continue;
      await reports.rollDay(day, gates, now());
    }
    if (rolled.get(today) === undefined) await reports.forgetBefore(chinaDate(at - keptDays * DAY_MS));
  };

  const round = (): Promise<void> => {
    const startedAt = performance.now();
    running = roll()
      .catch((error: unknown) => log.error({ err: error }, 'rolling positions up failed; it is tried again'))
      .then(() => {
        const tookMs = performance.now() - startedAt;
        log.debug({ tookMs: Math.round(tookMs) }, 'positions rolled up');
        if (closed) return;
        clearTimeout(timer);
        timer = setTimeout(() => void round(), Math.max(everyMs, tookMs / mostShare));
        timer.unref();
      });
    return running;
  };

  return {
    round,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
