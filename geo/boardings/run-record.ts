import { type BoardingEvent, isRiderWord, type PreTripCheck } from './boarding-event.ts';
import { mergeEvents } from './merge-events.ts';
import { type Expected, type RiderRecord, riderRecord } from './rider-record.ts';

/** One run by all that was said of it: its children, its counts, its crew. */
export interface RunRecord {
  readonly riders: readonly RiderRecord[];
  readonly counts: Counts;
  readonly crew: CrewRecord;
}

export interface Counts {
  /** On the roster and not excused. */
  readonly expected: number;
  readonly boarded: number;
  readonly alighted: number;
  readonly absent: number;
  /** Children on the bus now, one by one. */
  readonly aboard: number;
  /** The newest count of heads, and how many were aboard one by one when it was made. */
  readonly heads: { readonly aboard: number; readonly at: number; readonly byRiders: number } | null;
}

export interface CrewRecord {
  /** `person_id` of those on duty. */
  readonly onDuty: readonly string[];
  readonly preTrip: {
    readonly at: number;
    readonly passed: boolean;
    readonly defects: readonly PreTripCheck[];
  } | null;
  /** The bus must not leave; null once the checks were passed after it. */
  readonly refused: { readonly at: number; readonly reason: string } | null;
  readonly walkThrough: {
    readonly at: number;
    readonly empty: boolean;
    readonly proof: 'code' | 'photo' | 'seen';
  } | null;
  readonly sosAt: number | null;
  /** Every child is off and the bus was walked through with a proof from its rear: 校车安全管理条例 Art. 39(5). */
  readonly mayClose: boolean;
}

/** `roster` is who is expected; whoever was said to be aboard besides has a record too. */
export function runRecord(
  events: readonly BoardingEvent[],
  roster: ReadonlyMap<string, Expected>,
): RunRecord {
  const all = mergeEvents(events);
  const ofRider = new Map<string, BoardingEvent[]>([...roster.keys()].map((rider) => [rider, []]));
  for (const event of all) {
    if (!isRiderWord(event)) continue;
    const own = ofRider.get(event.rider);
    if (own) own.push(event);
    else ofRider.set(event.rider, [event]);
  }
  const riders = [...ofRider].map(([rider, own]) => riderRecord(rider, own, roster.get(rider) ?? null));
  const back = new Set(all.flatMap((event) => (event.kind === 'taken_back' ? [event.of] : [])));
  const crew = crewRecord(all.filter(({ id }) => !back.has(id)));
  const aboard = riders.filter((one) => one.state === 'boarded').length;
  const walked = crew.walkThrough;
  return {
    riders,
    counts: {
      expected: riders.filter((one) => roster.has(one.rider) && one.absent === null).length,
      boarded: riders.filter((one) => one.boarded !== null).length,
      alighted: riders.filter((one) => one.state === 'alighted').length,
      absent: riders.filter((one) => one.state === 'absent').length,
      aboard,
      heads: headsOf(all, ofRider, roster),
    },
    crew: { ...crew, mayClose: aboard === 0 && walked !== null && walked.empty && walked.proof !== 'seen' },
  };
}

function headsOf(
  all: readonly BoardingEvent[],
  ofRider: ReadonlyMap<string, readonly BoardingEvent[]>,
  roster: ReadonlyMap<string, Expected>,
): Counts['heads'] {
  const counted = all.findLast((event) => event.kind === 'head_count');
  if (counted?.kind !== 'head_count') return null;
  const { at, aboard } = counted;
  const by = [...ofRider].filter(([rider, own]) => {
    // What was taken back later was never so; what happened later had not happened yet.
    const until = own.filter((event) => event.at <= at || event.kind === 'taken_back');
    return riderRecord(rider, until, roster.get(rider) ?? null).state === 'boarded';
  });
  return { aboard, at, byRiders: by.length };
}

function crewRecord(all: readonly BoardingEvent[]): Omit<CrewRecord, 'mayClose'> {
  const onDuty = new Set<string>();
  let preTrip: CrewRecord['preTrip'] = null;
  let refused: CrewRecord['refused'] = null;
  let walkThrough: CrewRecord['walkThrough'] = null;
  let sosAt: number | null = null;
  for (const event of all) {
    const { at } = event;
    switch (event.kind) {
      case 'sign_on':
        onDuty.add(event.person);
        break;
      case 'sign_off':
        onDuty.delete(event.person);
        break;
      case 'pre_trip':
        preTrip = { at, passed: event.passed, defects: event.defects };
        if (event.passed) refused = null;
        break;
      case 'departure_refused':
        refused = { at, reason: event.reason };
        break;
      case 'boarded':
        // Whoever gets on after the walk-through has to be looked for again.
        walkThrough = null;
        break;
      case 'walk_through':
        walkThrough = { at, empty: event.empty, proof: event.proof };
        break;
      case 'sos':
        sosAt = at;
        break;
    }
  }
  return { onDuty: [...onDuty], preTrip, refused, walkThrough, sosAt };
}
