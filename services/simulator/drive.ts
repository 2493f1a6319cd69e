import { alongLeg, type CeilingAt, driveLegIn, type LegProfile } from './leg-profile.ts';
import type { Path } from './path.ts';
import type { SpeedCeiling } from './speed-ceiling.ts';

/** A stop of a timetable: where along the path, and when, seconds after the run's planned start. */
export interface TimedStop {
  readonly alongM: number;
  readonly arrivalS: number;
  readonly departureS: number;
}

/** One run, driven: a function of the seconds since its planned start. */
export interface Drive {
  readonly path: Path;
  readonly stops: readonly TimedStop[];
  readonly legs: readonly DrivenLeg[];
  /** When the last stop is reached. */
  readonly endS: number;
}

export interface DrivenLeg {
  readonly departureS: number;
  readonly arrivalS: number;
  readonly profile: LegProfile;
}

export interface Moment {
  readonly alongM: number;
  readonly speedMps: number;
}

/** A bus that is late still lets the pupils on and off. */
const SHORTEST_DWELL_S = 15;

export function ceilingAlong(ceiling: SpeedCeiling): CeilingAt {
  const last = ceiling.speedMps.length - 1;
  return (alongM) => {
    const place = ceiling.stepM > 0 ? alongM / ceiling.stepM : 0;
    const below = Math.min(last, Math.max(0, Math.floor(place)));
    return Math.min(ceiling.speedMps[below]!, ceiling.speedMps[Math.min(last, below + 1)]!);
  };
}

/**
 * Drives a timetable: leaves every stop when it says, reaches the next when it says if the limits let it, and
 * catches up afterwards if they do not. `drivers` may take single legs over (an incident).
 */
export function driveTimetable(
  path: Path,
  stops: readonly TimedStop[],
  ceiling: CeilingAt,
  takeOver: (leg: number, durationS: number) => LegProfile | null = () => null,
): Drive {
  const legs: DrivenLeg[] = [];
  let readyS = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < stops.length; i++) {
    const from = stops[i - 1]!;
    const to = stops[i]!;
    const departureS = Math.max(from.departureS, readyS);
    const durationS = to.arrivalS - departureS;
    const profile = takeOver(i - 1, durationS) ?? driveLegIn(durationS, from.alongM, to.alongM, ceiling);
    const arrivalS = departureS + profile.durationS;
    readyS = arrivalS + Math.min(SHORTEST_DWELL_S, to.departureS - to.arrivalS);
    legs.push({ departureS, arrivalS, profile });
  }
  return { path, stops, legs, endS: legs.at(-1)?.arrivalS ?? 0 };
}

/** Where the bus is, `sinceS` seconds after the planned start; before it waits at the first stop, after it at the last. */
export function momentOf(drive: Drive, sinceS: number): Moment {
  const first = drive.legs[0];
  if (!first || sinceS < first.departureS) return { alongM: drive.stops[0]?.alongM ?? 0, speedMps: 0 };
  let low = 0;
  let high = drive.legs.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (drive.legs[middle]!.departureS <= sinceS) low = middle;
    else high = middle;
  }
  const leg = drive.legs[low]!;
  return alongLeg(leg.profile, sinceS - leg.departureS);
}
