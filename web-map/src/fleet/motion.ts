import { distanceM, type LonLat, type Path, pathThrough, placeAt } from './path.ts';
import { pathBetween } from './route-path.ts';

/** How a bus is being moved on the screen: from where it was shown to where it last reported, and there it waits. */
export interface Motion {
  readonly path: Path;
  /** Of the screen's clock, milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Where it points when it has arrived. */
  readonly headingDeg: number;
}

export interface Reported {
  readonly at: LonLat;
  /** Event time, milliseconds since the epoch. */
  readonly time: number;
  readonly directionDeg: number | null;
}

/** Faster than any bus: between such reports lies a fault or a gap, and gliding would show a drive that was not. */
const JUMP_MPS = 45;
const JUMP_ALLOWANCE_M = 150;
/** After a longer gap nobody knows the way it took. */
const GAP_MS = 60_000;
const SHORTEST_MS = 300;
const LONGEST_MS = 20_000;
/** A little longer than the interval, so that a report a moment late finds the bus still moving. */
const OVERLAP = 1.1;
/** Less than this is jitter of a standing bus. */
const STILL_M = 3;

export function still(report: Reported): Motion {
  return {
    path: pathThrough([report.at]),
    startedAt: 0,
    durationMs: 0,
    headingDeg: report.directionDeg ?? 0,
  };
}

/** The motion that a new report calls for, begun from where the bus is shown now. */
export function moveOn(
  motion: Motion,
  before: Reported,
  report: Reported,
  lines: readonly Path[],
  screenNow: number,
): Motion {
  const intervalMs = report.time - before.time;
  const shown = shownAt(motion, screenNow);
  const lengthM = distanceM(shown.at, report.at);
  const reach = JUMP_ALLOWANCE_M + (JUMP_MPS * Math.max(0, intervalMs)) / 1_000;
  if (intervalMs > GAP_MS || lengthM > reach) return still(report);
  const path =
    lengthM < STILL_M ? pathThrough([shown.at, report.at]) : pathBetween(shown.at, report.at, lines);
  const arrival = lengthM < STILL_M ? null : placeAt(path, path.lengthM).headingDeg;
  return {
    path,
    startedAt: screenNow,
    durationMs: Math.min(LONGEST_MS, Math.max(SHORTEST_MS, intervalMs * OVERLAP)),
    headingDeg: arrival ?? shown.headingDeg,
  };
}

/** Where the bus is shown at a moment. Never beyond its last report. */
export function shownAt(
  motion: Motion,
  screenNow: number,
): { at: LonLat; headingDeg: number; moving: boolean } {
  const part =
    motion.durationMs === 0
      ? 1
      : Math.min(1, Math.max(0, (screenNow - motion.startedAt) / motion.durationMs));
  if (part >= 1) return { at: motion.path.points.at(-1)!, headingDeg: motion.headingDeg, moving: false };
  const place = placeAt(motion.path, motion.path.lengthM * part);
  const heading = motion.path.lengthM < STILL_M ? null : place.headingDeg;
  return { at: place.at, headingDeg: heading ?? motion.headingDeg, moving: motion.path.lengthM > 0 };
}

/** Turns a shown heading towards where it should point, the short way round, most of the way in a quarter of a second. */
export function turnToward(shownDeg: number, wantedDeg: number, elapsedMs: number): number {
  const difference = ((wantedDeg - shownDeg + 540) % 360) - 180;
  const part = 1 - Math.exp(-elapsedMs / 120);
  return (shownDeg + difference * part + 360) % 360;
}
