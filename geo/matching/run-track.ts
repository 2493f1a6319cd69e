import type { RunState } from '../judge.ts';
import type { VisitLog } from './stop-visits.ts';

/** A vehicle on its run: which one, how far along, since when. Plain JSON, part of the judge's state. */
export interface RunTrack {
  readonly trip: string;
  readonly serviceDate: string;
  /** Planned, milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly driver: string | null;
  readonly escort: string | null;
  /** Bound by a duty; else inferred from where and when the vehicle drives. */
  readonly duty: boolean;
  readonly runState: RunState;
  /** Seen on the line long enough to say that the run is under way. */
  readonly joined: boolean;
  /** Metres from the line at the newest fix; 0 where none was placed yet. */
  readonly offM: number;
  readonly pose: LinePose | null;
  /** Elsewhere on the same line, should the bus turn out to be there. */
  readonly elsewhere: Elsewhere | null;
  /** When it came to the last stop; 0 before. */
  readonly arrivedAt: number;
  /** The stops it came to and passed; read by `stopVisits`. */
  readonly visits: VisitLog;
}

/** A place on the line that progress does not lead to, and the stops passed since the bus was first seen there. */
export interface Elsewhere {
  readonly pose: LinePose;
  readonly visits: VisitLog;
}

/** A place along a line and how it was come by. */
export interface LinePose {
  readonly alongM: number;
  readonly segment: number;
  /** Farthest yet. */
  readonly bestM: number;
  /** Where following began, how many fixes ago. */
  readonly fromM: number;
  readonly fixes: number;
  readonly since: number;
  /** Event time and place of the newest fix on the line. */
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
}

export interface FollowedLine {
  readonly shape: string;
  readonly pose: LinePose;
}

export const runKey = (run: { readonly trip: string; readonly serviceDate: string }): string =>
  `${run.trip} ${run.serviceDate}`;
