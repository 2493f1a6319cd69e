import { randomUUID } from 'node:crypto';
import type { Registry } from '@platformatic/prom-client';
import type { Logger } from 'pino';
import { currentFacts } from '../api/policy/current-facts.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import { CAUSE_TOPICS } from './causes.ts';
import type { Channel } from './channels/channel.ts';
import { notifyCounts } from './counts.ts';
import { DELIVERY_LIMITS, Delivery, type DeliveryLimits } from './delivery.ts';
import type { ChannelName } from './settings.ts';
import { sweepRuns } from './sweep-runs.ts';
import { type CauseWorld, workCauses } from './work-causes.ts';

export interface NotifyLimits extends Partial<DeliveryLimits> {
  /** Causes worked in one transaction. */
  readonly causes?: number;
  /** Notices that are no matter of safety, for one person in an hour. */
  readonly perHour?: number;
  readonly sweepMs?: number;
}

const DEFAULTS = { causes: 100, perHour: 40, sweepMs: 30_000 } as const;
const LEASE = 'notify-sweep';

export interface NotifyOptions {
  readonly store: Store;
  readonly plan: CurrentPlan;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly publicUrl: string | null;
  /** Hides the numbers of guardians who have no account. */
  readonly phoneKey: Uint8Array;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly limits?: NotifyLimits;
  readonly now?: () => number;
}

/** Makes notices of what happened and hands them over. Any number of processes share the work. */
export function startNotify(options: NotifyOptions): { close(): Promise<void> } {
  const { store, plan, channels, phoneKey, metrics, now = Date.now } = options;
  const log = options.log.child({ part: 'notify' });
  const limits = { ...DELIVERY_LIMITS, ...DEFAULTS, ...options.limits };
  const facts = currentFacts(plan);
  const counts = notifyCounts(metrics);
  const world: CauseWorld = {
    plan,
    facts,
    channels: new Set(channels.keys()),
    phoneKey,
    now,
    limits,
    started: new Set(),
  };
  const delivery = new Delivery(
    store,
    {
      channels,
      facts,
      now,
      random: Math.random,
      publicUrl: options.publicUrl,
      phoneKey,
      forgetSubscription: async (person, id) => {
        await store.notifyPeople.removeSubscription(person, id);
      },
    },
    counts,
    log,
    limits,
  );
  const holder = randomUUID();
  let closed = false;
  let wake: (() => void) | null = null;

  /** After a fault one cause at a time, so that the one that is at fault is found and the others get through. */
  let careful = 0;
  const round = async (): Promise<number> => {
    const limit = careful > 0 ? 1 : limits.causes;
    try {
      const done = await store.notices.work(CAUSE_TOPICS, limit, now(), async (work) => {
        await workCauses(world, work);
      });
      counts.events.add('causes', done);
      if (careful > 0) careful -= 1;
      return done;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      log.error({ err: error, careful }, 'causes could not be worked');
      counts.events.add('failed');
      if (careful > 0) await store.notices.work(CAUSE_TOPICS, 1, now(), async () => undefined);
      careful = limits.causes;
      return 1;
    }
  };

  const loop = async (): Promise<void> => {
    while (!closed) {
      let done = 0;
      try {
        done = await round();
        if (done > 0) delivery.kick();
      } catch (error) {
        log.warn({ err: error }, 'the database cannot be reached; tried again');
      }
      if (done > 0 || closed) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limits.pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  const sweep = async (): Promise<void> => {
    const { held } = await store.ingest.lease(LEASE, holder, limits.sweepMs * 2);
    const waiting = await store.notices.waiting(now());
    counts.waitingCauses = waiting.causes;
    counts.waitingNotices = waiting.notices;
    if (held) await sweepRuns(world, store);
  };
  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(sweep)
      .catch((error: unknown) => log.warn({ err: error }, 'runs could not be looked at; tried again'));
  }, limits.sweepMs);

  const working = loop();
  delivery.start();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      wake?.();
      await working;
      await sweeping;
      await delivery.close();
      for (const channel of channels.values()) await channel.close?.();
    },
  };
}
