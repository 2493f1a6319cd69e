/** A span of time cut to its largest unit, so that each language words it as it likes. */
export type Age = { unit: 'now' } | { unit: 'seconds' | 'minutes' | 'hours' | 'days'; count: number };

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Clocks differ a little, so what seems to come from the future is from now. */
export function ageOf(ageMs: number): Age {
  const seconds = Math.floor(Math.max(0, ageMs) / 1_000);
  if (seconds < 1) return { unit: 'now' };
  if (seconds < MINUTE_S) return { unit: 'seconds', count: seconds };
  if (seconds < HOUR_S) return { unit: 'minutes', count: Math.floor(seconds / MINUTE_S) };
  if (seconds < DAY_S) return { unit: 'hours', count: Math.floor(seconds / HOUR_S) };
  return { unit: 'days', count: Math.floor(seconds / DAY_S) };
}
