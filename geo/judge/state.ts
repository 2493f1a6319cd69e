import type { FindingChange, JsonValue } from '../finding.ts';
import type { JudgeState } from '../judge.ts';
import type { FollowedLine, RunTrack } from '../matching/run-track.ts';
import type { Crew } from './crew/crew.ts';
import type { DrivingClock } from './crew/driving-clock.ts';
import type { PackedEpisode } from './episode.ts';

/** Raised whenever the shape below changes in a way that an older state does not fit. */
export const STATE_FORMAT = 4;

/** What the judge keeps of one vehicle. Plain JSON; every part is replaced, never changed in place. */
export interface VehicleState extends JudgeState {
  /** Of this shape; a state kept in another is not read, and the vehicle is begun anew. */
  readonly format: typeof STATE_FORMAT;
  /** Version of the plan that the run was taken from. */
  readonly plan: string;
  /** [lat, lon, alarm, status] of the reports already judged at `time`: the key by which a repeated one is known. */
  readonly seen: readonly (readonly [number, number, number, number])[];
  /** Usual seconds between reports. */
  readonly intervalS: number;
  /** The newest fix that was believed. */
  readonly fix: BelievedFix | null;
  /** Fixes not believed yet, oldest first. */
  readonly suspects: readonly BelievedFix[];
  /** How many fixes after a gap are still to be passed over by the rules. */
  readonly skip: number;
  readonly still: Still;
  readonly run: RunTrack | null;
  /** `trip date` of runs that are over, newest last, so that none is begun twice. */
  readonly over: readonly string[];
  /** Lines that the vehicle may be following while its run is not known. */
  readonly lines: readonly FollowedLine[];
  /** By slot of the rule. */
  readonly episodes: { readonly [slot: string]: PackedEpisode };
  /** Absent while nobody on it has said anything. */
  readonly crew?: Crew;
  /** Absent while it has never moved. */
  readonly driving?: DrivingClock;
  /** What rules keep between reports, by slot. */
  readonly memory: { readonly [slot: string]: JsonValue };
}

export interface BelievedFix {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
}

/** The stationary clamp: where the vehicle stands, since when, and how many fixes in a row said that it moves. */
export interface Still {
  readonly lat: number;
  readonly lon: number;
  readonly since: number;
  readonly clamped: boolean;
  readonly moving: number;
}

export const NO_CHANGES: readonly FindingChange[] = [];

export function newState(vehicle: string, plan: string): VehicleState {
  return {
    format: STATE_FORMAT,
    vehicle,
    time: 0,
    plan,
    seen: [],
    intervalS: 0,
    fix: null,
    suspects: [],
    skip: 0,
    still: { lat: 0, lon: 0, since: 0, clamped: false, moving: 0 },
    run: null,
    over: [],
    lines: [],
    episodes: {},
    memory: {},
  };
}
