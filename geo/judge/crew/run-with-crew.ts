import type { RunState } from '../../judge.ts';
import type { RunTrack } from '../../matching/run-track.ts';
import { type Crew, driverOnDuty, escortOnDuty, inUse, NO_CREW, provenOnSite } from './crew.ts';
import { aboardOf } from './load.ts';

/** A walk-through this long before the bus was seen to arrive is one of this run. [D] */
const WALKED_EARLY_MS = 120_000;
/** A pre-trip check holds for so long: it is made once for a morning or an afternoon. [D] */
export const PRE_TRIP_MS = 12 * 3_600_000;

/**
 * The run as it stands by what people said of it; matching alone infers its state from where the bus is. The very same
 * run where they agree or nobody said anything.
 */
export function runWithCrew(run: RunTrack, crew: Crew, time: number): RunTrack {
  if (crew === NO_CREW) return run;
  const runState = stateOf(run, crew, time);
  return runState === run.runState ? run : { ...run, runState };
}

/** PLANNED > CREWED > EMPTY > CARRYING > ARRIVED > CHECK > CLOSED. RULES 1, run state. */
function stateOf(run: RunTrack, crew: Crew, time: number): RunState {
  const count = aboardOf(crew.load)?.count ?? null;
  switch (run.runState) {
    case 'PLANNED':
      if (count !== null && count > 0) return 'CARRYING';
      return isCrewed(crew, time) ? 'CREWED' : 'PLANNED';
    case 'EMPTY':
    case 'CARRYING':
      if (count === null) return run.runState;
      return count > 0 ? 'CARRYING' : 'EMPTY';
    case 'ARRIVED':
      if (isWalked(crew, run)) return 'CLOSED';
      return count === 0 ? 'CHECK' : 'ARRIVED';
    default:
      return run.runState;
  }
}

/** The escort is signed on, the driver is known where drivers show cards, the check is done where it is made. */
function isCrewed(crew: Crew, time: number): boolean {
  if (escortOnDuty(crew, time) === null) return false;
  if (inUse(crew.used.driverCard, time) && driverOnDuty(crew, time) === null) return false;
  return !inUse(crew.used.preTrip, time) || isChecked(crew, time);
}

/** The seven checks were made for this part of the day, and let the bus go. */
export const isChecked = ({ preTrip }: Crew, time: number): boolean =>
  preTrip?.passed === true && time - preTrip.at < PRE_TRIP_MS;

/** Walked through at the end of this run, with a proof from the bus itself. */
export function isWalked({ walkThrough }: Crew, run: RunTrack): boolean {
  return (
    walkThrough !== null &&
    provenOnSite(walkThrough) &&
    run.arrivedAt > 0 &&
    walkThrough.at >= run.arrivedAt - WALKED_EARLY_MS
  );
}
