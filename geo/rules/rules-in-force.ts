import type { JsonValue, RuleName } from '../finding.ts';
import type { RuleInForce } from '../judge/describe-finding.ts';
import type { Episode } from '../judge/episode.ts';
import { fnv1a } from '../judge/finding-id.ts';
import { MACHINERY, type MachinerySettings } from '../judge/settings.ts';
import { MATCHING, type MatchingSettings } from '../matching/settings.ts';
import type { Plan } from '../plan/plan.ts';
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
import { ALWAYS, type Ground } from './news.ts';
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
import type { Rule, SpotRule } from './rule.ts';
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

/**
 * A rule bound to its numbers. `slot` is the key under which its episode and memory are kept. Its functions are called
 * with its table, and not wrapped to know it: some of them are asked with every report.
 */
export interface BoundRule extends RuleInForce {
  readonly kind: 'episode';
  readonly rule: Rule<object, JsonValue>;
  /** What it waits for, of `NEWS`. */
  readonly wakes: number;
  /** It has a memory of its own. */
  readonly keeps: boolean;
  evidence(episode: Episode): { readonly [key: string]: JsonValue };
  explain(episode: Episode, end: number | null): { readonly zh: string; readonly en: string };
}

export interface BoundSpotRule extends RuleInForce {
  readonly kind: 'spot';
  readonly rule: SpotRule<object, JsonValue>;
  readonly wakes: number;
  readonly keeps: boolean;
}

/** The rules that look at reports, in the order of the public contract. */
export function rulesInForce(settings: JudgeSettings, plan: Plan): readonly (BoundRule | BoundSpotRule)[] {
  const ground: Ground = { plan, matching: settings.matching };
  const bind = <T extends object, M>(rule: Rule<T, M>, table: T) => bindRule(rule, table, settings, ground);
  const bindSpot = <T extends object, M>(rule: SpotRule<T, M>, table: T) =>
    bindSpotRule(rule, table, settings, ground);
  return [
    bind(speeding, settings.speeding),
    bind(routeDeviation, settings.routeDeviation),
    bindSpot(wrongStopOrder, settings.wrongStopOrder),
    bind(wrongDirection, settings.wrongStopOrder),
    bindSpot(skippedStop, settings.skippedStop),
    bindSpot(earlyDeparture, settings.offSchedule),
    bind(lateRun, settings.offSchedule),
    bind(notStarted, settings.offSchedule),
    bind(unapprovedVehicle, settings.unapprovedVehicle),
    bind(otherRun, settings.otherRun),
    bind(preTrip, settings.preTrip),
    bindSpot(otherPlate, settings.otherPlate),
    bind(unapprovedDriver, settings.unapprovedDriver),
    bindSpot(driverEvents, settings.driverEvents),
    bind(unplannedStop, settings.unplannedStop),
    bind(longStop, settings.unplannedStop),
    bind(dangerousStop, settings.unplannedStop),
    bind(refuellingStop, settings.unplannedStop),
    bind(outsidePermittedTime, settings.outsidePermittedTime),
    bind(curfew, settings.outsidePermittedTime),
    bind(forbiddenFence, settings.fence),
    bind(keptInFence, settings.fence),
    bind(speedInFence, settings.fence),
    bind(missingEscort, settings.missingEscort),
    bind(childLeftBehind, settings.childLeftBehind),
    bind(overload, settings.overload),
    bind(fatigue, settings.fatigue),
    bind(nightFatigue, settings.fatigue),
    bind(dayFatigue, settings.fatigue),
    ...PART_FAULTS.map((rule) => bind(rule, settings.terminalFault)),
    bind(clockFault, settings.clockFault),
    bind(clonedId, settings.clonedId),
    bind(speedMismatch, settings.speedMismatch),
    bind(towed, settings.towed),
    bindSpot(tampering, settings.tampering),
    bind(frozenPosition, settings.frozenPosition),
    bind(noFix, settings.noFix),
    bind(sos, settings.sos),
    bindSpot(harshDriving, settings.harshDriving),
    bind(collision, settings.collision),
    ...ADAS_ALARMS.map((rule) => bind(rule, settings.activeSafety)),
    ...DSM_ALARMS.map((rule) => bind(rule, settings.activeSafety)),
    bind(doorOpenMoving, settings.door),
    bind(doorSensor, settings.door),
    bind(driverDoor, settings.door),
    bind(illegalDoor, settings.illegalDoor),
    bind(stopSignals, settings.stopSignals),
    bind(lampWhileEmpty, settings.stopSignals),
    bind(illegalSchoolRun, settings.illegalSchoolRun),
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

function bindRule<T extends object, M>(
  rule: Rule<T, M>,
  table: T,
  settings: JudgeSettings,
  ground: Ground,
): BoundRule {
  return {
    kind: 'episode',
    // The judge gives a rule its own table, and its own memory, which is kept under its slot.
    rule: rule as unknown as Rule<object, JsonValue>,
    wakes: rule.wakes?.(table, ground) ?? ALWAYS,
    keeps: rule.remember !== undefined,
    evidence: (episode) => rule.evidence(episode, table),
    explain: rule.explain,
    ...named(rule, table, settings),
  };
}

function bindSpotRule<T extends object, M>(
  rule: SpotRule<T, M>,
  table: T,
  settings: JudgeSettings,
  ground: Ground,
): BoundSpotRule {
  return {
    kind: 'spot',
    rule: rule as unknown as SpotRule<object, JsonValue>,
    wakes: rule.wakes?.(table, ground) ?? ALWAYS,
    keeps: true,
    ...named(rule, table, settings),
  };
}
