export type Freshness = 'live' | 'delayed' | 'stale';

/** Live to 30 s; delayed to 90 s, the age at which GTFS Realtime calls a position too old; then stale. */
export const LIVE_MS = 30_000;
export const STALE_MS = 90_000;

export function freshnessOf(ageMs: number): Freshness {
  if (ageMs <= LIVE_MS) return 'live';
  return ageMs <= STALE_MS ? 'delayed' : 'stale';
}
