import type { RuleInForce } from '../judge/describe-finding.ts';
import type { Episode, EpisodeLimits, Observation } from '../judge/episode.ts';
import { fnv1a } from '../judge/finding-id.ts';
import { MACHINERY, type MachinerySettings } from '../judge/settings.ts';
import { MATCHING, type MatchingSettings } from '../matching/settings.ts';
import { type MissingEscortTable, missingEscort } from './missing-escort.ts';
import { type RouteDeviationTable, routeDeviation } from './route-deviation.ts';
import type { Rule, Situation } from './rule.ts';
import { type SosTable, sos } from './sos.ts';
import { type SpeedingTable, speeding } from './speeding.ts';
import { TERMINAL_OFFLINE, type TerminalOfflineTable } from './terminal-offline-table.ts';
import { type UnapprovedVehicleTable, unapprovedVehicle } from './unapproved-vehicle.ts';

/** Every number that the judge goes by. Overrides of a district, a school or a route replace tables here. */
export interface JudgeSettings {
  readonly machinery: MachinerySettings;
  readonly matching: MatchingSettings;
  readonly speeding: SpeedingTable;
  readonly routeDeviation: RouteDeviationTable;
  readonly unapprovedVehicle: UnapprovedVehicleTable;
  readonly missingEscort: MissingEscortTable;
  readonly sos: SosTable;
  readonly terminalOffline: TerminalOfflineTable;
}

export const DEFAULT_SETTINGS: JudgeSettings = {
  machinery: MACHINERY,
  matching: MATCHING,
  speeding: speeding.defaults,
  routeDeviation: routeDeviation.defaults,
  unapprovedVehicle: unapprovedVehicle.defaults,
  missingEscort: missingEscort.defaults,
  sos: sos.defaults,
  terminalOffline: TERMINAL_OFFLINE,
};

/** A rule bound to its numbers. */
export interface BoundRule extends RuleInForce {
  observe(at: Situation, episode: Episode | null): Observation | null;
  proven(candidate: Episode, at: Situation): boolean;
  limits(at: Situation): EpisodeLimits;
}

/** The rules that look at reports, in the order of the public contract. */
export function rulesInForce(settings: JudgeSettings): readonly BoundRule[] {
  return [
    bind(speeding, settings.speeding, settings),
    bind(routeDeviation, settings.routeDeviation, settings),
    bind(unapprovedVehicle, settings.unapprovedVehicle, settings),
    bind(missingEscort, settings.missingEscort, settings),
    bind(sos, settings.sos, settings),
  ];
}

/** Names a set of numbers: other numbers, another name. */
export function parametersName(table: object, settings: JudgeSettings): string {
  return `p-${fnv1a(JSON.stringify([table, settings.machinery, settings.matching]), 0x811c9dc5)}`;
}

function bind<T extends object>(rule: Rule<T>, table: T, settings: JudgeSettings): BoundRule {
  return {
    name: rule.name,
    version: rule.version,
    parameters: parametersName(table, settings),
    table: table as { readonly [key: string]: unknown },
    observe: (at, episode) => rule.observe(at, table, episode),
    proven: (candidate, at) => rule.proven(candidate, at, table),
    limits: (at) => rule.limits(at, table),
    evidence: (episode) => rule.evidence(episode, table),
    explain: (episode, end) => rule.explain(episode, end),
  };
}
