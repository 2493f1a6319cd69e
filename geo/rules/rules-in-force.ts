import type { JsonValue, RuleName } from '../finding.ts';
import type { RuleInForce } from '../judge/describe-finding.ts';
import type { Episode, EpisodeLimits, Observation } from '../judge/episode.ts';
import { fnv1a } from '../judge/finding-id.ts';
import { MACHINERY, type MachinerySettings } from '../judge/settings.ts';
import { MATCHING, type MatchingSettings } from '../matching/settings.ts';
import { type IllegalSchoolRunTable, illegalSchoolRun } from './illegal-school-run.ts';
import { type MissingEscortTable, missingEscort } from './missing-escort.ts';
import { earlyDeparture, lateRun, notStarted, OFF_SCHEDULE, type OffScheduleTable } from './off-schedule.ts';
import { type OtherRunTable, otherRun } from './other-run.ts';
import { type RouteDeviationTable, routeDeviation } from './route-deviation.ts';
import type { Rule, Situation, SpotRule, Spotted } from './rule.ts';
import { type SkippedStopTable, skippedStop } from './skipped-stop.ts';
import { type SosTable, sos } from './sos.ts';
import { type SpeedingTable, speeding } from './speeding.ts';
import { TERMINAL_OFFLINE, type TerminalOfflineTable } from './terminal-offline-table.ts';
import { type UnapprovedVehicleTable, unapprovedVehicle } from './unapproved-vehicle.ts';
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
  readonly missingEscort: MissingEscortTable;
  readonly sos: SosTable;
  readonly terminalOffline: TerminalOfflineTable;
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
  missingEscort: missingEscort.defaults,
  sos: sos.defaults,
  terminalOffline: TERMINAL_OFFLINE,
  otherRun: otherRun.defaults,
  illegalSchoolRun: illegalSchoolRun.defaults,
};

/** A rule bound to its numbers. `slot` is the key under which its episode and memory are kept. */
export interface BoundRule extends RuleInForce {
  readonly kind: 'episode';
  readonly told: boolean;
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
    bind(missingEscort, settings.missingEscort, settings),
    bind(sos, settings.sos, settings),
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
  const { remember } = rule;
  return {
    kind: 'episode',
    told: rule.wakes === 'told',
    ...named(rule, table, settings),
    // The judge keeps each rule's memory under its slot and gives it back to nobody else.
    remember: remember ? (at, memory) => remember(at, table, memory as M | null) as JsonValue : null,
    observe: (at, episode, memory) => rule.observe(at, table, episode, memory as M | null),
    proven: (candidate, at) => rule.proven(candidate, at, table),
    limits: (at) => rule.limits(at, table),
    evidence: (episode) => rule.evidence(episode, table),
    explain: (episode, end) => rule.explain(episode, end),
  };
}

export function bindSpot<T extends object, M>(
  rule: SpotRule<T, M>,
  table: T,
  settings: JudgeSettings,
): BoundSpotRule {
  return {
    kind: 'spot',
    told: rule.wakes === 'told',
    ...named(rule, table, settings),
    spot: (at, memory) => rule.spot(at, table, memory as M | null) as Spotted<JsonValue> | null,
  };
}
