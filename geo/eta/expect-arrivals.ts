import type { RunTrack } from '../matching/run-track.ts';
import { stopVisits } from '../matching/stop-visits.ts';
import type { Trip } from '../plan/plan.ts';
import { holdKey, holdShare } from './holds.ts';
import { type LearnedRun, serviceSecondsOf, stretchOf } from './learn-run.ts';
import type { EtaSettings } from './settings.ts';
import type { DayKind } from './slots.ts';
import { type TravelTimes, todayShare, usual } from './travel-times.ts';

/** When the bus is expected at a stop ahead, before anything is made of how sure that is. */
export interface ExpectedArrival {
  /** Index in the trip's `stopTimes`. */
  readonly stop: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Stretches behind the bus from which its own pace is read. [D] */
const PACE_STRETCHES = 8;
/** What is left of a stay that has lasted longer than usual. [D] */
const STILL_STANDING_S = 6;

/** Expected arrivals at the stops ahead of a run under way, in order, by its newest fix on the line. */
export function expectArrivals(
  times: TravelTimes,
  trip: Trip,
  track: RunTrack,
  kind: DayKind,
  set: EtaSettings,
): ExpectedArrival[] {
  const { pose } = track;
  if (pose === null || track.arrivedAt > 0) return [];
  const run: LearnedRun = { trip, start: track.start, kind };
  const stops = trip.stopTimes;
  let next = track.visits.next;
  let arrivedAt = 0;
  for (const open of track.visits.open) {
    const arrived = open.arrival || open.passedAt;
    if (arrived === 0 || open.stop < next) continue;
    next = open.stop + 1;
    arrivedAt = open.arrival > 0 && open.passedAt === 0 ? open.arrival : 0;
    if (open.arrival > 0 && pose.alongM - stops[open.stop]!.alongM <= 50) arrivedAt = open.arrival;
  }
  if (next >= stops.length) return [];
  const own = ownPace(times, run, track, set);
  const now = pose.time;
  const found: ExpectedArrival[] = [];
  let cursor = now;
  const paceAt = (time: number): number => 1 + (own - 1) * Math.exp(-(time - now) / 1000 / set.ownS);

  if (next === 0) {
    cursor += (Math.max(0, stops[0]!.alongM - pose.alongM) / set.usualMs) * 1000;
  } else {
    const stretch = stretchOf(trip, next - 1);
    const expected = usual(times, stretch, kind, serviceSecondsOf(run, now), set);
    const share = todayShare(times, stretch, now, set) * paceAt(now);
    const done = stretch.lengthM > 0 ? (pose.alongM - stops[next - 1]!.alongM) / stretch.lengthM : 1;
    if (arrivedAt > 0) cursor = leaving(times, run, next - 1, arrivedAt, now, expected.stayS, set);
    cursor += expected.runS * share * (1 - Math.min(Math.max(done, 0), 1)) * 1000;
  }
  for (let i = next; ; i++) {
    found.push({ stop: i, time: Math.round(cursor) });
    if (i + 1 >= stops.length) return found;
    const stretch = stretchOf(trip, i);
    const expected = usual(times, stretch, kind, serviceSecondsOf(run, cursor), set);
    cursor = leaving(times, run, i, cursor, cursor, expected.stayS, set);
    cursor += expected.runS * todayShare(times, stretch, now, set) * paceAt(cursor) * 1000;
  }
}

/** When a bus that came to a stop at `arrived` leaves it, seen from `now`. */
function leaving(
  times: TravelTimes,
  run: LearnedRun,
  stop: number,
  arrived: number,
  now: number,
  stayS: number,
  set: EtaSettings,
): number {
  const { stopId, departureS, timepoint } = run.trip.stopTimes[stop]!;
  const left = arrived + stayS * 1000;
  const due = run.start + (departureS - run.trip.startS) * 1000;
  const usualLeave = Math.max(left, now + (left < now ? STILL_STANDING_S * 1000 : 0));
  if (due <= usualLeave) return usualLeave;
  const share = stop === 0 ? 1 : holdShare(times.holds, holdKey(run.trip.routeId, stopId), timepoint, set);
  return usualLeave + (due - usualLeave) * share;
}

/** This bus against what was expected of it lately: above 1 it is slow. */
function ownPace(times: TravelTimes, run: LearnedRun, track: RunTrack, set: EtaSettings): number {
  const visits = stopVisits(track, run.trip).slice(-PACE_STRETCHES - 1);
  const now = track.pose?.time ?? 0;
  let actualS = set.ownAgainstS;
  let expectedS = set.ownAgainstS;
  for (let i = 1; i < visits.length; i++) {
    const [a, b] = [visits[i - 1]!, visits[i]!];
    if (b.stop !== a.stop + 1 || a.departure === null || a.kind === 'away' || b.kind === 'away') continue;
    const stretch = stretchOf(run.trip, a.stop);
    const expected = usual(times, stretch, run.kind, serviceSecondsOf(run, a.departure), set);
    const fade = Math.exp(-(now - b.arrival) / 1000 / set.ownS);
    actualS += ((b.arrival - a.departure) / 1000) * fade;
    expectedS += expected.runS * todayShare(times, stretch, now, set) * fade;
  }
  return actualS / expectedS;
}
