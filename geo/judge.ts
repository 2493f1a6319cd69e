import type { FindingChange } from './finding.ts';
import type { Plan } from './plan/plan.ts';
import type { Report } from './report.ts';

/** Where a run stands (校车 run states). */
export type RunState = 'PLANNED' | 'CREWED' | 'EMPTY' | 'CARRYING' | 'ARRIVED' | 'CHECK' | 'CLOSED';

/** What a viewer is shown of the run under way. */
export interface RunProgress {
  readonly trip: string;
  readonly route: string;
  readonly serviceDate: string;
  readonly runState: RunState;
  /** Along the shape, metres. */
  readonly progressM: number;
  readonly nextStop: string | null;
  /** Positive is late. */
  readonly delayS: number | null;
  readonly aboard: 'known' | 'inferred';
  /** Pupils aboard where they were counted; absent where not. */
  readonly aboardCount?: number;
}

/**
 * All the judge keeps of one vehicle: plain JSON, a kilobyte or so, opaque to everyone else.
 * Saved in the transaction of the report that changed it.
 */
export interface JudgeState {
  readonly vehicle: string;
  /** Event time of the newest report judged, milliseconds since the epoch. */
  readonly time: number;
}

/** Contact with a terminal, in order of arrival; apart from `JudgeState`, which is in order of event time. */
export interface ContactState {
  readonly vehicle: string;
  readonly lastReceivedAt: number;
}

/** What of a judged state bears on whether its vehicle should be heard: small, and opaque to everyone else. */
export interface ContactBearing {
  readonly runState: RunState | null;
}

export interface Judgement<S> {
  readonly state: S;
  readonly changes: readonly FindingChange[];
}

/**
 * Folds reports of one vehicle into findings. `judge` takes them in order of event time and needs
 * `report.time >= state.time`; what came late is judged by folding again from an older state. `contact` takes them
 * in order of arrival. `silence` says that nothing more had come by `now`; it opens, by the same arithmetic and with
 * the same id, what `contact` would find at the next report. `deafUntil` is when the platform itself came back from
 * an outage (0 for none): silence before it is not the terminal's fault. All times are milliseconds since the epoch.
 */
export interface Judge {
  judge(state: JudgeState | null, report: Report): Judgement<JudgeState>;
  contact(
    state: ContactState | null,
    report: Report,
    bearing: ContactBearing,
    deafUntil: number,
  ): Judgement<ContactState>;
  /** Of the newest state there is by event time, for `contact`. */
  bearing(judged: JudgeState): ContactBearing;
  silence(state: ContactState, judged: JudgeState, now: number, deafUntil: number): Judgement<ContactState>;
  /** The run it is on, at no cost. */
  run(state: JudgeState): { readonly trip: string; readonly runState: RunState } | null;
  progress(state: JudgeState): RunProgress | null;
  /** Who is on duty on it by what was said, as `person_id` or `card:<number>`. */
  people(state: JudgeState): { readonly driver: string | null; readonly escorts: readonly string[] };
  /** When the driver drove it within the day before `time`: [from, to], milliseconds since the epoch, in order. */
  drivenBy(state: JudgeState, driver: string, time: number): (readonly [number, number])[];
}

export type MakeJudge = (plan: Plan) => Judge;
