import type { RunTrack } from '../../matching/run-track.ts';
import type { EventSource } from '../../vehicle-event.ts';

/** Pupils aboard on one run, by what was counted. Plain JSON, part of the crew's state. */
export interface Load {
  /** The run it belongs to; null until one is known, as when pupils board before it is due. */
  readonly trip: string | null;
  readonly serviceDate: string | null;
  /** First and newest evidence, event time. */
  readonly since: number;
  readonly at: number;
  /** Its run has come to the last stop. */
  readonly over: boolean;
  /** Riders scanned on and not off. */
  readonly riders: readonly string[];
  /** Scans: how many riders were ever scanned on, how many of them off, and the newest of those. */
  readonly boarded: number;
  readonly alighted: number;
  readonly alightedAt: number;
  /** The newest count of heads, by whom, and when. */
  readonly heads: number | null;
  readonly headsBy: EventSource | null;
  readonly headsAt: number;
}

export interface Aboard {
  readonly count: number;
  /** RULES 1, run state, in falling order. */
  readonly by: 'scans' | 'head_count' | 'counter';
}

/** More than the largest school bus takes (GB 24407: 56 persons), for scans that were forgotten. */
const MOST_RIDERS = 80;
/** Pupils board at the school up to so long before the run. [D] */
const BEFORE_RUN_MS = 45 * 60_000;

/** What is known of the pupils aboard, or null where nobody counted on this run. */
export function aboardOf(load: Load | null): Aboard | null {
  if (load === null) return null;
  if (load.boarded > 0) return { count: load.riders.length, by: 'scans' };
  if (load.heads === null) return null;
  return { count: load.heads, by: load.headsBy === 'camera' ? 'counter' : 'head_count' };
}

export function emptyLoad(run: RunTrack | null, time: number): Load {
  return {
    trip: run?.trip ?? null,
    serviceDate: run?.serviceDate ?? null,
    since: time,
    at: time,
    over: false,
    riders: [],
    boarded: 0,
    alighted: 0,
    alightedAt: 0,
    heads: null,
    headsBy: null,
    headsAt: 0,
  };
}

/**
 * The load with the run that the vehicle is on now: counted before its run was known it becomes that run's; counted on
 * another run it is nobody's any more.
 */
export function settleLoad(load: Load | null, run: RunTrack | null): Load | null {
  if (load === null || run === null) return load;
  if (load.trip === run.trip && load.serviceDate === run.serviceDate) {
    return run.arrivedAt > 0 && !load.over ? { ...load, over: true } : load;
  }
  if (load.over || load.since < run.start - BEFORE_RUN_MS) return null;
  return { ...load, trip: run.trip, serviceDate: run.serviceDate };
}

export function withBoarded(load: Load, rider: string, time: number): Load {
  if (load.riders.includes(rider) || load.riders.length >= MOST_RIDERS) return load;
  return { ...load, at: time, riders: [...load.riders, rider], boarded: load.boarded + 1 };
}

/** Whoever gets off without ever having been scanned on was not counted aboard. */
export function withAlighted(load: Load, rider: string, time: number): Load {
  if (!load.riders.includes(rider)) return load;
  return {
    ...load,
    at: time,
    riders: load.riders.filter((one) => one !== rider),
    alighted: load.alighted + 1,
    alightedAt: time,
  };
}

/** It was another child: this one never got on. */
export function withoutBoarding(load: Load, rider: string): Load {
  if (!load.riders.includes(rider)) return load;
  return { ...load, riders: load.riders.filter((one) => one !== rider), boarded: load.boarded - 1 };
}

/** The child is still on the bus. */
export function withoutAlighting(load: Load, rider: string): Load {
  if (load.riders.includes(rider) || load.alighted === 0) return load;
  return { ...load, riders: [...load.riders, rider], alighted: load.alighted - 1 };
}

export function withHeads(load: Load, heads: number, by: EventSource, time: number): Load {
  // What a person counted stands above what a camera did.
  if (by === 'camera' && load.headsBy !== null && load.headsBy !== 'camera') return load;
  return { ...load, at: time, heads, headsBy: by, headsAt: time };
}

/** Walked through and found empty. */
export function emptied(load: Load, by: EventSource, time: number): Load {
  return {
    ...load,
    at: time,
    riders: [],
    alighted: load.boarded,
    alightedAt: load.riders.length > 0 ? time : load.alightedAt,
    heads: 0,
    headsBy: by,
    headsAt: time,
  };
}
