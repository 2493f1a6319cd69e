import { DRIVER } from './speed-ceiling.ts';

/**
 * A drive from one place to another: speed and time at evenly spaced places. Between two places the acceleration is
 * constant, so that speed and place agree at every moment.
 */
export interface LegProfile {
  readonly fromM: number;
  readonly stepM: number;
  readonly speedMps: Float64Array;
  /** Seconds since the start of the leg. */
  readonly timeS: Float64Array;
  readonly durationS: number;
}

/** Ceiling of speed at a distance along the path. */
export type CeilingAt = (alongM: number) => number;

const STEP_M = 10;
/** Nobody crawls slower than this between stops, whatever the timetable asks. */
const SLOWEST_CRUISE_MPS = 3;

/** From standstill to standstill, never above the ceiling or the cruising speed. */
export function driveLeg(fromM: number, toM: number, ceiling: CeilingAt, cruiseMps: number): LegProfile {
  const steps = Math.max(2, Math.ceil((toM - fromM) / STEP_M));
  const stepM = (toM - fromM) / steps;
  const speedMps = new Float64Array(steps + 1);
  for (let i = 1; i < steps; i++) speedMps[i] = Math.min(cruiseMps, ceiling(fromM + i * stepM));
  for (let i = 1; i <= steps; i++) {
    speedMps[i] = Math.min(speedMps[i]!, Math.sqrt(speedMps[i - 1]! ** 2 + 2 * DRIVER.acceleration * stepM));
  }
  for (let i = steps - 1; i >= 0; i--) {
    speedMps[i] = Math.min(speedMps[i]!, Math.sqrt(speedMps[i + 1]! ** 2 + 2 * DRIVER.braking * stepM));
  }
  const timeS = new Float64Array(steps + 1);
  for (let i = 1; i <= steps; i++) {
    const mean = (speedMps[i - 1]! + speedMps[i]!) / 2;
    timeS[i] = timeS[i - 1]! + (stepM > 0 ? stepM / mean : 0);
  }
  return { fromM, stepM, speedMps, timeS, durationS: timeS[steps]! };
}

/** The drive that takes as near to `durationS` as can be, by the choice of a cruising speed. */
export function driveLegIn(durationS: number, fromM: number, toM: number, ceiling: CeilingAt): LegProfile {
  let slow = SLOWEST_CRUISE_MPS;
  let fast: number = DRIVER.topMps;
  let leg = driveLeg(fromM, toM, ceiling, fast);
  if (leg.durationS >= durationS) return leg;
  for (let round = 0; round < 12; round++) {
    const middle = (slow + fast) / 2;
    leg = driveLeg(fromM, toM, ceiling, middle);
    if (leg.durationS > durationS) slow = middle;
    else fast = middle;
  }
  return driveLeg(fromM, toM, ceiling, fast);
}

/** Place and speed `sinceS` seconds after the start of the leg. */
export function alongLeg(leg: LegProfile, sinceS: number): { alongM: number; speedMps: number } {
  const last = leg.timeS.length - 1;
  if (sinceS >= leg.durationS) return { alongM: leg.fromM + last * leg.stepM, speedMps: 0 };
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (leg.timeS[middle]! <= sinceS) low = middle;
    else high = middle;
  }
  const spanS = leg.timeS[high]! - leg.timeS[low]!;
  const intoS = Math.max(0, sinceS - leg.timeS[low]!);
  const acceleration = spanS > 0 ? (leg.speedMps[high]! - leg.speedMps[low]!) / spanS : 0;
  return {
    alongM: leg.fromM + low * leg.stepM + leg.speedMps[low]! * intoS + (acceleration * intoS * intoS) / 2,
    speedMps: leg.speedMps[low]! + acceleration * intoS,
  };
}
