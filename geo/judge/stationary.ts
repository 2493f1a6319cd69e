import { distanceM } from '../geometry/distance.ts';
import type { MachinerySettings } from './settings.ts';
import type { BelievedFix, Still } from './state.ts';

/**
 * The stationary clamp: a vehicle that stands is where it came to stand, however its fixes wander. `speedKmh` is the
 * best speed there is for this fix, or null.
 */
export function standStill(
  still: Still,
  fix: BelievedFix,
  speedKmh: number | null,
  set: MachinerySettings,
): Still {
  if (still.since === 0) return anchorAt(fix);
  // A bus on the move is far from its anchor or fast nearly always: that is told without measuring.
  if (!still.clamped && speedKmh !== null && speedKmh >= set.stillBelowKmh) return anchorAt(fix);
  const awayM = distanceM([still.lon, still.lat], [fix.lon, fix.lat]);
  if (!still.clamped) {
    if (awayM >= set.stillWithinM) return anchorAt(fix);
    if (fix.time - still.since < set.stillAfterS * 1000) return still;
    return { ...still, clamped: true, moving: 0 };
  }
  if (awayM > set.stillLeaveM) return anchorAt(fix);
  if (speedKmh === null || speedKmh <= set.stillLeaveKmh)
    return still.moving === 0 ? still : { ...still, moving: 0 };
  return still.moving >= 1 ? anchorAt(fix) : { ...still, moving: still.moving + 1 };
}

function anchorAt(fix: BelievedFix): Still {
  return { lat: fix.lat, lon: fix.lon, since: fix.time, clamped: false, moving: 0 };
}
