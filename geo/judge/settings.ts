/**
 * Numbers of the machinery that all rules share. Each rule keeps its own table beside its code.
 * Where a number comes from stands behind it: `RULES 1` is section 1 of the rules' definition, `[D]` our own proposal,
 * `[TTC]` and `[TRC]` the defaults of TheTransitClock and Traccar.
 */
export interface MachinerySettings {
  /** Faster than this between two fixes is no bus. RULES 1 [D]; TTC drops over 31.3 m/s [TTC]. */
  readonly impossibleSpeedMs: number;
  /** Fewer satellites than this make a fix suspect. RULES 1. */
  readonly fewestSatellites: number;
  /** How many later fixes must agree before a suspect one is believed. RULES 1. */
  readonly agreeingFixes: number;
  /** Silence after which the first fixes are not used for rules, and how many are not. RULES 1. */
  readonly reacquireGapS: number;
  readonly reacquireSkip: number;
  /** A gap counts only from this many usual report intervals on: a terminal that reports every 2 minutes has none. [D] */
  readonly reacquireIntervals: number;
  /** Positions farther from every stop and shape of the plan than this many degrees are no positions of its buses. [D] */
  readonly serviceBoxMarginDeg: number;

  /** Stationary clamp: slower than this, nearer than this to the anchor, for this long. RULES 1. */
  readonly stillBelowKmh: number;
  readonly stillWithinM: number;
  readonly stillAfterS: number;
  /** It ends above this speed for two fixes, or beyond this distance. RULES 1. */
  readonly stillLeaveKmh: number;
  readonly stillLeaveM: number;

  /** Recorder speed is believed within this of GNSS speed: the larger of the two. RULES 1. */
  readonly recorderAgreesKmh: number;
  readonly recorderAgreesShare: number;
  /** Speed worked out from positions is lessened by this much way, the noise of two fixes. [D] */
  readonly derivedSpeedNoiseM: number;

  /** What an episode outlives without being seen: the longer of the two. RULES 1 re-entry [D]. */
  readonly blindS: number;
  readonly blindIntervals: number;
  /** While an episode lasts its finding is told anew this often, so that peak and length do not grow old. [D] */
  readonly retellS: number;

  /** A report that arrives later than this after its event time is late; so is all of 0x0704. RULES 1. */
  readonly lateAfterS: number;
}

export const MACHINERY: MachinerySettings = {
  impossibleSpeedMs: 40,
  fewestSatellites: 4,
  agreeingFixes: 2,
  reacquireGapS: 60,
  reacquireSkip: 2,
  reacquireIntervals: 3,
  serviceBoxMarginDeg: 1,
  stillBelowKmh: 3,
  stillWithinM: 50,
  stillAfterS: 60,
  stillLeaveKmh: 5,
  stillLeaveM: 80,
  recorderAgreesKmh: 5,
  recorderAgreesShare: 0.1,
  derivedSpeedNoiseM: 10,
  blindS: 120,
  blindIntervals: 3,
  retellS: 60,
  lateAfterS: 30,
};
