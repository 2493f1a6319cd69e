import type { Report } from '../../geo/report.ts';

/** Under this a bus counts as standing: GNSS of a parked bus shows 1 or 2 km/h. */
const STANDING_KMH = 3;
/** What is older says nothing of now. */
const FRESH_MS = 60_000;

/** Why the bus is not known to stand, or null where it is. In doubt it moves. */
export function notStanding(
  last: Report | null | undefined,
  now: number,
): 'moving' | 'position_unknown' | null {
  if (!last?.positioned || now - last.receivedAt > FRESH_MS || now - last.time > FRESH_MS)
    return 'position_unknown';
  const fastest = Math.max(last.speedKmh ?? Number.NaN, last.recorderSpeedKmh ?? 0);
  if (Number.isNaN(fastest)) return 'position_unknown';
  return fastest < STANDING_KMH ? null : 'moving';
}
