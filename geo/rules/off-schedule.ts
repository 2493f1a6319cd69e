import { chinaTime } from '../judge/time-text.ts';
import { serviceSeconds } from '../matching/advance-run.ts';
import type { RunTrack } from '../matching/run-track.ts';
import { logEnd, type StopVisit, visitsBehind } from '../matching/stop-visits.ts';
import { plannedSecondsAt } from '../matching/timetable.ts';
import { NEVER, NEWS } from './news.ts';
import { ridersAt } from './roster.ts';
import { blindS, forTheRun, OFF, type Rule, type Situation, type Spot, type SpotRule } from './rule.ts';

/** R06: too early at a stop where pupils wait, much too late, or not begun at all. */
export interface OffScheduleTable {
  /** Leaving a pick-up stop earlier than this before its time. RULES R06. */
  readonly earlyS: number;
  /** Expected this much late at a stop still to be served, over so long and so many fixes. RULES R06. */
  readonly lateS: number;
  readonly lateConfirmS: number;
  readonly lateFixes: number;
  /** Told anew on a change of this much. RULES R06. */
  readonly lateStepS: number;
  /** Below this for so long it is no longer late. [D] */
  readonly lateExitS: number;
  readonly lateExitForS: number;
  /** Not under way so long after its planned start. RULES R06. */
  readonly notStartedS: number;
}

export const OFF_SCHEDULE: OffScheduleTable = {
  earlyS: 60,
  lateS: 600,
  lateConfirmS: 60,
  lateFixes: 2,
  lateStepS: 300,
  lateExitS: 480,
  lateExitForS: 60,
  notStartedS: 600,
};

/** Up to where in the log of which run departures were looked at. */
interface Looked {
  readonly run: number;
  readonly position: number;
}

export const earlyDeparture: SpotRule<OffScheduleTable, Looked> = {
  name: 'off_schedule',
  aspect: 'early',
  version: 'R06/1',
  defaults: OFF_SCHEDULE,
  wakes: (_table, { plan }) => (plan.registers.riders ? NEWS.stops : NEVER),
  spot(at, table, memory) {
    const { run, tripLine } = at;
    // Without a roster no stop is known for one where somebody waits.
    if (run === null || tripLine === null || !run.duty || !at.plan.registers.riders) return null;
    const position = logEnd(run);
    const same = memory !== null && memory.run === run.visits.from;
    if (position === (same ? memory.position : 0)) return null;
    const spots: Spot[] = [];
    for (const visit of visitsBehind(run, tripLine.trip, same ? memory.position : 0)) {
      const spot = leftEarly(at, run, table, visit);
      if (spot !== null) spots.push(spot);
    }
    return { memory: { run: run.visits.from, position }, spots };
  },
};

function leftEarly(
  { plan, tripLine }: Situation,
  run: RunTrack,
  table: OffScheduleTable,
  visit: StopVisit,
): Spot | null {
  const { trip } = tripLine!;
  const there = trip.stopTimes[visit.stop]!;
  if (visit.kind === 'away' || visit.departure === null) return null;
  // It left at some time between two fixes: the later one counts.
  const leftBy = visit.departure + visit.betweenS * 1000;
  const planned = run.start + (there.departureS - trip.startS) * 1000;
  const earlyS = Math.round((planned - leftBy) / 1000);
  if (earlyS <= table.earlyS) return null;
  // On the way to school pupils wait at the stops; on the way home they get on at the first and nobody minds how early
  // they get off.
  const fromSchool = tripLine!.fromSchool;
  if (fromSchool && visit.stop > 0) return null;
  const riders = fromSchool
    ? (plan.rosterByTrip.get(run.trip)?.size ?? 0)
    : ridersAt(plan, run, there.stopId).length;
  if (riders === 0) return null;
  const place = plan.stops.get(there.stopId);
  const name = place?.name || there.stopId;
  return {
    key: `${run.trip} ${run.serviceDate} ${there.sequence}`,
    severity: 'P2',
    start: visit.departure,
    end: visit.departure,
    lat: place?.lat ?? null,
    lon: place?.lon ?? null,
    source: 'platform',
    evidence: {
      reason: 'early_departure',
      stop: there.stopId,
      stopSequence: there.sequence,
      earlyS,
      stood: visit.kind === 'stood',
      betweenFixesS: visit.betweenS,
      expectedRiders: riders,
      law: '校车安全管理条例 Art. 16',
    },
    explain: {
      zh: `比计划时间提前 ${minutes(earlyS)} 分钟离开上车站点“${name}”（校车标牌载明运行时间，《校车安全管理条例》第十六条）。`,
      en: `Left the pick-up stop "${name}" ${minutes(earlyS)} min before its time (running times are part of the permit, School Bus Safety Regulation Art. 16).`,
    },
  };
}

/** Seconds late by which the next stop is expected: what the run is behind now, carried forward. */
function expectedLateS({ report, tripLine, standing }: Situation, run: RunTrack): number | null {
  if (!run.joined || run.pose === null || run.arrivedAt > 0 || tripLine === null) return null;
  // On another way nobody knows how far it is to the next stop, unless the bus stands there.
  if (run.pose.time !== report.time && !standing) return null;
  // Nothing is still to be served behind the last stop.
  if (run.visits.next >= tripLine.trip.stopTimes.length) return null;
  return Math.round(
    serviceSeconds(run, tripLine.trip, report.time) - plannedSecondsAt(tripLine.trip, run.pose.alongM),
  );
}

export const lateRun: Rule<OffScheduleTable> = {
  name: 'off_schedule',
  aspect: 'late',
  version: 'R06/1',
  defaults: OFF_SCHEDULE,
  observe(at, table, episode) {
    const { run } = at;
    if (run === null || !run.duty || at.eventsOnly) return null;
    const lateS = expectedLateS(at, run);
    if (lateS === null && run.arrivedAt === 0) return null;
    if (lateS === null || lateS < table.lateExitS) return episode === null ? null : OFF;
    if (lateS < table.lateS) return episode === null ? null : { ...OFF, sign: 'between' };
    const { trip } = at.tripLine!;
    // Told again only when it has grown by a step.
    const noticeS = table.lateS + Math.floor((lateS - table.lateS) / table.lateStepS) * table.lateStepS;
    return {
      sign: 'on',
      flagged: false,
      measure: noticeS,
      severity: 'P3',
      note: { lateS, noticeS, nextStop: trip.stopTimes[run.visits.next]?.stopId ?? null },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.lateFixes && candidate.last - candidate.since >= table.lateConfirmS * 1000,
  limits: (at, table) => ({
    exitS: table.lateExitForS,
    exitFixes: 2,
    rejoinS: table.lateStepS,
    blindS: Math.max(blindS(at), 2 * table.lateConfirmS),
    retellS: table.lateConfirmS,
  }),
  evidence: ({ note }) => ({
    reason: 'late',
    lateS: note.lateS ?? null,
    noticeMin: Math.round(Number(note.noticeS) / 60),
    nextStop: note.nextStop ?? null,
    basis: 'present delay carried forward',
  }),
  explain: ({ note }) => ({
    zh: `预计晚点 ${minutes(Number(note.lateS))} 分钟到达后续站点。`,
    en: `The stops still to come are expected to be served ${minutes(Number(note.lateS))} min late.`,
  }),
};

export const notStarted: Rule<OffScheduleTable> = {
  name: 'off_schedule',
  aspect: 'not_started',
  version: 'R06/1',
  defaults: OFF_SCHEDULE,
  wakes: () => NEWS.unjoined,
  observe(at, table, episode) {
    const { run } = at;
    if (run === null || !run.duty || run.joined || run.arrivedAt > 0) return episode === null ? null : OFF;
    const dueMs = run.start + table.notStartedS * 1000;
    if (at.report.time < dueMs) return episode === null ? null : OFF;
    // On its line beyond the first stop it has begun, whether or not that is sure yet.
    const firstM = at.tripLine?.trip.stopTimes[0]?.alongM ?? 0;
    if (run.pose !== null && run.pose.alongM > firstM + at.matching.stopZoneM)
      return episode === null ? null : OFF;
    // First seen later than that, it may have driven all of it unseen: then its silence is the finding.
    if (run.visits.from === 0 || run.visits.from > dueMs) return null;
    const moving = !at.standing && at.speed !== null && at.speed.kmh > at.matching.headingFromKmh;
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: 'P2',
      note: { planned: run.start, moving },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) => candidate.fixes >= table.lateFixes,
  // One episode for the run: it ends when the run begins, or when nobody expects it any more.
  limits: forTheRun,
  evidence: ({ note }) => ({
    reason: 'not_started',
    plannedStart: chinaTime(Number(note.planned)),
    moving: note.moving ?? null,
    law: '校车安全管理条例 Art. 16',
  }),
  explain: () => ({
    zh: '计划发车时间已过 10 分钟，班次尚未开始运行。',
    en: 'Ten minutes after its planned start the run has not begun.',
  }),
};

const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;
