import type { JsonValue, RuleName, Severity } from '../finding.ts';
import type { Crew } from '../judge/crew/crew.ts';
import type { DrivingClock } from '../judge/crew/driving-clock.ts';
import type { Aboard } from '../judge/crew/load.ts';
import type { Episode, EpisodeLimits, Observation, PackedEpisode, Source } from '../judge/episode.ts';
import type { FencesAt } from '../judge/fence-index.ts';
import type { MachinerySettings } from '../judge/settings.ts';
import type { Speed } from '../judge/speed-source.ts';
import type { RunFacts } from '../judge/vehicle-notes.ts';
import type { RunState } from '../judge.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { MatchingSettings } from '../matching/settings.ts';
import type { TripLine } from '../matching/trip-line.ts';
import type { Fence, Plan, Vehicle } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import type { VehicleEvent } from '../vehicle-event.ts';
import type { Ground } from './news.ts';

/** One report of one vehicle with everything the machinery has made of it. */
export interface Situation {
  readonly plan: Plan;
  readonly report: Report;
  /** The vehicle as the register has it. */
  readonly registered: Vehicle | undefined;
  /** What the registers say of it on this run. */
  readonly facts: RunFacts;
  readonly machinery: MachinerySettings;
  readonly matching: MatchingSettings;
  /** What the report tells beside its position; empty for nearly all. */
  readonly events: readonly VehicleEvent[];
  /** It is nothing but events: no alarm word, no status word, no position of its own. */
  readonly eventsOnly: boolean;
  /** `good`: rules may use the position; `resting`: too soon after a gap; `none`: no position to use. */
  readonly fixUse: 'good' | 'resting' | 'none';
  /** Clamped where the vehicle stands. Null where no fix was ever believed. */
  readonly lat: number | null;
  readonly lon: number | null;
  readonly standing: boolean;
  readonly movedM: number;
  readonly passedS: number;
  readonly intervalS: number;
  readonly speed: Speed | null;
  readonly run: RunTrack | null;
  readonly tripLine: TripLine | null;
  /** The run before this report was laid along it. */
  readonly runBefore: RunTrack | null;
  /** Another line, fitting its timetable, holds this fix: an inferred run may be the wrong one. */
  readonly onAnotherLine: boolean;
  /** Are pupils aboard, and how is that known? `carrying` where it is not known at all (RULES 1). */
  readonly carrying: boolean;
  readonly aboard: 'known' | 'inferred';
  /** How many, and by what evidence; null where nobody counted. */
  readonly aboardCount: number | null;
  readonly aboardBy: Aboard['by'] | null;
  /** What people have said, this report's events included. */
  readonly crew: Crew;
  readonly driving: DrivingClock;
  readonly fencesAt: FencesAt;
  /** Episodes under way before this report, of all rules, by slot. */
  readonly episodes: { readonly [slot: string]: PackedEpisode };
}

/**
 * A rule about something that lasts: what it sees in one situation, and how episodes of it begin, last and end. `T` is
 * its table of numbers, `M` what it keeps of one vehicle between reports (plain JSON, short).
 */
export interface Rule<T, M = null> {
  readonly name: RuleName;
  /** Where several rules of one name watch different things at once (one component, one door): which of them. */
  readonly aspect?: string;
  /** Number in the rules' definition and edition of the code, e.g. `R01/1`. */
  readonly version: string;
  readonly defaults: T;
  /** What it waits for, of `NEWS`; left out, it is asked with every report. */
  wakes?(table: T, ground: Ground): number;
  /** What it keeps after this report, before `observe` sees it. Return the very same value where nothing changed. */
  remember?(at: Situation, table: T, memory: M | null): M | null;
  /** Null where nothing can be said: an episode under way is left as it is. */
  observe(at: Situation, table: T, episode: Episode | null, memory: M | null): Observation | null;
  /** Has a candidate lasted enough? */
  proven(candidate: Episode, at: Situation, table: T): boolean;
  limits(at: Situation, table: T): EpisodeLimits;
  /** What the finding says beyond what all of them say. */
  evidence(episode: Episode, table: T): { readonly [key: string]: JsonValue };
  /** The fact in one sentence, for people. */
  explain(episode: Episode, end: number | null): { readonly zh: string; readonly en: string };
}

/**
 * A rule about something that happens and is over: a stop passed by, an alarm of a camera. Each spot is one finding that
 * opens and closes at once.
 */
export interface SpotRule<T, M = null> {
  readonly name: RuleName;
  readonly aspect?: string;
  readonly version: string;
  readonly defaults: T;
  /** As of `Rule`. */
  wakes?(table: T, ground: Ground): number;
  /** What this report shows; the same spot must never be shown twice, which is what `memory` is for. Null: nothing to say. */
  spot(at: Situation, table: T, memory: M | null): Spotted<M> | null;
}

export interface Spotted<M> {
  /** The very same value where nothing changed. */
  readonly memory: M | null;
  readonly spots: readonly Spot[];
}

export interface Spot {
  /** Tells spots of one instant apart; part of the finding's id. */
  readonly key: string;
  readonly severity: Severity;
  /** Event time, milliseconds since the epoch. A spot seen only now may lie in the past. */
  readonly start: number;
  readonly end: number;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly source: Source;
  readonly evidence: { readonly [key: string]: JsonValue };
  readonly explain: { readonly zh: string; readonly en: string };
}

/** Pupils are or may be aboard. */
export const PUPILS_ABOARD: ReadonlySet<RunState> = new Set<RunState>(['CARRYING']);

/** Grades that rest on an inference about pupils aboard go no higher than this. RULES 1, run state. */
export function cappedByAboard(severity: Severity, aboard: 'known' | 'inferred'): Severity {
  return aboard === 'inferred' && severity === 'P1' ? 'P2' : severity;
}

export const OFF: Observation = {
  sign: 'off',
  flagged: false,
  measure: 0,
  severity: 'P3',
  note: {},
  movedM: 0,
};

export const BETWEEN: Observation = { ...OFF, sign: 'between' };

/** How long an episode outlives without being seen. */
export function blindS(at: Situation): number {
  return Math.max(at.machinery.blindS, at.machinery.blindIntervals * at.intervalS);
}

/** Limits of what a bus does for a while: over as the rule's table says, told anew while it lasts. */
export const whileItLasts = (
  at: Situation,
  { exitS, exitFixes, rejoinS }: Pick<EpisodeLimits, 'exitS' | 'exitFixes' | 'rejoinS'>,
): EpisodeLimits => ({ exitS, exitFixes, rejoinS, blindS: blindS(at), retellS: at.machinery.retellS });

/** Limits of what is so for the whole run: one episode, which ends with it or when the fact is mended. */
export const forTheRun = (at: Situation): EpisodeLimits => ({
  exitS: 0,
  exitFixes: 1,
  rejoinS: 0,
  blindS: 4 * 3_600 + at.intervalS,
  retellS: 0,
});

/** Limits of what is wrong with the vehicle or its terminal, whatever run it is on. */
export const ofTheVehicle = (
  at: Situation,
  table: { readonly rejoinS: number; readonly blindS: number },
): EpisodeLimits => ({
  exitS: 0,
  exitFixes: 2,
  rejoinS: table.rejoinS,
  blindS: Math.max(table.blindS, 3 * at.intervalS),
  retellS: 0,
  acrossRuns: true,
});

/** Is bit `n` of a word set? */
export const bit = (word: number, n: number): boolean => ((word >>> n) & 1) === 1;

/** Fences that hold the fix and are on at this hour. */
export function fencesHere({ lat, lon, report, fencesAt }: Situation): readonly Fence[] {
  return lat === null || lon === null ? [] : fencesAt(lat, lon, report.time);
}
