import type { Trip } from '../plan/plan.ts';
import type { RunTrack } from './run-track.ts';

/**
 * What became of one stop of a run. Arrival and departure are the first and the last fix of standing in the stop's zone
 * (`kind` `stood`); of a stop driven by they are both the moment of passing, worked out along the line between the fixes
 * around it.
 *
 * - `stood`: slower than 5 km/h for 8 s or more within 50 m of it
 * - `passed`: driven by; it cannot have stood so long
 * - `away`: the bus went another way, or came onto its line behind the stop; the time is of no use but for its order
 * - `unsure`: passed, but the fixes lie too far apart to say whether it stood
 */
export interface StopVisit {
  /** Index in `trip.stopTimes`. */
  readonly stop: number;
  readonly kind: 'stood' | 'passed' | 'away' | 'unsure';
  /** Milliseconds since the epoch. */
  readonly arrival: number;
  /** Null while the bus is still in the zone of the stop; `arrival` may then still move to when it comes to stand. */
  readonly departure: number | null;
  /** No fix fell within the zone: the times are interpolated along the line. */
  readonly interpolated: boolean;
  /** The longest time between two fixes on the way through the zone, seconds: how exact the times are. */
  readonly betweenS: number;
}

/** Visits of the run under way, as the judge's state keeps them: plain JSON, about ten bytes a stop. */
export interface VisitLog {
  /** Index of the first stop that is not behind the bus. */
  readonly next: number;
  /** How many stops the trip had when it was written; 0 while empty. */
  readonly of: number;
  /** Event time of the first fix of the run; 0 before. Times below count from it. */
  readonly from: number;
  /** The longest time between two fixes since the bus was last on its line, seconds; 0 while it is. */
  readonly awayS: number;
  /** So many of its first stops may have been come to before this log began. */
  readonly unseen: number;
  /** Stops that the bus is at. */
  readonly open: readonly OpenVisit[];
  /** Visits that are over, packed, oldest first ... */
  readonly done: string;
  /** ... and how many characters of it were dropped for age. */
  readonly dropped: number;
}

export interface OpenVisit {
  readonly stop: number;
  /** When the stop itself was passed; 0 before. */
  readonly passedAt: number;
  /** Standing: since when (0 while it is not), and how long it can have lasted at the most, now and at the longest. */
  readonly since: number;
  readonly standS: number;
  readonly mostS: number;
  /** First and last fix of standing long enough; 0 before. */
  readonly arrival: number;
  readonly departure: number;
  /** A fix fell within the zone. */
  readonly seen: boolean;
  readonly betweenS: number;
}

/** Packed visits kept; a run has a few dozen stops. */
const MOST_CHARACTERS = 1_600;

export const NO_VISITS: VisitLog = {
  next: 0,
  of: 0,
  from: 0,
  awayS: 0,
  unseen: 0,
  open: [],
  done: '',
  dropped: 0,
};

/** The visits of a run so far, in order of time; the last ones may still be under way. */
export function stopVisits(run: RunTrack, trip: Trip): StopVisit[] {
  const visits = visitsBehind(run, trip, 0);
  for (const open of run.visits.open) {
    const arrival = open.arrival || open.passedAt;
    if (arrival === 0) continue;
    visits.push({
      stop: open.stop,
      kind: open.arrival > 0 ? 'stood' : 'passed',
      arrival,
      departure: null,
      interpolated: !open.seen,
      betweenS: open.betweenS,
    });
  }
  return visits;
}

/** Where the log ends now: what is given to `visitsBehind` later to see only what has come since. */
export const logEnd = ({ visits }: RunTrack): number => visits.dropped + visits.done.length;

/** The visits over since the log ended at `position`, oldest first; all of them where the log was begun anew. */
export function visitsBehind({ visits }: RunTrack, trip: Trip, position: number): StopVisit[] {
  const { done, dropped, from } = visits;
  const rest = position > dropped + done.length ? done : done.slice(Math.max(position - dropped, 0));
  const found: StopVisit[] = [];
  if (rest === '') return found;
  for (const token of rest.split(';')) {
    const [, sequence, letter, drawn, arrival, stay, between] = PACKED.exec(token) ?? [];
    if (sequence === undefined) continue;
    // A new plan may have another number of stops; those that it still has keep their sequence.
    const stop = trip.stopTimes.findIndex((one) => one.sequence === Number.parseInt(sequence, 36));
    if (stop < 0) continue;
    const at = from + Number.parseInt(arrival!, 36) * 1000;
    found.push({
      stop,
      kind: KIND_OF[letter as keyof typeof KIND_OF],
      arrival: at,
      departure: at + Number.parseInt(stay!, 36) * 1000,
      interpolated: drawn === '~',
      betweenS: Number.parseInt(between!, 36),
    });
  }
  return found;
}

/** The log with one more visit that is over. Times are kept to the second. */
export function withVisit(log: VisitLog, trip: Trip, visit: StopVisit): VisitLog {
  const seconds = (ms: number): string => Math.round(ms / 1000).toString(36);
  const departure = visit.departure ?? visit.arrival;
  const token = [
    trip.stopTimes[visit.stop]!.sequence.toString(36),
    LETTER_OF[visit.kind],
    visit.interpolated ? '~' : '',
    seconds(visit.arrival - log.from),
    '.',
    seconds(Math.max(0, departure - visit.arrival)),
    '.',
    Math.round(visit.betweenS).toString(36),
    ';',
  ].join('');
  let done = log.done + token;
  let { dropped } = log;
  while (done.length > MOST_CHARACTERS) {
    const first = done.indexOf(';') + 1;
    done = done.slice(first);
    dropped += first;
  }
  return { ...log, done, dropped };
}

const KIND_OF = { S: 'stood', P: 'passed', A: 'away', U: 'unsure' } as const;
const LETTER_OF = { stood: 'S', passed: 'P', away: 'A', unsure: 'U' } as const;
/** Sequence, kind, interpolated or not, arrival, stay, seconds between fixes; numbers to the base of 36. */
const PACKED = /^([0-9a-z]+)([SPAU])(~?)(-?[0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)$/;
