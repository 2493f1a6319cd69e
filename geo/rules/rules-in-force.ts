import type { JsonValue, RuleName } from '../finding.ts';
import type { RuleInForce } from '../judge/describe-finding.ts';
import type { Episode, EpisodeLimits, Observation } from '../judge/episode.ts';
import { fnv1a } from '../judge/finding-id.ts';
import { MACHINERY, type MachinerySettings } from '../judge/settings.ts';
import { MATCHING, type MatchingSettings } from '../matching/settings.ts';
import type { ActiveSafetyTable } from './active-safety.ts';
import { ACTIVE_SAFETY } from './active-safety.ts';
import { ADAS_ALARMS } from './adas.ts';
import { type ChildLeftBehindTable, childLeftBehind } from './child-left-behind.ts';
import { type CollisionTable, collision } from './collision.ts';
import { DOOR, type DoorTable, doorOpenMoving, doorSensor, driverDoor } from './door-open-moving.ts';
import { type DriverEventsTable, driverEvents } from './driver-events.ts';
import { DSM_ALARMS } from './dsm.ts';
import { dayFatigue, FATIGUE, type FatigueTable, fatigue, nightFatigue } from './fatigue.ts';
import { FENCE, type FenceTable, forbiddenFence, keptInFence, speedInFence } from './fence.ts';
import { type HarshDrivingTable, harshDriving } from './harsh-driving.ts';
import { type IllegalDoorTable, illegalDoor } from './illegal-door.ts';
import { type IllegalSchoolRunTable, illegalSchoolRun } from './illegal-school-run.ts';
import { type MissingEscortTable, missingEscort } from './missing-escort.ts';
import { earlyDeparture, lateRun, notStarted, OFF_SCHEDULE, type OffScheduleTable } from './off-schedule.ts';
import { type OtherPlateTable, otherPlate } from './other-plate.ts';
import { type OtherRunTable, otherRun } from './other-run.ts';
import {
  curfew,
  OUTSIDE_PERMITTED_TIME,
  type OutsidePermittedTimeTable,
  outsidePermittedTime,
} from './outside-permitted-time.ts';
import { type OverloadTable, overload } from './overload.ts';
import { type PreTripTable, preTrip } from './pre-trip.ts';
import { type RouteDeviationTable, routeDeviation } from './route-deviation.ts';
import type { Rule, Situation, SpotRule, Spotted } from './rule.ts';
import { type SkippedStopTable, skippedStop } from './skipped-stop.ts';
import { type SosTable, sos } from './sos.ts';
import { type SpeedingTable, speeding } from './speeding.ts';
import { lampWhileEmpty, type StopSignalsTable, stopSignals } from './stop-signals.ts';
import { type TamperingTable, tampering } from './tampering.ts';
import { type FrozenPositionTable, frozenPosition } from './tampering-frozen.ts';
import { type NoFixTable, noFix } from './tampering-no-fix.ts';
import { PART_FAULTS, TERMINAL_FAULT, type TerminalFaultTable } from './terminal-fault.ts';
import { type ClockFaultTable, clockFault } from './terminal-fault-clock.ts';
import { type ClonedIdTable, clonedId } from './terminal-fault-cloned.ts';
import { type SpeedMismatchTable, speedMismatch } from './terminal-fault-speed-mismatch.ts';
import { type TowedTable, towed } from './terminal-fault-towed.ts';
import { TERMINAL_OFFLINE, type TerminalOfflineTable } from './terminal-offline-table.ts';
import { type UnapprovedDriverTable, unapprovedDriver } from './unapproved-driver.ts';
import { type UnapprovedVehicleTable, unapprovedVehicle } from './unapproved-vehicle.ts';
import {
  dangerousStop,
  longStop,
  refuellingStop,
  UNPLANNED_STOP,
  type UnplannedStopTable,
  unplannedStop,
} from './unplanned-stop.ts';
import {
  WRONG_STOP_ORDER,
  type WrongStopOrderTable,
  wrongDirection,
  wrongStopOrder,
} from './wrong-stop-order.ts';

/** Every number that the judge goes by. Overrides of a district, a school or a route replace tables here. */
export interface JudgeSettings {
  readonly machinery: MachinerySettings;
  readonly matching: MatchingSettings;
  readonly speeding: SpeedingTable;
  readonly routeDeviation: RouteDeviationTable;
  readonly wrongStopOrder: WrongStopOrderTable;
  readonly skippedStop: SkippedStopTable;
  readonly offSchedule: OffScheduleTable;
  readonly unapprovedVehicle: UnapprovedVehicleTable;
  readonly unapprovedDriver: UnapprovedDriverTable;
  readonly driverEvents: DriverEventsTable;
  readonly unplannedStop: UnplannedStopTable;
  readonly outsidePermittedTime: OutsidePermittedTimeTable;
  readonly fence: FenceTable;
  readonly missingEscort: MissingEscortTable;
  readonly childLeftBehind: ChildLeftBehindTable;
  readonly overload: OverloadTable;
  readonly fatigue: FatigueTable;
  readonly preTrip: PreTripTable;
  readonly otherPlate: OtherPlateTable;
  readonly sos: SosTable;
  readonly terminalOffline: TerminalOfflineTable;
  readonly terminalFault: TerminalFaultTable;
  readonly clockFault: ClockFaultTable;
  readonly clonedId: ClonedIdTable;
  readonly speedMismatch: SpeedMismatchTable;
  readonly towed: TowedTable;
  readonly tampering: TamperingTable;
  readonly frozenPosition: FrozenPositionTable;
  readonly noFix: NoFixTable;
  readonly harshDriving: HarshDrivingTable;
  readonly collision: CollisionTable;
  readonly activeSafety: ActiveSafetyTable;
  readonly door: DoorTable;
  readonly illegalDoor: IllegalDoorTable;
  readonly stopSignals: StopSignalsTable;
  readonly otherRun: OtherRunTable;
  readonly illegalSchoolRun: IllegalSchoolRunTable;
}

export const DEFAULT_SETTINGS: JudgeSettings = {
  machinery: MACHINERY,
  matching: MATCHING,
  speeding: speeding.defaults,
  routeDeviation: routeDeviation.defaults,
  wrongStopOrder: WRONG_STOP_ORDER,
  skippedStop: skippedStop.defaults,
  offSchedule: OFF_SCHEDULE,
  unapprovedVehicle: unapprovedVehicle.defaults,
  unapprovedDriver: unapprovedDriver.defaults,
  driverEvents: driverEvents.defaults,
  unplannedStop: UNPLANNED_STOP,
  outsidePermittedTime: OUTSIDE_PERMITTED_TIME,
  fence: FENCE,
  missingEscort: missingEscort.defaults,
  childLeftBehind: childLeftBehind.defaults,
  overload: overload.defaults,
  fatigue: FATIGUE,
  preTrip: preTrip.defaults,
  otherPlate: otherPlate.defaults,
  sos: sos.defaults,
  terminalOffline: TERMINAL_OFFLINE,
  terminalFault: TERMINAL_FAULT,
  clockFault: clockFault.defaults,
  clonedId: clonedId.defaults,
  speedMismatch: speedMismatch.defaults,
  towed: towed.defaults,
  tampering: tampering.defaults,
  frozenPosition: frozenPosition.defaults,
  noFix: noFix.defaults,
  harshDriving: harshDriving.defaults,
  collision: collision.defaults,
  activeSafety: ACTIVE_SAFETY,
  door: DOOR,
  illegalDoor: illegalDoor.defaults,
  stopSignals: stopSignals.defaults,
  otherRun: otherRun.defaults,
  illegalSchoolRun: illegalSchoolRun.defaults,
};

/** A rule bound to its numbers. `slot` is the key under which its episode and memory are kept. */
export interface BoundRule extends RuleInForce {
  readonly kind: 'episode';
  readonly told: boolean;
  /** It has a memory of its own. */
  readonly keeps: boolean;
  remember: ((at: Situation, memory: JsonValue) => JsonValue) | null;
  observe(at: Situation, episode: Episode | null, memory: JsonValue): Observation | null;
  proven(candidate: Episode, at: Situation): boolean;
  limits(at: Situation): EpisodeLimits;
  evidence(episode: Episode): { readonly [key: string]: JsonValue };
  explain(episode: Episode, end: number | null): { readonly zh: string; readonly en: string };
}

export interface BoundSpotRule extends RuleInForce {
  readonly kind: 'spot';
  readonly told: boolean;
  /** It has a memory of its own. */
  readonly keeps: boolean;
  spot(at: Situation, memory: JsonValue): Spotted<JsonValue> | null;
}

/** The rules that look at reports, in the order of the public contract. */
export function rulesInForce(settings: JudgeSettings): readonly (BoundRule | BoundSpotRule)[] {
  return [
    bind(speeding, settings.speeding, settings),
    bind(routeDeviation, settings.routeDeviation, settings),
    bindSpot(wrongStopOrder, settings.wrongStopOrder, settings),
    bind(wrongDirection, settings.wrongStopOrder, settings),
    bindSpot(skippedStop, settings.skippedStop, settings),
    bindSpot(earlyDeparture, settings.offSchedule, settings),
    bind(lateRun, settings.offSchedule, settings),
    bind(notStarted, settings.offSchedule, settings),
    bind(unapprovedVehicle, settings.unapprovedVehicle, settings),
    bind(otherRun, settings.otherRun, settings),
    bind(preTrip, settings.preTrip, settings),
    bindSpot(otherPlate, settings.otherPlate, settings),
    bind(unapprovedDriver, settings.unapprovedDriver, settings),
    bindSpot(driverEvents, settings.driverEvents, settings),
    bind(unplannedStop, settings.unplannedStop, settings),
    bind(longStop, settings.unplannedStop, settings),
    bind(dangerousStop, settings.unplannedStop, settings),
    bind(refuellingStop, settings.unplannedStop, settings),
    bind(outsidePermittedTime, settings.outsidePermittedTime, settings),
    bind(curfew, settings.outsidePermittedTime, settings),
    bind(forbiddenFence, settings.fence, settings),
    bind(keptInFence, settings.fence, settings),
    bind(speedInFence, settings.fence, settings),
    bind(missingEscort, settings.missingEscort, settings),
    bind(childLeftBehind, settings.childLeftBehind, settings),
    bind(overload, settings.overload, settings),
    bind(fatigue, settings.fatigue, settings),
    bind(nightFatigue, settings.fatigue, settings),
    bind(dayFatigue, settings.fatigue, settings),
    ...PART_FAULTS.map((rule) => bind(rule, settings.terminalFault, settings)),
    bind(clockFault, settings.clockFault, settings),
    bind(clonedId, settings.clonedId, settings),
    bind(speedMismatch, settings.speedMismatch, settings),
    bind(towed, settings.towed, settings),
    bindSpot(tampering, settings.tampering, settings),
    bind(frozenPosition, settings.frozenPosition, settings),
    bind(noFix, settings.noFix, settings),
    bind(sos, settings.sos, settings),
    bindSpot(harshDriving, settings.harshDriving, settings),
    bind(collision, settings.collision, settings),
    ...ADAS_ALARMS.map((rule) => bind(rule, settings.activeSafety, settings)),
    ...DSM_ALARMS.map((rule) => bind(rule, settings.activeSafety, settings)),
    bind(doorOpenMoving, settings.door, settings),
    bind(doorSensor, settings.door, settings),
    bind(driverDoor, settings.door, settings),
    bind(illegalDoor, settings.illegalDoor, settings),
    bind(stopSignals, settings.stopSignals, settings),
    bind(lampWhileEmpty, settings.stopSignals, settings),
    bind(illegalSchoolRun, settings.illegalSchoolRun, settings),
  ];
}

/** Names a set of numbers: other numbers, another name. */
export function parametersName(table: object, settings: JudgeSettings): string {
  return `p-${fnv1a(JSON.stringify([table, settings.machinery, settings.matching]), 0x811c9dc5)}`;
}

function named(
  rule: { readonly name: RuleName; readonly aspect?: string; readonly version: string },
  table: object,
  settings: JudgeSettings,
): RuleInForce {
  return {
    name: rule.name,
    aspect: rule.aspect ?? '',
    slot: rule.aspect === undefined ? rule.name : `${rule.name}/${rule.aspect}`,
    version: rule.version,
    parameters: parametersName(table, settings),
    table: table as { readonly [key: string]: unknown },
  };
}

function bind<T extends object, M>(rule: Rule<T, M>, table: T, settings: JudgeSettings): BoundRule {
  // Taken out of the rule, since some fifty are asked with every report: none of them uses `this`.
  const { remember, observe, proven, limits, evidence, explain } = rule;
  return {
    kind: 'episode',
    told: rule.wakes === 'told',
    keeps: remember !== undefined,
    ...named(rule, table, settings),
    // The judge keeps each rule's memory under its slot and gives it back to nobody else.
    remember: remember ? (at, memory) => remember(at, table, memory as M | null) as JsonValue : null,
    observe: (at, episode, memory) => observe(at, table, episode, memory as M | null),
    proven: (candidate, at) => proven(candidate, at, table),
    limits: (at) => limits(at, table),
    evidence: (episode) => evidence(episode, table),
    explain,
  };
}

export function bindSpot<T extends object, M>(
  rule: SpotRule<T, M>,
  table: T,
  settings: JudgeSettings,
): BoundSpotRule {
  const { spot } = rule;
  return {
    kind: 'spot',
    told: rule.wakes === 'told',
    keeps: true,
    ...named(rule, table, settings),
    spot: (at, memory) => spot(at, table, memory as M | null) as Spotted<JsonValue> | null,
  };
}
