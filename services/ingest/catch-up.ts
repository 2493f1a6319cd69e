import type { Judge, JudgeState } from '../../geo/judge.ts';
import type { IngestStore, VehicleSnapshot } from '../store/store.ts';

/** A vehicle taken over, with the judge's state as it is now. */
export interface ClaimedVehicle {
  readonly vehicleKey: number;
  readonly epoch: number;
  readonly snapshot: VehicleSnapshot;
  readonly judged: JudgeState | null;
}

/** Takes the vehicle over and folds the reports that were stored since its judge's state was kept (`keeping.ts`). */
export async function claimCaughtUp(
  store: IngestStore,
  judge: Judge | null,
  vehicle: string,
): Promise<ClaimedVehicle> {
  const claimed = await store.claim(vehicle);
  const { judge: kept, last } = claimed.snapshot;
  if (kept === null || last === null || judge === null || last.time <= kept.time)
    return { ...claimed, judged: kept };
  let judged = kept;
  for (const { report } of await store.reportsBetween(claimed.vehicleKey, kept.time, last.time)) {
    if (report.time <= kept.time) continue;
    try {
      judged = judge.judge(judged, report).state;
    } catch {
      // The rule failed on it when it came, which was logged and counted; it was passed over then too.
    }
  }
  return { ...claimed, judged };
}
