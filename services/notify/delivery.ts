import type { Logger } from 'pino';
import type { ClaimedNotice, NoticeResult, NoticeStore } from '../store/notice-store.ts';
import type { NotifyPeopleStore, Reach } from '../store/notify-people.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { NotifyCounts } from './counts.ts';
import { type DeliveryWorld, deliverNotice } from './deliver-notice.ts';

export interface DeliveryLimits {
  /** Notices under way at the same time. */
  readonly concurrency: number;
  /** Notices taken at a time. */
  readonly batch: number;
  /** Those of a process that ended in the middle are taken by another after so long. */
  readonly holdMs: number;
  /** Looked for so often while there is nothing to do. */
  readonly pollMs: number;
}

export const DELIVERY_LIMITS: DeliveryLimits = {
  concurrency: 128,
  batch: 256,
  holdMs: 60_000,
  pollMs: 500,
};

/** Takes what is due and hands it over, so many at a time; any number of processes share the work. */
export class Delivery {
  readonly #store: { readonly notices: NoticeStore; readonly notifyPeople: NotifyPeopleStore };
  readonly #world: DeliveryWorld;
  readonly #limits: DeliveryLimits;
  readonly #counts: NotifyCounts;
  readonly #log: Logger;
  #underWay = 0;
  #results: NoticeResult[] = [];
  #settling: Promise<void> = Promise.resolve();
  #wake: (() => void) | null = null;
  #closed = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    store: { readonly notices: NoticeStore; readonly notifyPeople: NotifyPeopleStore },
    world: DeliveryWorld,
    counts: NotifyCounts,
    log: Logger,
    limits: DeliveryLimits = DELIVERY_LIMITS,
  ) {
    this.#store = store;
    this.#world = world;
    this.#counts = counts;
    this.#log = log;
    this.#limits = limits;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** There may be something to do. */
  readonly kick = (): void => {
    this.#wake?.();
  };

  async #run(): Promise<void> {
    while (!this.#closed) {
      let taken = 0;
      try {
        taken = await this.round();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) this.#log.error({ err: error }, 'delivery failed');
      }
      if (taken === 0 && !this.#closed) await this.#pause();
    }
  }

  /** Takes what fits and begins with it; how many there were. */
  async round(): Promise<number> {
    const { concurrency, batch, holdMs } = this.#limits;
    const free = Math.min(concurrency - this.#underWay, batch);
    if (free < Math.min(16, concurrency)) {
      await this.#pause();
      return 1;
    }
    const now = this.#world.now();
    const notices = await this.#store.notices.claim(now, now + holdMs, free);
    if (notices.length === 0) return 0;
    const people = notices.map(({ person }) => person).filter((id) => !id.startsWith('phone:'));
    const reach = await this.#store.notifyPeople.reach(people);
    for (const notice of notices) void this.#deliver(notice, reach.get(notice.person));
    return notices.length;
  }

  async #deliver(notice: ClaimedNotice, reach: Reach | undefined): Promise<void> {
    this.#underWay += 1;
    try {
      const result = await deliverNotice(this.#world, notice, reach);
      this.#counts.note(notice, result);
      this.#results.push(result);
    } catch (error) {
      // A bug of ours: it is given up, so that it does not come round for ever.
      this.#log.error(
        { err: error, notice: notice.id, kind: notice.kind },
        'a notice could not be handed over',
      );
      this.#results.push(failedBy(notice, this.#world.now()));
    }
    this.#underWay -= 1;
    this.#settle();
    this.kick();
  }

  /** One writing at a time; what ends meanwhile goes with the next. */
  #settle(): void {
    this.#settling = this.#settling.then(async () => {
      const results = this.#results.splice(0);
      if (results.length === 0) return;
      try {
        await this.#store.notices.settle(results);
        this.kick();
      } catch (error) {
        this.#log.warn({ err: error, notices: results.length }, 'results could not be written; tried again');
        this.#results.unshift(...results);
        if (!this.#closed) setTimeout(() => this.#settle(), 1_000).unref();
      }
    });
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#limits.pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  /** Nothing of what was taken is under way, and all of it is written down. */
  async idle(): Promise<void> {
    while (this.#underWay > 0 || this.#results.length > 0) {
      await this.#settling;
      if (this.#underWay > 0) await this.#pause();
    }
    await this.#settling;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.kick();
    await this.#loop;
    await this.idle();
  }
}

const failedBy = (notice: ClaimedNotice, at: number): NoticeResult => ({
  id: notice.id,
  state: 'failed',
  channel: null,
  channels: notice.channels,
  providerId: null,
  reason: 'internal',
  handedAt: null,
  at,
  nextTryAt: null,
});
