import type { EtaView } from '../api/contract.ts';
import type { VehicleAccess } from '../api/policy/policy.ts';
import { etaView } from '../api/views/eta-view.ts';
import type { LiveEta } from '../eta/live-eta.ts';

/** The newest prediction of every vehicle on a run, in memory: one value a vehicle, so as large as the fleet. */
export class NewestPredictions {
  readonly #kept = new Map<string, LiveEta>();

  /** False where it is older than what is known. */
  take(eta: LiveEta): boolean {
    const known = this.#kept.get(eta.vehicle);
    if (known && eta.basis < known.basis) return false;
    if (eta.stops.length > 0) this.#kept.set(eta.vehicle, eta);
    else this.#kept.delete(eta.vehicle);
    return true;
  }

  get(vehicle: string): LiveEta | undefined {
    return this.#kept.get(vehicle);
  }

  all(): IterableIterator<LiveEta> {
    return this.#kept.values();
  }

  /** Drops what rests on nothing newer than `before`: those vehicles are not heard any more. */
  forget(before: number): void {
    for (const [vehicle, { basis }] of this.#kept) if (basis < before) this.#kept.delete(vehicle);
  }

  /** What this access grants of it; null: nothing. */
  viewFor(eta: LiveEta, access: VehicleAccess): EtaView | null {
    if (access.trips !== 'all' && !access.trips.has(eta.trip)) return null;
    return etaView(eta, access.stops);
  }
}
