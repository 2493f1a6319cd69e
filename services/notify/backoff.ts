/** How long to wait before another try; times in milliseconds. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const BACKOFF: BackoffLimits = { firstMs: 1_000, mostMs: 60_000 };

/** Doubles with each try, somewhere between half of it and all: many that failed together do not come back together. */
export function backoffMs(
  tries: number,
  random: number,
  { firstMs, mostMs }: BackoffLimits = BACKOFF,
): number {
  const whole = Math.min(firstMs * 2 ** Math.max(0, tries - 1), mostMs);
  return Math.round(whole * (0.5 + random / 2));
}
