import {
  BOARDING_SOURCES,
  type BoardingEvent,
  type BoardingSource,
  type HandedTo,
  isRiderWord,
} from './boarding-event.ts';
import { mergeEvents } from './merge-events.ts';

/** Where a child is to get on and off on this run. */
export interface Expected {
  /** The child's own stop. */
  readonly stop: string;
  /** To school the child gets on there, from school off. */
  readonly toSchool: boolean;
}

/** What is true of one child on one run, by all that was said. It never forgets what speaks against it. */
export interface RiderRecord {
  readonly rider: string;
  readonly state: 'expected' | 'boarded' | 'alighted' | 'absent';
  readonly boarded: Mark | null;
  readonly alighted: (Mark & { readonly to: HandedTo | null }) | null;
  readonly absent: Mark | null;
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly Warning[];
  /** Everything that was said of the child, what was taken back included, in order of its time. */
  readonly evidence: readonly Evidence[];
}

export interface Mark {
  readonly id: string;
  readonly at: number;
  readonly source: BoardingSource;
  readonly stop: string | null;
}

export type Evidence = BoardingEvent & { readonly takenBack: boolean };

/** What the evidence says against itself; people decide, nothing is overwritten. */
export type Conflict =
  /** Excused, and yet on the bus. */
  | 'absent_but_boarded'
  | 'alighted_without_boarding'
  /** Two sources have the child get on, or off, at different stops or far apart in time. */
  | 'boardings_differ'
  | 'alightings_differ'
  /** On two buses. */
  | 'two_buses'
  /** One says so still, another took it back. */
  | 'disputed';

export type Warning = 'not_on_roster' | 'other_stop';

/** Two clocks on one bus, and the time a stop takes: within this they mean one boarding. [D] */
const SAME_BOARDING_MS = 10 * 60_000;

/** `events` may be of any child, in any order and more than once. */
export function riderRecord(
  rider: string,
  events: readonly BoardingEvent[],
  expected: Expected | null,
): RiderRecord {
  const mine = mergeEvents(events)
    .filter(isRiderWord)
    .filter((event) => event.rider === rider);
  const back = new Set(mine.flatMap((event) => (event.kind === 'taken_back' ? [event.of] : [])));
  const evidence = mine.map((event): Evidence => ({ ...event, takenBack: back.has(event.id) }));
  const standing = mine.filter((event) => event.kind !== 'taken_back' && !back.has(event.id));
  const boardings = standing.filter((event) => event.kind === 'boarded');
  const alightings = standing.filter((event) => event.kind === 'alighted');
  const absences = standing.filter((event) => event.kind === 'absent');
  const on = best(boardings);
  const off = best(alightings);
  const absent = best(absences);
  const last = standing.findLast((event) => event.kind !== 'absent');
  return {
    rider,
    state: last ? (last.kind === 'boarded' ? 'boarded' : 'alighted') : absent ? 'absent' : 'expected',
    boarded: on && markOf(on),
    alighted: off && { ...markOf(off), to: off.to },
    absent: absent && markOf(absent),
    conflicts: conflictsOf(boardings, alightings, absences, evidence),
    warnings: warningsOf(boardings, alightings, standing.length > absences.length, expected),
    evidence,
  };
}

type Standing = BoardingEvent & { readonly rider: string };

/** The best proof; of equal ones the first. */
function best<E extends BoardingEvent>(events: readonly E[]): E | null {
  let found: E | null = null;
  for (const event of events) if (found === null || rank(event) < rank(found)) found = event;
  return found;
}

const rank = ({ source }: BoardingEvent): number => BOARDING_SOURCES.indexOf(source);

const markOf = (event: BoardingEvent): Mark => ({
  id: event.id,
  at: event.at,
  source: event.source,
  stop: 'stop' in event ? event.stop : null,
});

function conflictsOf(
  boardings: readonly Standing[],
  alightings: readonly Standing[],
  absences: readonly Standing[],
  evidence: readonly Evidence[],
): Conflict[] {
  const found: Conflict[] = [];
  const aboard = [...boardings, ...alightings];
  if (absences.length > 0 && aboard.length > 0) found.push('absent_but_boarded');
  if (alightings.length > 0 && boardings.length === 0) found.push('alighted_without_boarding');
  if (differ(boardings)) found.push('boardings_differ');
  if (differ(alightings)) found.push('alightings_differ');
  if (new Set(aboard.flatMap(({ vehicle }) => vehicle ?? [])).size > 1) found.push('two_buses');
  const kinds = (list: readonly BoardingEvent[]) => new Set(list.map(({ kind }) => kind));
  const stillSaid = kinds(evidence.filter((one) => !one.takenBack && one.kind !== 'taken_back'));
  const takenBack = evidence.filter((one) => one.takenBack);
  // Said again by the one who took it back it is a correction; by another, a dispute.
  const disputed = takenBack.some(
    (was) =>
      stillSaid.has(was.kind) &&
      evidence.some(
        (one) => !one.takenBack && one.kind === was.kind && one.by !== was.by && one.source !== was.source,
      ),
  );
  if (disputed) found.push('disputed');
  return found;
}

function differ(events: readonly Standing[]): boolean {
  const first = events[0];
  if (first === undefined) return false;
  const stops = new Set(events.flatMap((event) => ('stop' in event && event.stop) || []));
  return stops.size > 1 || events.some(({ at }) => at - first.at > SAME_BOARDING_MS);
}

function warningsOf(
  boardings: readonly BoardingEvent[],
  alightings: readonly BoardingEvent[],
  rode: boolean,
  expected: Expected | null,
): Warning[] {
  if (!rode) return [];
  if (expected === null) return ['not_on_roster'];
  const own = expected.toSchool ? boardings : alightings;
  const elsewhere = own.some(
    (event) => 'stop' in event && event.stop !== null && event.stop !== expected.stop,
  );
  return elsewhere ? ['other_stop'] : [];
}
