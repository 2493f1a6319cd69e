/** A position may be so old; beyond it no minutes are shown. */
export const STALE_MS = 90_000;

/** Whole minutes from now, as a range: down for the earliest, up for the latest, so that nobody comes too late. */
export function minutesUntil(
  arrival: { readonly from: string; readonly to: string },
  now: number,
): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.floor((Date.parse(arrival.from) - now) / 60_000));
  const to = Math.max(from, Math.ceil((Date.parse(arrival.to) - now) / 60_000));
  return { from, to };
}
