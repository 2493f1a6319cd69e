import type { Trip } from './plan.ts';
import { quoted } from './problems.ts';
import { DUTIES, type Duty } from './read-duties.ts';
import type { PlanSource } from './table.ts';

const WHO = [
  ['vehicleId', 'vehicle_id', 'vehicle'],
  ['driverId', 'driver_id', 'driver'],
  ['escortId', 'escort_id', 'escort'],
] as const;

/**
 * Says where one bus, driver or escort is planned to be on two trips at once: among the duties of one date, and among
 * those of one service. A vehicle on two trips is judged by either.
 */
export function warnOfDoubleDuties(
  source: PlanSource,
  duties: readonly Duty[],
  trips: ReadonlyMap<string, Trip>,
): void {
  for (const [field, column, what] of WHO) {
    const together = new Map<string, { duty: Duty; trip: Trip }[]>();
    for (const duty of duties) {
      const trip = trips.get(duty.tripId);
      const id = duty[field];
      if (!trip || id === null) continue;
      const key = JSON.stringify([id, duty.serviceDate, duty.serviceId]);
      const list = together.get(key);
      if (list) list.push({ duty, trip });
      else together.set(key, [{ duty, trip }]);
    }
    for (const list of together.values()) {
      list.sort((a, b) => a.trip.startS - b.trip.startS || a.trip.endS - b.trip.endS);
      let longest = list[0]!;
      for (const next of list.slice(1)) {
        // One bus with two crews on the same trip is a matter of its rows, not of its time.
        if (next.trip.startS < longest.trip.endS && next.trip.id !== longest.trip.id) {
          const reason =
            `${what} ${quoted(next.duty[field]!)} is on trip ${quoted(next.trip.id)} ` +
            `while still on ${quoted(longest.trip.id)}`;
          source.warnings.add(DUTIES.file, next.duty.line, column, reason);
        }
        if (next.trip.endS > longest.trip.endS) longest = next;
      }
    }
  }
}
