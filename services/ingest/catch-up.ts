import type { ContactState, Judge, JudgeState } from '../../geo/judge.ts';
import type { IngestStore, VehicleSnapshot } from '../store/store.ts';

/** Later than any report. */
const FAR = Date.UTC(9999, 0);

/** Where a vehicle stands now: what was kept of it, and the reports stored since. */
export interface CaughtUp {
  readonly judged: JudgeState | null;
  readonly contact: ContactState | null;
}

/** A vehicle taken over. */
export interface ClaimedVehicle extends CaughtUp {
  readonly vehicleKey: number;
  readonly epoch: number;
  readonly snapshot: VehicleSnapshot;
}

/** Takes the vehicle over and folds the reports that were stored since its state was kept (`keeping.ts`). */
export async function claimCaughtUp(
  store: IngestStore,
  judge: Judge | null,
  vehicle: string,
): Promise<ClaimedVehicle> {
  const claimed = await store.claim(vehicle);
  return { ...claimed, ...(await catchUp(store, judge, claimed.vehicleKey, claimed.snapshot)) };
}

/**
 * Folds the reports stored since onto the state that was kept. What the rules make of them was committed with them;
 * here only the state is wanted. A state may already hold some of them: each takes those that are new to it.
 */
export async function catchUp(
  store: IngestStore,
  judge: Judge | null,
  vehicleKey: number,
  snapshot: VehicleSnapshot,
): Promise<CaughtUp> {
  let { judge: judged, contact } = snapshot;
  if (judge === null || judged === null) return { judged, contact };
  // Those of the kept state's own time are in it: one that came later was kept with its state (`keeping.ts`).
  for (const { report } of await store.reportsBetween(vehicleKey, judged.time + 1, FAR)) {
    try {
      judged = judge.judge(judged, report).state;
      // Of the platform's own outages nothing need be known: a state is kept after every pause that long.
      if (!report.eventsOnly && (contact === null || report.receivedAt > contact.lastReceivedAt))
        contact = judge.contact(contact, report, judge.bearing(judged), 0).state;
    } catch {
      // The rule failed on it when it came, which was logged and counted; it was passed over then too.
    }
  }
  return { judged, contact };
}
