import { distanceM } from '../geometry/distance.ts';
import type { LineFix } from './follow-line.ts';
import type { Elsewhere, LinePose, RunTrack } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import {
  NO_VISITS,
  type OpenVisit,
  type StopVisit,
  type VisitLog,
  visitsBehind,
  withVisit,
} from './stop-visits.ts';
import type { TripLine } from './trip-line.ts';

/** The believed fix before this one. */
export interface FixBefore {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
}

/** Noise of two fixes of one place: way that was not driven. [D] */
const NOISE_M = 10;

/** A log begun at a place on the line; what lies behind it has not been seen. */
export function visitsFrom(
  tripLine: TripLine,
  alongM: number,
  time: number,
  set: MatchingSettings,
): VisitLog {
  const of = tripLine.trip.stopTimes.length;
  return { ...NO_VISITS, of, from: time, next: firstAhead(tripLine, alongM - set.stopZoneM) };
}

/** A log of a run that was known only after some way along it: those stops were passed, nobody saw how. */
export function visitsOnTheWay(tripLine: TripLine, pose: LinePose, set: MatchingSettings): VisitLog {
  let log = visitsFrom(tripLine, pose.fromM, pose.since, set);
  const next = firstAhead(tripLine, pose.alongM - set.stopZoneM);
  const betweenS = (pose.time - pose.since) / 1000;
  for (let stop = log.next; stop < next; stop++) {
    const share = (stopM(tripLine, stop) - pose.fromM) / Math.max(pose.alongM - pose.fromM, 1);
    const at = pose.since + Math.min(Math.max(share, 0), 1) * (pose.time - pose.since);
    const visit = { stop, kind: 'unsure', arrival: at, departure: at, interpolated: true, betweenS } as const;
    log = withVisit(log, tripLine.trip, visit);
  }
  return { ...log, next };
}

/**
 * Lays the way from one place on the line to the next over the stops: which it came to, stood at, left behind. `from`
 * is where progress had the bus before, null where this is its first place on the line.
 */
export function passStops(
  was: VisitLog,
  tripLine: TripLine,
  from: LinePose | null,
  to: LinePose,
  before: FixBefore | null,
  fix: LineFix,
  set: MatchingSettings,
): VisitLog {
  const { length } = tripLine.trip.stopTimes;
  const toM = to.alongM;
  let log = begun(was, tripLine, fix);
  if (from === null) {
    const next = Math.max(log.next, firstAhead(tripLine, toM - set.stopZoneM));
    if (next !== log.next) {
      const unseen = besideFirstStops(log, tripLine, next, fix, set);
      log = { ...leavingBehind(log, tripLine, next, fix, set), next, unseen };
    }
  }
  // Far between two stops, as nearly always.
  const slow = isSlow(fix, set);
  const reachM = slow ? set.nearStopM : set.stopZoneM;
  if (log.open.length === 0 && (log.next >= length || toM < stopM(tripLine, log.next) - reachM)) {
    return log;
  }
  const passedS = secondsSince(before, fix);
  const onLine = from !== null && before !== null && from.time === before.time;
  const wayM = onLine ? Math.max(0, Math.abs(toM - from.alongM) - NOISE_M) : 0;
  const spareS = Math.max(0, passedS - wayM / (set.throughStopKmh / 3.6));
  const open: OpenVisit[] = [];
  for (let stop = log.next; stop < length; stop++) {
    const thereM = stopM(tripLine, stop);
    const was = openVisit(log, stop);
    if (was === undefined && toM < thereM - reachM) break;
    const within =
      Math.abs(toM - thereM) <= set.stopZoneM || (slow && standsAt(tripLine, stop, toM, fix, set));
    if (was === undefined && !within && toM < thereM) break;
    // A way that left the line in between did not lead through the zone.
    const through = onLine || within || was !== undefined;
    let at = stand(was ?? openAt(stop), through ? spareS : 0, within && slow, fix, before, set);
    // At the first fix of all, and between fixes far apart, it may have stood here for long.
    if (log.from === fix.time || (through && passedS > set.seeStopS))
      at = { ...at, mostS: Math.max(at.mostS, set.dwellS) };
    const passedAt = at.passedAt || (toM >= thereM ? passingTime(thereM, from, toM, fix.time) : 0);
    at = visitSeen(at, passedAt, within, passedS);
    if (toM <= thereM + set.stopZoneM || within) open.push(at);
    else {
      const awayS = through ? 0 : Math.max(log.awayS, passedS);
      log = { ...withVisit(log, tripLine.trip, ended(at, awayS, fix.time, set)), next: stop + 1 };
    }
  }
  return withOpen(log, open);
}

// A bus is in the zone of a stop for many reports: written out, since spreading costs more than the stop.

function openVisit(log: VisitLog, stop: number): OpenVisit | undefined {
  for (const one of log.open) if (one.stop === stop) return one;
  return undefined;
}

function visitSeen(at: OpenVisit, passedAt: number, within: boolean, passedS: number): OpenVisit {
  return {
    stop: at.stop,
    passedAt,
    since: at.since,
    standS: at.standS,
    mostS: at.mostS,
    arrival: at.arrival,
    departure: at.departure,
    seen: at.seen || within,
    betweenS: Math.max(at.betweenS, passedS),
  };
}

function withOpen(log: VisitLog, open: readonly OpenVisit[]): VisitLog {
  return {
    next: log.next,
    of: log.of,
    from: log.from,
    awayS: log.awayS,
    unseen: log.unseen,
    open,
    done: log.done,
    dropped: log.dropped,
  };
}

/**
 * A fix that progress does not lay on the line: on the way to the first stop, or on another road. A stop that the bus
 * comes up to from there counts as come to; only the next two can be, since a loop passes others by.
 */
export function comeUpToStops(
  was: VisitLog,
  tripLine: TripLine,
  before: FixBefore | null,
  fix: LineFix,
  set: MatchingSettings,
): VisitLog {
  let log = begun(was, tripLine, fix);
  const moved = before !== null && Math.abs(fix.lat - before.lat) + Math.abs(fix.lon - before.lon) > 0.0003;
  const passedS = secondsSince(before, fix);
  if (moved && was.from > 0 && passedS > log.awayS) log = { ...log, awayS: passedS };
  const slow = isSlow(fix, set);
  // Driving by off the line is neither coming to a stop nor leaving one.
  if (!slow && log.open.length === 0) return log;
  const open: OpenVisit[] = [];
  const { next } = log;
  for (let stop = next; stop < Math.min(next + 2, tripLine.stopPlaces.length); stop++) {
    const was = log.open.find((one) => one.stop === stop);
    const [lon, lat] = tripLine.stopPlaces[stop]!;
    const awayM = distanceM([lon, lat], [fix.lon, fix.lat]);
    if (was === undefined && !(slow && awayM <= set.nearStopM)) continue;
    const within = awayM <= set.stopZoneM;
    let at = stand(was ?? openAt(stop), within ? passedS : 0, within && slow, fix, before, set);
    // Near enough that a bad fix may be all that is wrong.
    if (slow && awayM <= set.nearStopM) at = { ...at, mostS: Math.max(at.mostS, set.dwellS) };
    at = { ...at, seen: at.seen || within, betweenS: Math.max(at.betweenS, passedS) };
    if (at.arrival === 0 || awayM <= set.nearStopM) open.push(at);
    else {
      log = withMissed(log, tripLine, log.next, stop, fix.time, set);
      log = { ...withVisit(log, tripLine.trip, ended(at, 0, fix.time, set)), next: stop + 1 };
    }
  }
  return { ...log, open: open.filter((one) => one.stop >= log.next) };
}

/** Once the run is under way: its stops behind the place where the bus came onto the line, if it was seen all the while. */
export function missedBefore(
  log: VisitLog,
  tripLine: TripLine,
  fromM: number,
  start: number,
  fix: LineFix,
  set: MatchingSettings,
): VisitLog {
  const { trip } = tripLine;
  const until = firstAhead(tripLine, fromM - set.stopZoneM);
  let missed = log.unseen;
  while (missed < until) {
    const { departureS } = trip.stopTimes[missed]!;
    if (log.from <= start + (departureS - trip.startS) * 1000) break;
    missed++;
  }
  if (missed >= until || log.done !== '') return log.awayS === 0 ? log : { ...log, awayS: 0 };
  return { ...withMissed(log, tripLine, missed, until, fix.time, set), awayS: 0 };
}

/** The bus turned out to be elsewhere on its line: what was logged there follows what was logged before. */
export function visitsAfterJump(
  log: VisitLog,
  elsewhere: Elsewhere,
  tripLine: TripLine,
  start: number,
  fix: LineFix,
  set: MatchingSettings,
): VisitLog {
  const there = firstAhead(tripLine, elsewhere.pose.fromM - set.stopZoneM);
  const { next, open, done } = elsewhere.visits;
  // Back at the very beginning before anything was served: what it passed on the way there was not the run.
  if (there === 0 && (fix.time < start || !log.done.includes('S')))
    return { ...elsewhere.visits, dropped: 0 };
  // Where it stood before, ahead or behind, it stands no more.
  let kept = leavingBehind(log, tripLine, Number.POSITIVE_INFINITY, fix, set);
  kept = withMissed(kept, tripLine, kept.next, there, fix.time, set);
  return { ...kept, next, open, done: kept.done + done, awayS: 0 };
}

/** Off a line that it had only seemed to be on: what it passed there were not stops of the run; where it stood it did. */
export function visitsOffTheLine(log: VisitLog, { trip }: TripLine, run: RunTrack): VisitLog {
  if (log.open.length > 0 || log.next === 0) return log;
  const stood = visitsBehind(run, trip, 0).filter((one) => one.kind === 'stood');
  let kept: VisitLog = { ...log, next: 0, done: '', dropped: 0 };
  for (const visit of stood) kept = { ...withVisit(kept, trip, visit), next: visit.stop + 1 };
  return kept;
}

/** A run that follows another at once: what it came to while the other was still under way it may have served. */
export function visitsAfterRun(before: TripLine, tripLine: TripLine, set: MatchingSettings): VisitLog {
  const here: readonly [number, number] = [before.lastLon, before.lastLat];
  let unseen = 0;
  for (const place of tripLine.stopPlaces) {
    if (distanceM(place, here) > set.leaveM + set.nearStopM) break;
    unseen++;
  }
  return unseen === 0 ? NO_VISITS : { ...NO_VISITS, unseen };
}

/** The bus has arrived, though perhaps in the bay round the corner: it is at its last stop. */
export function atLastStop(log: VisitLog, tripLine: TripLine, fix: LineFix, set: MatchingSettings): VisitLog {
  const last = tripLine.trip.stopTimes.length - 1;
  if (log.next > last) return log;
  const was = log.open.find((one) => one.stop === last) ?? openAt(last);
  const arrival = was.arrival || (isSlow(fix, set) ? was.since || fix.time : 0);
  const at = { ...was, arrival, departure: arrival > 0 ? fix.time : 0, passedAt: was.passedAt || fix.time };
  return { ...log, open: [...log.open.filter((one) => one.stop !== last), at] };
}

/** Where stops were put in or taken out, those at hand are begun anew; else nothing changes. */
export function visitsUnderNewPlan(run: RunTrack, tripLine: TripLine, set: MatchingSettings): VisitLog {
  const of = tripLine.trip.stopTimes.length;
  if (run.visits.of === of || run.visits.of === 0) return run.visits;
  const next = run.pose === null ? 0 : firstAhead(tripLine, run.pose.alongM - set.stopZoneM);
  return { ...run.visits, of, next, open: [] };
}

const stopM = (tripLine: TripLine, stop: number): number => tripLine.trip.stopTimes[stop]!.alongM;

/** Index of the first stop at or ahead of a place. */
function firstAhead({ trip }: TripLine, alongM: number): number {
  let stop = 0;
  while (stop < trip.stopTimes.length && trip.stopTimes[stop]!.alongM < alongM) stop++;
  return stop;
}

/**
 * Near the stop itself and not far from it along the line: where a line is drawn with a spike, or the stop lies beside it,
 * the two differ.
 */
function standsAt(
  tripLine: TripLine,
  stop: number,
  toM: number,
  fix: LineFix,
  set: MatchingSettings,
): boolean {
  if (Math.abs(toM - stopM(tripLine, stop)) > set.nearStopM) return false;
  return distanceM(tripLine.stopPlaces[stop]!, [fix.lon, fix.lat]) <= set.stopZoneM;
}

/** Standing beside its first stops, though the line has it a little further: those it may have served. */
function besideFirstStops(
  log: VisitLog,
  tripLine: TripLine,
  until: number,
  fix: LineFix,
  set: MatchingSettings,
): number {
  let { unseen } = log;
  while (unseen < until && distanceM(tripLine.stopPlaces[unseen]!, [fix.lon, fix.lat]) <= set.nearStopM)
    unseen++;
  return unseen;
}

/** Open visits before a stop that the bus is past: closed where it stood, else forgotten. */
function leavingBehind(
  log: VisitLog,
  tripLine: TripLine,
  until: number,
  fix: LineFix,
  set: MatchingSettings,
): VisitLog {
  let kept = log;
  for (const at of log.open) {
    if (at.stop >= until || at.arrival === 0) continue;
    kept = withMissed(kept, tripLine, kept.next, at.stop, fix.time, set);
    kept = { ...withVisit(kept, tripLine.trip, ended(at, 0, fix.time, set)), next: at.stop + 1 };
  }
  return { ...kept, open: log.open.filter((one) => one.stop >= until) };
}

function withMissed(
  log: VisitLog,
  { trip }: TripLine,
  from: number,
  until: number,
  time: number,
  set: MatchingSettings,
): VisitLog {
  let longer = log;
  for (let stop = from; stop < until; stop++) {
    const near = log.open.find((one) => one.stop === stop) ?? openAt(stop);
    longer = withVisit(longer, trip, ended(near, Math.max(log.awayS, 1), time, set));
  }
  return until > from ? { ...longer, next: until } : log;
}

/** One more interval of time at a stop: does it stand there, and how long can it have stood? */
function stand(
  at: OpenVisit,
  spareS: number,
  slow: boolean,
  fix: LineFix,
  before: FixBefore | null,
  set: MatchingSettings,
): OpenVisit {
  const standS = at.standS + spareS;
  const mostS = Math.max(at.mostS, standS);
  const since = at.since || (slow ? fix.time : 0);
  const until = slow ? fix.time : (before?.time ?? fix.time);
  const enough = since > 0 && (standS >= set.dwellS || until - since >= set.dwellS * 1000);
  const arrival = at.arrival || (enough ? since : 0);
  const departure = enough ? until : at.departure;
  return { ...at, standS: slow ? standS : 0, mostS, since: slow ? since : 0, arrival, departure };
}

function ended(at: OpenVisit, awayS: number, time: number, set: MatchingSettings): StopVisit {
  const { stop } = at;
  const betweenS = Math.max(at.betweenS, awayS);
  const interpolated = !at.seen;
  if (at.arrival > 0) {
    return { stop, kind: 'stood', arrival: at.arrival, departure: at.departure, interpolated, betweenS };
  }
  const passed = at.passedAt || time;
  const sure = at.mostS < set.dwellS && awayS <= set.awayFixesS;
  const kind = !sure ? 'unsure' : awayS > 0 && !at.seen ? 'away' : 'passed';
  return { stop, kind, arrival: passed, departure: passed, interpolated, betweenS };
}

function openAt(stop: number): OpenVisit {
  return {
    stop,
    passedAt: 0,
    since: 0,
    standS: 0,
    mostS: 0,
    arrival: 0,
    departure: 0,
    seen: false,
    betweenS: 0,
  };
}

const begun = (log: VisitLog, { trip }: TripLine, fix: LineFix): VisitLog =>
  log.from === 0 ? { ...log, of: trip.stopTimes.length, from: fix.time } : log;

const secondsSince = (before: FixBefore | null, fix: LineFix): number =>
  before === null ? 0 : (fix.time - before.time) / 1000;

const isSlow = (fix: LineFix, set: MatchingSettings): boolean =>
  fix.standing || (fix.speedKmh !== null && fix.speedKmh < set.dwellBelowKmh);

/** The moment at which the way along the line came by a stop. */
function passingTime(thereM: number, from: LinePose | null, toM: number, now: number): number {
  if (from === null || toM <= from.alongM) return now;
  const share = Math.max(0, thereM - from.alongM) / (toM - from.alongM);
  return Math.round(from.time + share * (now - from.time));
}
