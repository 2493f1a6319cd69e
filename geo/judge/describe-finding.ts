import type { FindingChange, JsonValue, RuleName, Severity } from '../finding.ts';
import type { Spot } from '../rules/rule.ts';
import type { Episode, Told } from './episode.ts';
import { findingId } from './finding-id.ts';
import { chinaTime } from './time-text.ts';

/** A rule with the table it runs by here. */
export interface RuleInForce {
  readonly name: RuleName;
  /** Which of the things that rules of this name watch at once; empty where there is one. */
  readonly aspect: string;
  /** Name and aspect: the key of what is kept for it. */
  readonly slot: string;
  readonly version: string;
  /** Names the numbers in force, of the rule and of the shared machinery. */
  readonly parameters: string;
  readonly table: { readonly [key: string]: unknown };
  /** Numbers that hold here otherwise than by default, with who set them where. */
  readonly overrides?: readonly JsonValue[];
  /** It is tried out: recorded, told to nobody. */
  readonly shadow?: boolean;
}

/** A rule whose episodes can be put into words. */
export interface EpisodeRule extends RuleInForce {
  evidence(episode: Episode): { readonly [key: string]: JsonValue };
  explain(episode: Episode, end: number | null): { readonly zh: string; readonly en: string };
}

/** Makes of an episode what is told to others: everything the finding rests on, readable without the code. */
export function describeFinding(
  rule: EpisodeRule,
  { kind, episode, end }: Told,
  vehicle: string,
  planVersion: string,
  routeId: string | null,
): FindingChange {
  const own = rule.evidence(episode);
  const capped = own.uncappedSeverity === 'P1' && episode.severity !== 'P1';
  const until = end ?? episode.last;
  return {
    kind,
    finding: {
      id: findingId(rule.name, vehicle, episode.start, rule.aspect),
      rule: rule.name,
      vehicle,
      trip: episode.trip,
      severity: episode.severity,
      start: episode.start,
      end,
      lat: episode.lat,
      lon: episode.lon,
      late: episode.late,
      ...shadowOf(rule),
      evidence: {
        ruleVersion: rule.version,
        parameters: rule.parameters,
        ...(rule.overrides ? { overrides: rule.overrides } : {}),
        planVersion,
        route: routeId,
        source: episode.source,
        ...own,
        ...aboardOf(episode, capped),
        durationS: Math.round((until - episode.start) / 1000),
        distanceM: Math.round(episode.wayM),
        fixes: episode.fixes,
        peakAt: chinaTime(episode.peakAt),
        firstFix: placeOf(episode.start, episode.lat, episode.lon),
        lastFix:
          episode.clear !== null
            ? placeOf(episode.clear.at, episode.clear.lat, episode.clear.lon)
            : placeOf(episode.last, episode.lastLat, episode.lastLon),
        thresholds: rule.table as { readonly [key: string]: JsonValue },
        explain: rule.explain(episode, end),
      },
    },
  };
}

/** Makes of a spot its finding, which is over as it is told. */
export function describeSpot(
  rule: RuleInForce,
  spot: Spot,
  about: {
    readonly vehicle: string;
    readonly trip: string | null;
    readonly route: string | null;
    readonly planVersion: string;
    readonly late: boolean;
  },
): FindingChange {
  return {
    kind: 'opened',
    finding: {
      id: findingId(rule.name, about.vehicle, spot.start, rule.shadow ? `${spot.key}~` : spot.key),
      rule: rule.name,
      vehicle: about.vehicle,
      trip: about.trip,
      severity: spot.severity,
      start: spot.start,
      end: spot.end,
      lat: spot.lat,
      lon: spot.lon,
      late: about.late,
      ...shadowOf(rule),
      evidence: {
        ruleVersion: rule.version,
        parameters: rule.parameters,
        ...(rule.overrides ? { overrides: rule.overrides } : {}),
        planVersion: about.planVersion,
        route: about.route,
        source: spot.source,
        ...spot.evidence,
        durationS: Math.round((spot.end - spot.start) / 1000),
        thresholds: rule.table as { readonly [key: string]: JsonValue },
        explain: spot.explain,
      },
    },
  };
}

const shadowOf = ({ shadow }: RuleInForce): { readonly shadow?: true } => (shadow ? { shadow: true } : {});

/** Where the grade rests on pupils aboard that nobody has counted, it says so. */
function aboardOf(episode: Episode, capped: boolean): { readonly [key: string]: JsonValue } {
  const { aboard, grade } = episode.note;
  if (aboard === undefined) return {};
  const unverified = aboard === 'inferred' && (capped || (grade === 'P1' && episode.severity !== 'P1'));
  return { aboard, ...(unverified ? { unverified: true } : {}) };
}

function placeOf(
  time: number,
  lat: number | null,
  lon: number | null,
): { readonly [key: string]: JsonValue } {
  return { time: chinaTime(time), lat, lon };
}

const RANK: { readonly [s in Severity]: number } = { P1: 3, P2: 2, P3: 1 };

/** The graver of two severities. */
export const graverOf = (a: Severity, b: Severity): Severity => (RANK[b] > RANK[a] ? b : a);
