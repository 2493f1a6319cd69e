import type { EventSource } from '../../vehicle-event.ts';
import type { Load } from './load.ts';

/**
 * Who is on a vehicle and what its people have said, folded from events. Plain JSON under a kilobyte; every part is
 * replaced, never changed in place. Times are event times, milliseconds since the epoch; 0 is never.
 */
export interface Crew {
  readonly driver: OnDuty | null;
  /** The one who put a card in last, who need not be the driver; it tells whose card is drawn out. */
  readonly card: string | null;
  /** A card was put in that could not be read, and none that could be since. */
  readonly unreadableAt: number;
  /** A driver's card took the place of another that was never drawn out. */
  readonly changedAt: number;
  readonly escorts: readonly OnDuty[];
  /** The last escort left, while nobody had taken over. */
  readonly escortOffAt: number;
  /** The vehicle that they signed on to instead; absent where they signed off. */
  readonly escortOffTo?: string;
  readonly load: Load | null;
  /** Riders excused, and when the newest was. */
  readonly absent: readonly string[];
  readonly absentAt: number;
  readonly preTrip: PreTrip | null;
  readonly walkThrough: WalkThrough | null;
  /** What people do here at all, by when they did it last: nobody is missed by a means that nobody uses. */
  readonly used: {
    readonly driverCard: number;
    readonly escortSignOn: number;
    readonly preTrip: number;
    readonly walkThrough: number;
  };
  /** Newest word of any of them. */
  readonly heardAt: number;
}

export interface OnDuty {
  /** `person_id`; `card:<number>` for a card that is nobody's on the register. */
  readonly id: string;
  readonly since: number;
  readonly by: EventSource;
  /** The phone was near the bus; null where that is not known, or was no phone. */
  readonly near: boolean | null;
  /** Last day that the card itself is valid, `YYYYMMDD`, where it says so. */
  readonly validTo: string | null;
}

export interface PreTrip {
  readonly at: number;
  readonly passed: boolean;
  readonly defects: readonly string[];
}

export interface WalkThrough {
  readonly at: number;
  readonly empty: boolean;
  readonly proof: 'code' | 'photo' | 'tag' | 'seen';
  readonly by: EventSource;
}

export const NO_CREW: Crew = {
  driver: null,
  card: null,
  unreadableAt: 0,
  changedAt: 0,
  escorts: [],
  escortOffAt: 0,
  load: null,
  absent: [],
  absentAt: 0,
  preTrip: null,
  walkThrough: null,
  used: { driverCard: 0, escortSignOn: 0, preTrip: 0, walkThrough: 0 },
  heardAt: 0,
};

/** A sign-on that nobody took back holds for a shift; a card left in the reader for a working day. [D] */
const SHIFT_MS = 6 * 3_600_000;
const CARD_MS = 14 * 3_600_000;
/** A means that nobody used for so long is not in use any more: holidays are longer than weekends. [D] */
const IN_USE_MS = 30 * 86_400_000;

const holds = (person: OnDuty, time: number): boolean =>
  time - person.since < (person.by === 'terminal' ? CARD_MS : SHIFT_MS);

export function driverOnDuty(crew: Crew, time: number): OnDuty | null {
  return crew.driver !== null && holds(crew.driver, time) ? crew.driver : null;
}

/** The escort on duty whose presence is proven best, or null. */
export function escortOnDuty(crew: Crew, time: number): OnDuty | null {
  let best: OnDuty | null = null;
  for (const escort of crew.escorts) {
    if (holds(escort, time) && (best === null || proofOf(escort) > proofOf(best))) best = escort;
  }
  return best;
}

/**
 * How well it is proven that somebody is on the bus: 3 by the bus's own reader or camera, 2 by a phone within 100 m of
 * it, 1 by the school's word or a phone that does not say where it is, 0 not: the phone is elsewhere. RULES R15.
 */
export function proofOf({ by, near }: OnDuty): 0 | 1 | 2 | 3 {
  if (by === 'terminal' || by === 'camera') return 3;
  if (by === 'school') return 1;
  return near === null ? 1 : near ? 2 : 0;
}

/** Is a means in use on this vehicle, by when it was used last? */
export const inUse = (usedAt: number, time: number): boolean => usedAt > 0 && time - usedAt < IN_USE_MS;

/** A proof given on the bus itself: a code or tag at the rear seat, a photo; not the word of somebody who is elsewhere. RULES R17. */
export const provenOnSite = ({ empty, proof, by }: WalkThrough): boolean =>
  empty && by !== 'school' && proof !== 'seen';
