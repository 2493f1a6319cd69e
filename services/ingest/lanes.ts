import type { IngestStore } from '../store/store.ts';
import { claimCaughtUp } from './catch-up.ts';
import type { IngestLimits } from './limits.ts';
import { untilAvailable } from './retry.ts';
import { type LaneOwner, type LaneWorld, VehicleLane } from './vehicle-lane.ts';

/** A connection that is to have a vehicle. */
export interface Claimant extends LaneOwner {
  readonly closed: boolean;
}

interface Claim {
  readonly owner: Claimant;
  readonly answer: (lane: VehicleLane | null) => void;
}

/**
 * The lanes of the vehicles whose terminals are connected to this process. The newest connection of a terminal wins:
 * one before it here is closed at once, one in another process can commit no more.
 */
export class Lanes {
  readonly #open = new Map<string, VehicleLane>();
  /** The newest connection that waits for each vehicle; one it displaces is told so, and nothing of it stays. */
  readonly #claims = new Map<string, Claim>();
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

  /** The lane that a connection feeds here, if there is one. */
  held(vehicle: string): VehicleLane | null {
    const lane = this.#open.get(vehicle);
    return lane && lane.owner !== null && lane.state !== 'lost' ? lane : null;
  }

  /**
   * Takes the vehicle over for a connection: waits until what the lane before it has under way is committed, then goes
   * on from what the database holds. Null where a newer connection came, `owner` closed, or the service ends.
   */
  claim(vehicle: string, owner: Claimant): Promise<VehicleLane | null> {
    const earlier = this.#claims.get(vehicle);
    const before = this.#open.get(vehicle);
    // In an outage connections wait for the database, and the older one may get its answer later.
    const newest = Math.max(earlier?.owner.order ?? 0, before?.owner?.order ?? 0);
    if (newest > owner.order) return Promise.resolve(null);
    const claimed = new Promise<VehicleLane | null>((answer) => {
      this.#claims.set(vehicle, { owner, answer });
    });
    before?.owner?.laneLost('newer_connection');
    if (before) before.owner = null;
    if (earlier) earlier.answer(null);
    else void this.#serve(vehicle, before);
    return claimed;
  }

  /** Serves whoever is the newest claimant once the lane before is settled. */
  async #serve(vehicle: string, before: VehicleLane | undefined): Promise<void> {
    try {
      await before?.whenSettled();
      for (;;) {
        const claim = this.#claims.get(vehicle);
        if (!claim) return;
        const { owner, answer } = claim;
        const displaced = () => owner.closed || this.#claims.get(vehicle) !== claim;
        const claimed = displaced()
          ? null
          : await untilAvailable(
              this.#limits,
              this.#ending,
              () => claimCaughtUp(this.#store, this.#world.rules.judge, vehicle),
              displaced,
            );
        if (this.#claims.get(vehicle) !== claim) continue;
        this.#claims.delete(vehicle);
        if (!claimed || owner.closed) {
          answer(null);
          return;
        }
        const lane = new VehicleLane(this.#world, vehicle, claimed.value, owner);
        this.#open.set(vehicle, lane);
        answer(lane);
        return;
      }
    } catch (error) {
      this.#world.log.error({ err: error, vehicle }, 'a vehicle could not be taken over');
      this.#claims.get(vehicle)?.answer(null);
      this.#claims.delete(vehicle);
    }
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

  all(): Iterable<VehicleLane> {
    return this.#open.values();
  }

  get size(): number {
    return this.#open.size;
  }

  async whenAllSettled(): Promise<void> {
    await Promise.all([...this.#open.values()].map((lane) => lane.whenSettled()));
  }
}
