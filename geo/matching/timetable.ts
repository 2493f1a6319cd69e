import type { Trip } from '../plan/plan.ts';

/** When the timetable has the trip at a place along its line: seconds of the service day. Between stops in proportion. */
export function plannedSecondsAt(trip: Trip, alongM: number): number {
  const stops = trip.stopTimes;
  const next = nextStopIndex(trip, alongM);
  const after = stops[next];
  const before = stops[next - 1];
  if (!before) return after?.departureS ?? trip.startS;
  if (!after) return before.arrivalS;
  const spanM = after.alongM - before.alongM;
  const share = spanM > 0 ? (alongM - before.alongM) / spanM : 1;
  return before.departureS + (after.arrivalS - before.departureS) * share;
}

/** Where the timetable has the trip at a time of the service day: metres along its line. */
export function plannedMetresAt(trip: Trip, seconds: number): number {
  const stops = trip.stopTimes;
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle]!.arrivalS <= seconds) low = middle + 1;
    else high = middle;
  }
  const before = stops[low - 1];
  const after = stops[low];
  if (!before) return after?.alongM ?? 0;
  if (!after || seconds <= before.departureS) return before.alongM;
  const spanS = after.arrivalS - before.departureS;
  return (
    before.alongM + (after.alongM - before.alongM) * (spanS > 0 ? (seconds - before.departureS) / spanS : 1)
  );
}

/** Index of the first stop that lies ahead of the place; the number of stops where none does. */
export function nextStopIndex(trip: Trip, alongM: number): number {
  const stops = trip.stopTimes;
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle]!.alongM <= alongM) low = middle + 1;
    else high = middle;
  }
  return low;
}
