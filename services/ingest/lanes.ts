import type { IngestStore } from '../store/store.ts';
import type { IngestLimits } from './limits.ts';
import { untilAvailable } from './retry.ts';
import { type LaneOwner, type LaneWorld, VehicleLane } from './vehicle-lane.ts';

/** The lanes of the vehicles whose terminals are connected to this process. */
export class Lanes {
  readonly #open = new Map<string, VehicleLane>();
  readonly #world: LaneWorld;
  readonly #store: IngestStore;
  readonly #limits: IngestLimits;
  readonly #ending: AbortSignal;

  constructor(world: LaneWorld, store: IngestStore, limits: IngestLimits, ending: AbortSignal) {
    this.#world = world;
    this.#store = store;
    this.#limits = limits;
    this.#ending = ending;
  }

  /**
   * Takes the vehicle over for a connection. The newest connection wins: one before it here is closed at once, one in
   * another process can commit no more. Waits until what the one before has under way is committed, then goes on from
   * what the database holds. Null where `owner` closed meanwhile or the service ends.
   */
  async claim(vehicle: string, owner: LaneOwner & { readonly closed: boolean }): Promise<VehicleLane | null> {
    const before = this.#open.get(vehicle);
    if (before) {
      before.owner?.laneLost('newer_connection');
      before.owner = null;
      await before.whenSettled();
      if (owner.closed) return null;
    }
    const claimed = await untilAvailable(this.#limits, this.#ending, () => this.#store.claim(vehicle));
    if (!claimed || owner.closed) return null;
    // Two connections of one terminal may have waited for the same one before them: the later claim holds.
    const meanwhile = this.#open.get(vehicle);
    if (meanwhile && meanwhile !== before) {
      if (meanwhile.epoch > claimed.value.epoch) return null;
      meanwhile.lose('newer_connection');
    }
    const lane = new VehicleLane(this.#world, vehicle, claimed.value, owner);
    this.#open.set(vehicle, lane);
    return lane;
  }

  /** The connection is gone; what of it is under way is still committed. */
  async leave(lane: VehicleLane): Promise<void> {
    lane.owner = null;
    await lane.whenSettled();
    if (this.#open.get(lane.vehicle) === lane) this.#open.delete(lane.vehicle);
  }

  get(vehicle: string): VehicleLane | undefined {
    return this.#open.get(vehicle);
  }

  get size(): number {
    return this.#open.size;
  }

  async whenAllSettled(): Promise<void> {
    await Promise.all([...this.#open.values()].map((lane) => lane.whenSettled()));
  }
}
