import type { Batch, IngestStore, PositionRow, QuarantineWrite } from '../store/store.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { IngestCounts } from './counts.ts';
import { Draft } from './draft.ts';
import type { IngestLimits } from './limits.ts';
import type { OwedAck } from './owed-ack.ts';
import { commitAround, type PoisonQuota } from './poison.ts';
import type { Pressure } from './pressure.ts';
import type { QuietLog } from './quiet-log.ts';
import { Retry } from './retry.ts';
import type { VehicleLane } from './vehicle-lane.ts';

export interface BatcherWorld {
  readonly store: IngestStore;
  readonly limits: IngestLimits;
  readonly counts: IngestCounts;
  readonly pressure: Pressure;
  readonly log: QuietLog;
  readonly poison: PoisonQuota;
  /** Sends the answers in line, one write to each socket. */
  readonly flushAnswers: () => void;
  /** Tells those who watch what has been committed. */
  readonly committed: (draft: Draft) => void;
}

/**
 * Group commit. One commit is under way at a time while the next one gathers, so batches grow by themselves with the
 * load and with the database's pace; on an idle line a batch waits a few milliseconds for company. Acknowledgements
 * go out when the commit that holds their report is done, and no earlier.
 */
export class Batcher {
  draft = new Draft();
  readonly pressure: Pressure;
  readonly #world: BatcherWorld;
  #committing = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #ending = new AbortController();
  #idle: (() => void)[] = [];

  constructor(world: BatcherWorld) {
    this.#world = world;
    this.pressure = world.pressure;
  }

  addReport(lane: VehicleLane, row: PositionRow, ack: OwedAck | null): void {
    const { draft } = this;
    if (!draft.lanes.has(lane)) {
      draft.lanes.add(lane);
      lane.enterBatch();
    }
    draft.positions.push(row);
    if (ack) draft.owe(ack, lane);
    this.#added(draft, row.body.length);
  }

  addQuarantine(row: QuarantineWrite, ack: OwedAck | null): void {
    const { draft } = this;
    draft.quarantine.push(row);
    if (ack) draft.owe(ack, null);
    this.#world.counts.quarantined.add(row.reason);
    this.#added(draft, row.frame.length);
  }

  /** An answer that needs no row of its own, only that what came before is committed. */
  owe(ack: OwedAck, lane: VehicleLane): void {
    this.draft.owe(ack, lane);
    this.#added(this.draft, 0);
  }

  #added(draft: Draft, bytes: number): void {
    draft.reports += 1;
    draft.bytes += bytes;
    this.pressure.add(1, bytes);
    if (this.#committing) return;
    if (draft.reports >= this.#world.limits.batchReports) this.#start();
    else this.#timer ??= setTimeout(this.#start, this.#world.limits.batchWaitMs);
  }

  readonly #start = (): void => {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#committing) return;
    this.#committing = true;
    void this.#run();
  };

  async #run(): Promise<void> {
    while (!this.draft.empty && !this.#ending.signal.aborted) {
      const { draft } = this;
      const batch = draft.batch();
      const lanes = [...draft.lanes];
      this.draft = new Draft();
      try {
        await this.#commit(draft, batch);
      } catch (error) {
        // A bug of ours after the commit: what it concerned is not acknowledged, and so it comes again.
        this.#world.log.error({ err: error }, 'a batch could not be finished');
        for (const lane of lanes) lane.lose('batch_failed');
      }
      for (const lane of lanes) lane.leaveBatch();
      this.pressure.release(draft.reports, draft.bytes);
    }
    this.#committing = false;
    for (const tell of this.#idle.splice(0)) tell();
  }

  async #commit(draft: Draft, batch: Batch): Promise<void> {
    const { counts, limits, flushAnswers } = this.#world;
    let poisoned: readonly VehicleLane[] = [];
    const writes = batch.positions.length > 0 || batch.vehicles.length > 0 || batch.quarantine.length > 0;
    if (writes) {
      counts.batchReports.observe(batch.positions.length);
      const began = performance.now();
      const done = await this.#until(batch, draft, new Retry(limits, this.#ending.signal));
      if (!done) return;
      poisoned = done.poisoned;
      counts.commitSeconds.observe((performance.now() - began) / 1_000);
      counts.commits += 1;
    }
    for (let i = 0; i < draft.acks.length; i += 1) {
      if (draft.ackLanes[i]?.state === 'lost') continue;
      (draft.acks[i] as OwedAck).settle();
    }
    flushAnswers();
    for (const lane of poisoned) lane.lose('poisoned');
    this.#world.committed(draft);
  }

  /** Tries for as long as it takes; null where the service ends first. */
  async #until(
    batch: Batch,
    draft: Draft,
    retry: Retry,
  ): Promise<{ readonly poisoned: readonly VehicleLane[] } | null> {
    const { store, counts, log, poison } = this.#world;
    for (;;) {
      try {
        const { refused } = await store.commit(batch);
        for (const lane of draft.lanes) {
          if (!refused.has(lane.vehicleKey)) continue;
          counts.events.add('epoch_refused');
          lane.lose('taken_over');
        }
        return { poisoned: [] };
      } catch (error) {
        if (error instanceof StoreUnavailable) {
          counts.events.add('store_unavailable');
          log.warn('store_unavailable', { err: error, reports: batch.positions.length, tries: retry.tries });
        } else {
          counts.events.add('commit_failed');
          log.error({ err: error, reports: batch.positions.length }, 'a commit failed');
          const poisoned = await commitAround({ batch, draft, store, counts, log, poison });
          if (poisoned) return { poisoned };
        }
      }
      if (!(await retry.wait())) return null;
    }
  }

  /** Resolves once everything given so far is committed; gives up after `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    const limit = setTimeout(() => {
      this.#ending.abort();
      for (const tell of this.#idle.splice(0)) tell();
    }, timeoutMs);
    if (!this.draft.empty) this.#start();
    while (this.#committing && !this.#ending.signal.aborted) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    clearTimeout(limit);
    if (this.#timer) clearTimeout(this.#timer);
    this.#ending.abort();
  }
}
