const MINUTES_OF_DAY = 24 * 60;

/** Minutes after midnight of `HH:MM`. */
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** Is the minute of the local day within the quiet hours, which may span midnight? From and to the same: never. */
export function isQuiet(
  quiet: { readonly from: string; readonly to: string } | null,
  minuteOfDay: number,
): boolean {
  if (quiet === null) return false;
  const from = minutesOf(quiet.from);
  const spanned = (minutesOf(quiet.to) - from + MINUTES_OF_DAY) % MINUTES_OF_DAY;
  return (minuteOfDay - from + MINUTES_OF_DAY) % MINUTES_OF_DAY < spanned;
}

/** The minute of the local day at `time` in a zone that is `offsetMs` ahead of UTC. */
export const minuteOfDay = (time: number, offsetMs: number): number =>
  Math.floor((((time + offsetMs) % 86_400_000) + 86_400_000) / 60_000) % MINUTES_OF_DAY;
