import type { Batch, IngestStore, QuarantineWrite, VehicleWrite } from '../store/store.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { IngestCounts } from './counts.ts';
import { type Draft, partOf } from './draft.ts';
import type { QuietLog } from './quiet-log.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** How many vehicles may be put aside before a fault counts as the database's and not as theirs. */
export class PoisonQuota {
  readonly #perMinute: number;
  readonly #now: () => number;
  #minute = 0;
  #used = 0;

  constructor(perMinute: number, now: () => number = Date.now) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  take(): boolean {
    const minute = Math.floor(this.#now() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used = 0;
    }
    if (this.#used >= this.#perMinute) return false;
    this.#used += 1;
    return true;
  }
}

/**
 * After a commit that failed though the database is there: halves the batch until it finds the vehicle that cannot be
 * written, so that it holds up no other. Its frames go to quarantine, and with that they are answered (they are kept,
 * and sending them again would fail again); its lane is lost, so that it starts afresh from what is committed.
 * Returns the lanes to be lost once their answers are sent; null where nothing more can be done for now and the batch
 * is to be tried again.
 */
export async function commitAround(world: {
  readonly batch: Batch;
  readonly draft: Draft;
  readonly store: IngestStore;
  readonly counts: IngestCounts;
  readonly log: QuietLog;
  readonly poison: PoisonQuota;
}): Promise<VehicleLane[] | null> {
  const { batch, draft, store, counts, log, poison } = world;
  const refused = new Set<number>();
  const poisoned = new Set<number>();

  const commitPart = async (vehicles: readonly VehicleWrite[]): Promise<void> => {
    if (vehicles.length === 0) return;
    const part = partOf(batch, vehicles);
    try {
      for (const key of (await store.commit(part)).refused) refused.add(key);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const [only] = vehicles;
      if (vehicles.length > 1 || !only) {
        const half = vehicles.length >> 1;
        await commitPart(vehicles.slice(0, half));
        await commitPart(vehicles.slice(half));
        return;
      }
      if (!poison.take()) throw new StoreUnavailable('too many vehicles cannot be written', { cause: error });
      const reason = String(error instanceof Error ? error.message : error).slice(0, 500);
      await store.commit({ ...EMPTY, quarantine: part.positions.map((row) => aside(row, reason)) });
      poisoned.add(only.vehicleKey);
      counts.events.add('vehicle_poisoned');
      counts.quarantined.add('commit_failed', part.positions.length);
      log.error({ err: error, vehicleKey: only.vehicleKey }, 'a vehicle could not be written; kept aside');
    }
  };

  try {
    if (batch.quarantine.length > 0) await store.commit({ ...EMPTY, quarantine: batch.quarantine });
    await commitPart(batch.vehicles);
  } catch (error) {
    // Parts already written are written again by the next try, which changes nothing.
    log.warn('commit_around_failed', { err: error });
    return null;
  }
  for (const lane of draft.lanes) {
    if (refused.has(lane.vehicleKey)) lane.lose('taken_over');
  }
  for (let i = 0; i < draft.acks.length; i += 1) {
    if (poisoned.has(draft.ackLanes[i]?.vehicleKey ?? 0)) draft.ackLanes[i] = null;
  }
  return [...draft.lanes].filter((lane) => poisoned.has(lane.vehicleKey));
}

const EMPTY: Batch = {
  vehicles: [],
  positions: [],
  findings: [],
  retractions: [],
  checkpoints: [],
  silences: [],
  quarantine: [],
  outbox: [],
};

const aside = (row: Batch['positions'][number], detail: string): QuarantineWrite => ({
  receivedAt: row.report.receivedAt,
  phone: null,
  remote: '',
  reason: 'commit_failed',
  detail: `${row.report.vehicle}: ${detail}`,
  frame: row.body,
});
