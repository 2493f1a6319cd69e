import type { Report } from '../report.ts';
import type { MachinerySettings } from './settings.ts';

export interface Speed {
  readonly kmh: number;
  readonly source: 'recorder' | 'gnss' | 'positions';
}

/**
 * The speed to judge by: the driving recorder's where it agrees with GNSS, else GNSS, else what the positions say.
 * Null where nothing can be said, or where it is none that a bus can have.
 */
export function speedOf(
  report: Report,
  movedM: number,
  passedS: number,
  set: MachinerySettings,
): Speed | null {
  const gnss = report.speedKmh;
  const recorder = report.recorderSpeedKmh;
  if (isPossible(gnss, set)) {
    if (
      isPossible(recorder, set) &&
      Math.abs(recorder - gnss) <= Math.max(set.recorderAgreesKmh, set.recorderAgreesShare * gnss)
    )
      return { kmh: recorder, source: 'recorder' };
    return { kmh: gnss, source: 'gnss' };
  }
  if (gnss === null && isPossible(recorder, set)) return { kmh: recorder, source: 'recorder' };
  if (gnss !== null || passedS <= 0) return null;
  return { kmh: (Math.max(0, movedM - set.derivedSpeedNoiseM) / passedS) * 3.6, source: 'positions' };
}

function isPossible(kmh: number | null, set: MachinerySettings): kmh is number {
  return kmh !== null && kmh >= 0 && kmh <= set.impossibleSpeedMs * 3.6;
}
