import { distanceM } from '../geometry/distance.ts';
import type { Report } from '../report.ts';
import type { MachinerySettings } from './settings.ts';
import type { BelievedFix, VehicleState } from './state.ts';

/** What a report's position is worth. */
export interface FixQuality {
  /** `good`: for every rule. `resting`: believed, but too soon after a gap for rules. `none`: no rule on position. */
  readonly use: 'good' | 'resting' | 'none';
  readonly fix: BelievedFix | null;
  readonly suspects: readonly BelievedFix[];
  readonly skip: number;
  /** Metres and seconds from the fix believed before; 0 where there was none or a gap lies between. */
  readonly movedM: number;
  readonly passedS: number;
}

/** West, south, east, north, degrees. */
export type Box = readonly [number, number, number, number];

const NO_SUSPECTS: readonly BelievedFix[] = [];

/**
 * Sorts good positions from drift: no fix, 0/0, outside the service area, too few satellites, a jump no bus can make.
 * A suspect one is believed once the next two agree with it.
 */
export function judgeFix(state: VehicleState, report: Report, box: Box, set: MachinerySettings): FixQuality {
  const { lat, lon, time } = report;
  const last = state.fix;
  if (!report.positioned || !(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) {
    return unused(state, state.suspects);
  }
  if (lon < box[0] || lat < box[1] || lon > box[2] || lat > box[3]) return unused(state, state.suspects);
  if (last !== null && time <= last.time) return unused(state, state.suspects);

  const fix = { time, lat, lon };
  const fewSatellites = report.satellites !== null && report.satellites < set.fewestSatellites;
  const movedM = last === null ? 0 : distanceM([last.lon, last.lat], [lon, lat]);
  const passedS = last === null ? 0 : (time - last.time) / 1000;
  const jumped = last !== null && movedM > set.impossibleSpeedMs * Math.max(passedS, 1);
  if (fewSatellites || jumped) {
    const agreeing = state.suspects.filter((one) => agree(one, fix, set));
    if (agreeing.length < set.agreeingFixes)
      return unused(state, [...agreeing, fix].slice(-set.agreeingFixes));
    // Here it goes on from a new place; what lies between was never driven as far as anyone can tell.
    return jumped
      ? { use: 'resting', fix, suspects: NO_SUSPECTS, skip: 0, movedM: 0, passedS: 0 }
      : { use: 'good', fix, suspects: NO_SUSPECTS, skip: state.skip, movedM, passedS };
  }

  const gapS = Math.max(set.reacquireGapS, set.reacquireIntervals * state.intervalS);
  if (last !== null && passedS > gapS) {
    return {
      use: set.reacquireSkip > 0 ? 'resting' : 'good',
      fix,
      suspects: NO_SUSPECTS,
      skip: Math.max(set.reacquireSkip - 1, 0),
      movedM,
      passedS,
    };
  }
  if (state.skip > 0)
    return { use: 'resting', fix, suspects: NO_SUSPECTS, skip: state.skip - 1, movedM, passedS };
  return { use: 'good', fix, suspects: NO_SUSPECTS, skip: 0, movedM, passedS };
}

function unused(state: VehicleState, suspects: readonly BelievedFix[]): FixQuality {
  return { use: 'none', fix: state.fix, suspects, skip: state.skip, movedM: 0, passedS: 0 };
}

function agree(a: BelievedFix, b: BelievedFix, set: MachinerySettings): boolean {
  const seconds = Math.max((b.time - a.time) / 1000, 1);
  return distanceM([a.lon, a.lat], [b.lon, b.lat]) <= set.impossibleSpeedMs * seconds;
}
