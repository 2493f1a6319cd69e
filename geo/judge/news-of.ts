import type { RunTrack } from '../matching/run-track.ts';
import { logEnd } from '../matching/stop-visits.ts';
import { DENSE_S, FORWARD_M, LONG_DRIVE_S, NEWS, OFF_LINE_M, SLOW_KMH } from '../rules/news.ts';
import type { Situation } from '../rules/rule.ts';
import { NO_CREW } from './crew/crew.ts';
import { drivenUntil } from './crew/driving-clock.ts';

/** Status bits 6 and 7: forward collision and lane departure; 13 to 16: doors (JT/T 808-2019 table 25). */
const WARNINGS = 0b11 << 6;
const DOORS = 0b1111 << 13;

/** What of a report may be news to a rule: bits of `NEWS`, but for `kept`, which is each rule's own. */
export function newsOf(at: Situation): number {
  const { report, speed, run, driving } = at;
  const { statusFlags, recorderSpeedKmh } = report;
  let news: number = NEWS.report;
  if (report.alarmFlags !== 0) news |= NEWS.alarm;
  if ((statusFlags & WARNINGS) !== 0) news |= NEWS.warning;
  if ((statusFlags & DOORS) !== 0) news |= NEWS.door;
  if (at.events.length > 0) news |= NEWS.event;
  if (report.accOn === false) news |= NEWS.accOff;
  if (!report.positioned) news |= NEWS.unplaced;
  if (recorderSpeedKmh !== null && report.speedKmh !== null && recorderSpeedKmh !== report.speedKmh)
    news |= NEWS.twoSpeeds;
  if (at.intervalS > 0 && at.intervalS <= DENSE_S) news |= NEWS.dense;
  if (at.standing || (speed !== null && speed.kmh < SLOW_KMH)) news |= NEWS.slow;
  if (at.carrying) news |= NEWS.carrying;
  if (at.crew !== NO_CREW) news |= NEWS.crew;
  if (driving.past.length > 0) news |= NEWS.longDrive;
  else if (driving.since > 0 && drivenUntil(driving, report.time) - driving.since >= LONG_DRIVE_S * 1000)
    news |= NEWS.longDrive;
  if (at.registered === undefined || at.registered.schoolBusType === 'none') news |= NEWS.outsider;
  if (run === null) return news | NEWS.unjoined;
  if (!run.joined) news |= NEWS.unjoined;
  if (run.offM > OFF_LINE_M) news |= NEWS.offLine;
  if (!isForward(run, at.runBefore, report.time)) news |= NEWS.notForward;
  if (hasOtherStops(run, at.runBefore)) news |= NEWS.stops;
  return news;
}

function isForward({ pose }: RunTrack, before: RunTrack | null, time: number): boolean {
  if (pose === null || pose.time !== time || before === null || before.pose === null) return false;
  return before.elsewhere === null && pose.alongM - before.pose.alongM > FORWARD_M;
}

function hasOtherStops(run: RunTrack, before: RunTrack | null): boolean {
  if (before === null) return true;
  if (run.visits === before.visits) return false;
  return run.visits.from !== before.visits.from || logEnd(run) !== logEnd(before);
}
