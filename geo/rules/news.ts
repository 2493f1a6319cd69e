import type { MatchingSettings } from '../matching/settings.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * What a report can bring that is not so in an ordinary one. A rule names what it waits for and is not asked before: of
 * nearly all reports some fifty rules of sixty have nothing to say, and asking them would cost more than all the rest.
 * A rule that waits must be one that would have said nothing, and kept what it keeps; an episode of its own under way
 * wakes it whatever it waits for, and so does the first report under a new plan.
 */
export const NEWS = {
  /** There is a report. */
  report: 1 << 0,
  /** The alarm word is not 0. */
  alarm: 1 << 1,
  /** The status word warns of a collision ahead or of leaving the lane (bits 6 and 7). */
  warning: 1 << 2,
  /** It tells something beside its position. */
  event: 1 << 3,
  /** A door is open (status bits 13 to 16). */
  door: 1 << 4,
  /** The ignition is off. */
  accOff: 1 << 5,
  /** It has no position. */
  unplaced: 1 << 6,
  /** GNSS and the recorder name two speeds. */
  twoSpeeds: 1 << 7,
  /** Reports come every `DENSE_S` or oftener. */
  dense: 1 << 8,
  /** It stands, or is slower than `SLOW_KMH`. */
  slow: 1 << 9,
  /** No run is under way that it has been seen on. */
  unjoined: 1 << 10,
  /** The stops behind it are others than before the report, or those of another run. */
  stops: 1 << 11,
  /** It has not come forward along its line by more than `FORWARD_M`. */
  notForward: 1 << 12,
  /** Farther than `OFF_LINE_M` from its line. */
  offLine: 1 << 13,
  /** Pupils are or may be aboard. */
  carrying: 1 << 14,
  /** Somebody on it has said something. */
  crew: 1 << 15,
  /** Driven for `LONG_DRIVE_S` or longer, or before the last rest. */
  longDrive: 1 << 16,
  /** No school bus of the register. */
  outsider: 1 << 17,
  /** What the rule keeps of the vehicle is not nothing. */
  kept: 1 << 18,
} as const;

/** Nothing wakes it but an episode of its own: what it is about is not in the plan. */
export const NEVER = 0;
/** It is asked with every report. */
export const ALWAYS = NEWS.report;

/** Bits from here on are for rules that wait for what they keep themselves. */
export const FIRST_OWN_BIT = 19;
export const LAST_OWN_BIT = 30;

/** Where the machinery draws its lines. A rule whose table has a number on the wrong side of one must not wait for it. */
export const DENSE_S = 3;
export const SLOW_KMH = 8;
export const FORWARD_M = 5;
export const OFF_LINE_M = 30;
export const LONG_DRIVE_S = 3_600;

/** What decides, once for all reports, whether a rule has anything to wait for. */
export interface Ground {
  readonly plan: Plan;
  readonly matching: MatchingSettings;
}

/** Waits for that, if its number allows it. */
export const waitFor = (news: number, allowed: boolean): number => (allowed ? news : ALWAYS);
