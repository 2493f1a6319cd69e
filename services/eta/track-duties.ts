import { readCsv } from '../../geo/plan/csv.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import { readTime } from '../replay/track-row.ts';

const HOUR_MS = 3_600_000;
/** A trip named by a track ran on the service date on which its time is nearest, at most this far off. [D] */
const MOST_APART_MS = 12 * HOUR_MS;

/**
 * `duties.csv` by the word of recorded tracks: where a plan has no duties and a track's column `trip_id` says which trip
 * a vehicle was on, that is its dispatch. Empty where no track says so.
 */
export function dutiesOfTracks(plan: Plan, texts: readonly string[]): string {
  const firstSeen = new Map<string, { trip: string; vehicle: string; time: number }>();
  for (const text of texts) {
    const rows = readCsv(text, () => undefined);
    if (!rows.next()) continue;
    const header = rows.cells.map((cell) => cell.trim().toLowerCase());
    const at = ['vehicle', 'trip_id'].map((name) => header.indexOf(name));
    const timeAt = header.includes('time') ? header.indexOf('time') : header.indexOf('time_iso');
    if (at.includes(-1) || timeAt === -1) continue;
    while (rows.next()) {
      const [vehicle, trip] = [rows.cells[at[0]!] ?? '', rows.cells[at[1]!] ?? ''];
      const time = readTime(rows.cells[timeAt] ?? '');
      if (time === null || vehicle === '' || !plan.trips.has(trip)) continue;
      // One trip on two days is two runs.
      const key = `${vehicle} ${trip} ${Math.floor(time / MOST_APART_MS)}`;
      const known = firstSeen.get(key);
      if (known === undefined || time < known.time) firstSeen.set(key, { trip, vehicle, time });
    }
  }
  const duties = new Set<string>();
  for (const { trip, vehicle, time } of firstSeen.values()) {
    const date = serviceDateOf(plan, trip, time);
    if (date !== null) duties.add(`${date},${trip},${vehicle},,`);
  }
  if (duties.size === 0) return '';
  return `${['service_date,trip_id,vehicle_id,driver_id,escort_id', ...[...duties].sort()].join('\n')}\n`;
}

/** The date of the trip's run nearest to a time; null where it does not run about then. */
function serviceDateOf(plan: Plan, trip: string, time: number): string | null {
  let best: string | null = null;
  let bestMs = MOST_APART_MS;
  for (const run of plan.runsAt(time, MOST_APART_MS / 1000)) {
    if (run.trip.id !== trip) continue;
    const apartMs = Math.max(run.start - time, time - run.end, 0);
    if (apartMs >= bestMs) continue;
    best = run.serviceDate;
    bestMs = apartMs;
  }
  return best;
}
