import type { FindingChange } from '../finding.ts';
import type { ContactState, Judge, Judgement, JudgeState } from '../judge.ts';
import type { LineFix } from '../matching/follow-line.ts';
import { runProgress, secondsLate } from '../matching/run-progress.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { MatchingSettings } from '../matching/settings.ts';
import type { Plan } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import { dropIn } from '../rules/collision.ts';
import { NEWS } from '../rules/news.ts';
import type { Situation } from '../rules/rule.ts';
import { DEFAULT_SETTINGS, type JudgeSettings } from '../rules/rules-in-force.ts';
import { type Bearing, type Contact, usualInterval } from '../rules/terminal-offline.ts';
import type { VehicleEvent } from '../vehicle-event.ts';
import { chooseGear } from './choose-gear.ts';
import { type Crew, driverOnDuty, NO_CREW } from './crew/crew.ts';
import {
  advanceDriving,
  DRIVING_LIMITS,
  type DrivingClock,
  NOT_DRIVING,
  spansOf,
  withDriver,
  withHours,
} from './crew/driving-clock.ts';
import { foldCrew } from './crew/fold-crew.ts';
import { type Aboard, aboardOf } from './crew/load.ts';
import { runWithCrew } from './crew/run-with-crew.ts';
import { fenceIndex } from './fence-index.ts';
import { judgeFix } from './fix-quality.ts';
import { runRules, withoutOrphans } from './run-rules.ts';
import { serviceBox } from './service-box.ts';
import { type Speed, speedOf } from './speed-source.ts';
import { NO_CHANGES, newState, STATE_FORMAT, type VehicleState } from './state.ts';
import { standStill } from './stationary.ts';
import { localClock } from './time-text.ts';
import { vehicleNotes } from './vehicle-notes.ts';

/** Reports of one instant that are remembered; more than these at once is no terminal's doing. */
const MOST_SEEN = 8;
const NO_EVENTS: readonly VehicleEvent[] = [];

/** Where a report has the bus, and how it drives. */
interface Drive {
  readonly use: Situation['fixUse'];
  readonly lat: number | null;
  readonly lon: number | null;
  readonly standing: boolean;
  /** Since the fix before, none where it stands; and as the fixes have it. */
  readonly movedM: number;
  readonly drivenM: number;
  readonly passedS: number;
  readonly speed: Speed | null;
  readonly run: RunTrack | null;
  readonly onAnotherLine: boolean;
  readonly moving: boolean;
  /** There is a fix to go by. */
  readonly seen: boolean;
}

/** The parts of the state that do not depend on how the place was come by, and what is told. */
type Heard = Pick<VehicleState, 'seen' | 'episodes' | 'memory' | 'crew' | 'driving'> & {
  readonly changes: readonly FindingChange[];
};

const NOBODY = { driver: null, escorts: [] };

/** Builds the judge of one plan: all rules over one vehicle's reports, one after the other. */
export function makeJudge(plan: Plan, settings: JudgeSettings = DEFAULT_SETTINGS): Judge {
  const gears = chooseGear(plan, settings);
  const { matcher } = gears.standard;
  const fencesAt = fenceIndex(plan.fences, localClock(plan.timeZone));
  const noteOf = vehicleNotes(plan);
  const box = serviceBox(plan, settings.machinery.serviceBoxMarginDeg);

  function judge(was: JudgeState | null, report: Report): Judgement<JudgeState> {
    const given = readState(was);
    if (given !== null && report.time < given.time) {
      throw new RangeError(
        `report of ${report.time} after one of ${given.time}: fold again from an older state`,
      );
    }
    if (given !== null && given.time === report.time && isSeen(given, report)) {
      return { state: given, changes: NO_CHANGES };
    }
    const state = inForce(given ?? newState(report.vehicle, plan.version), report.time);
    const anew = given === null || given.plan !== plan.version;
    if (report.eventsOnly) return judgeEvents(state, report, anew);
    const before = gears.of(report.vehicle, state.run, report.time);
    const { machinery, matching } = before.settings;
    const quality = judgeFix(state, report, box, machinery);
    const speed = speedOf(report, quality.movedM, quality.passedS, machinery);
    const fresh = quality.use === 'none' ? null : quality.fix;
    const still =
      fresh === null ? state.still : standStill(state.still, fresh, speed?.kmh ?? null, machinery);
    const standing = still.clamped;
    const where = standing ? still : quality.fix;
    const lineFix =
      fresh === null
        ? null
        : lineFixOf(report, standing ? still : fresh, speed?.kmh ?? null, standing, matching);
    const matched = before.matcher.step(state, report.vehicle, report.time, lineFix);
    const heard = hear(state, report, anew, {
      use: quality.use,
      lat: where?.lat ?? null,
      lon: where?.lon ?? null,
      standing,
      movedM: standing ? 0 : quality.movedM,
      drivenM: quality.movedM,
      passedS: quality.passedS,
      speed,
      run: matched.run,
      onAnotherLine: matched.lines.length > 0 && matched.lines.some(({ pose }) => pose.time === report.time),
      // A parked bus whose fixes wander has its ignition off and no speed of its own.
      moving:
        !standing &&
        speed !== null &&
        speed.kmh > DRIVING_LIMITS.movingKmh &&
        (report.accOn !== false || speed.source !== 'positions'),
      seen: fresh !== null,
    });
    const next: VehicleState = {
      format: STATE_FORMAT,
      vehicle: state.vehicle,
      time: report.time,
      plan: plan.version,
      seen: heard.seen,
      intervalS: state.time === 0 ? 0 : usualInterval(state.intervalS, (report.time - state.time) / 1000),
      fix: quality.fix,
      suspects: quality.suspects,
      skip: quality.skip,
      still,
      run: matched.run,
      over: matched.over,
      lines: matched.lines,
      episodes: heard.episodes,
      memory: heard.memory,
      crew: heard.crew,
      driving: heard.driving,
    };
    return { state: next, changes: heard.changes };
  }

  /** A report without a position leaves everything about the drive as it was. */
  function judgeEvents(state: VehicleState, report: Report, anew: boolean): Judgement<JudgeState> {
    const where = state.still.clamped ? state.still : state.fix;
    const heard = hear(state, report, anew, {
      use: 'none',
      lat: where?.lat ?? null,
      lon: where?.lon ?? null,
      standing: state.still.clamped,
      movedM: 0,
      drivenM: 0,
      passedS: 0,
      speed: null,
      run: state.run,
      onAnotherLine: false,
      moving: false,
      seen: false,
    });
    const { seen, episodes, memory, crew, driving, changes } = heard;
    const next: VehicleState = { ...state, time: report.time, seen, episodes, memory, crew, driving };
    return { state: next, changes };
  }

  /** What people and rules make of a report, once it is known where the bus is and on which run. */
  function hear(state: VehicleState, report: Report, anew: boolean, drive: Drive): Heard {
    const { time } = report;
    const { lat, lon } = drive;
    const events = report.events ?? NO_EVENTS;
    const crew = foldCrew(state.crew ?? NO_CREW, events, time, plan, drive.run);
    const run = drive.run === null ? null : runWithCrew(drive.run, crew, time);
    const driving = drivingOf(state.driving ?? NOT_DRIVING, crew, run, events, {
      time,
      passedS: drive.passedS,
      movedM: drive.drivenM,
      moving: drive.moving,
      accOff: report.accOn === false,
      seen: drive.seen,
    });
    const counted = crew === NO_CREW ? null : aboardOf(crew.load);
    const gear = gears.at(report.vehicle, run, time, lat, lon);
    const note = noteOf(report.vehicle, gear, run, state.memory);
    const situation: Situation = {
      plan,
      report,
      registered: note.registered,
      facts: note.facts,
      events,
      eventsOnly: report.eventsOnly === true,
      machinery: gear.settings.machinery,
      matching: gear.settings.matching,
      fixUse: drive.use,
      lat,
      lon,
      standing: drive.standing,
      movedM: drive.movedM,
      passedS: drive.passedS,
      intervalS: state.intervalS,
      speed: drive.speed,
      run,
      tripLine: run === null ? null : matcher.tripLine(run.trip),
      // The words of people change no place: before and after are the same run.
      runBefore: report.eventsOnly ? run : state.run,
      onAnotherLine: drive.onAnotherLine,
      carrying: isCarrying(run, counted),
      aboard: counted === null ? 'inferred' : 'known',
      aboardCount: counted?.count ?? null,
      aboardBy: counted?.by ?? null,
      crew,
      driving,
      fencesAt,
      episodes: state.episodes,
    };
    const changes: FindingChange[] = [];
    // Other rules may be in force here than with the report before: what they wait for may have come in between.
    const besides = anew ? null : gears.varies ? NEWS.stops : 0;
    let kept = runRules(plan, gear, situation, state, note.keptBits, besides, changes);
    // Overrides come and go with plan versions, hours and places, and may take a rule out.
    if (besides !== 0) kept = withoutOrphans(plan, gear, gears.standard, state.vehicle, kept, changes);
    const key = [report.lat, report.lon, report.alarmFlags, report.statusFlags] as const;
    return {
      seen: time === state.time ? [...state.seen.slice(1 - MOST_SEEN), key] : [key],
      episodes: kept.episodes,
      memory: kept.memory,
      crew: crew === NO_CREW ? undefined : crew,
      driving: driving === NOT_DRIVING ? undefined : driving,
      changes: changes.length === 0 ? NO_CHANGES : changes,
    };
  }

  /** Pupils are aboard, for all that is known: counted by somebody, or inferred from where the run stands. */
  function isCarrying(run: RunTrack | null, counted: Aboard | null): boolean {
    if (run === null) return counted === null ? !plan.registers.duties : counted.count > 0;
    return run.runState === 'CARRYING';
  }

  function lineFixOf(
    report: Report,
    at: { readonly lat: number; readonly lon: number },
    speedKmh: number | null,
    standing: boolean,
    matching: MatchingSettings,
  ): LineFix {
    const { corridorM } = matching;
    const few = report.satellites !== null && report.satellites < matching.fewSatellites;
    const heading =
      standing || speedKmh === null || speedKmh < matching.headingFromKmh ? null : report.directionDeg;
    const angle = heading === null ? 0 : (heading * Math.PI) / 180;
    return {
      time: report.time,
      lat: at.lat,
      lon: at.lon,
      speedKmh,
      headX: heading === null ? 0 : Math.sin(angle),
      headY: heading === null ? 0 : Math.cos(angle),
      corridorM: few ? corridorM + matching.corridorFewSatellitesM : corridorM,
      standing,
    };
  }

  /** The state under this plan: a run that changed hands, moved or vanished with a new version is followed at once. */
  function inForce(state: VehicleState, time: number): VehicleState {
    if (state.plan === plan.version) return state;
    const run = state.run === null ? null : matcher.resolve(state.run, state.vehicle, time);
    return { ...state, plan: plan.version, run, lines: [] };
  }

  function bearingOf(judged: JudgeState): Bearing {
    const state = judged as VehicleState;
    const run = shownRun(inForce(state, state.time));
    const tripLine = run === null ? null : matcher.tripLine(run.trip);
    return {
      trip: run === null ? null : run.trip,
      start: run === null ? 0 : run.start,
      end: run === null ? 0 : run.end,
      runState: run === null ? null : run.runState,
      lateS: run === null || tripLine === null ? 0 : (secondsLate(run, tripLine) ?? 0),
      drop: dropIn(state.memory.collision),
    };
  }

  return {
    judge,
    bearing: bearingOf,
    contact(state, report, given, deafUntil): Judgement<ContactState> {
      const bearing = given as Bearing;
      const run = bearing.trip === null ? null : { trip: bearing.trip };
      const { offline } = gears.of(report.vehicle, run, report.receivedAt);
      return offline.contact(state as Contact | null, report, bearing, deafUntil);
    },
    silence(state, _judged, now, deafUntil): Judgement<ContactState> {
      const contact = state as Contact;
      const run = contact.trip === null ? null : { trip: contact.trip };
      return gears.of(contact.vehicle, run, now).offline.silence(contact, now, deafUntil);
    },
    run: (state) => inForce(state as VehicleState, state.time).run,
    people(state) {
      const { crew, time } = state as VehicleState;
      if (crew === undefined) return NOBODY;
      return {
        driver: driverOnDuty(crew, time)?.id ?? null,
        escorts: crew.escorts.map(({ id }) => id),
      };
    },
    drivenBy: (state, driver, time) => spansOf((state as VehicleState).driving ?? NOT_DRIVING, driver, time),
    progress(state) {
      const now = inForce(state as VehicleState, state.time);
      const run = shownRun(now);
      const tripLine = run === null ? null : matcher.tripLine(run.trip);
      if (run === null || tripLine === null) return null;
      return runProgress(run, tripLine, aboardOf(now.crew?.load ?? null)?.count ?? null);
    },
  };
}

/** The run as people's words have it. */
const shownRun = ({ run, crew, time }: VehicleState): RunTrack | null =>
  run === null || crew === undefined ? run : runWithCrew(run, crew, time);

/** Whoever identified themselves drives; else who the roster names, until it names another. */
function drivingOf(
  clock: DrivingClock,
  crew: Crew,
  run: RunTrack | null,
  events: readonly VehicleEvent[],
  at: {
    readonly time: number;
    readonly passedS: number;
    readonly movedM: number;
    readonly moving: boolean;
    readonly accOff: boolean;
    /** There is a fix to go by. */
    readonly seen: boolean;
  },
): DrivingClock {
  const own = crew.driver === null ? null : driverOnDuty(crew, at.time);
  const driver = own?.id ?? run?.driver ?? clock.driver;
  const sure = own !== null;
  let now = clock;
  if (at.seen) now = advanceDriving(now, at, driver, sure, DRIVING_LIMITS);
  else if (driver !== now.driver || sure !== now.sure) now = withDriver(now, driver, sure, at.time);
  for (const event of events) {
    if (event.kind === 'driver_hours')
      now = withHours(now, event.driver, event.spans, at.time, DRIVING_LIMITS);
  }
  return now;
}

function isSeen(state: VehicleState, report: Report): boolean {
  return state.seen.some(
    ([lat, lon, alarm, status]) =>
      lat === report.lat &&
      lon === report.lon &&
      alarm === report.alarmFlags &&
      status === report.statusFlags,
  );
}

/** Whoever holds the state may have kept it as JSON; it is ours whatever its type says, if its format is. */
function readState(was: JudgeState | null): VehicleState | null {
  const state = was as VehicleState | null;
  return state === null || state.format !== STATE_FORMAT ? null : state;
}
