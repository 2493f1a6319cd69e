/**
 * What people and devices say of one run of the day: of its children, and of its crew. Each is kept as it was said,
 * under an id that whoever says it makes; nothing is changed afterwards, and what was wrong is taken back by another.
 */
export type BoardingEvent = Said & (RiderWord | CrewWord);

interface Said {
  readonly id: string;
  /** When it happened by the clock of who says so, milliseconds since the epoch. */
  readonly at: number;
  /** When the platform had it; on a phone that has not sent it yet, null. */
  readonly receivedAt: number | null;
  readonly source: BoardingSource;
  /** The login or the terminal. */
  readonly by: string;
  /** The bus that it was said on, or of. */
  readonly vehicle: string | null;
}

/** In falling order of proof: what the bus read itself, a phone or tablet on board, a gate, the school by hand, the family. */
export const BOARDING_SOURCES = [
  'terminal',
  'camera',
  'app',
  'tablet',
  'gate',
  'school',
  'guardian',
] as const;
export type BoardingSource = (typeof BOARDING_SOURCES)[number];

/** Who took a child over at the stop. Of the person themselves nothing is kept. */
export const HANDED_TO = ['parent', 'grandparent', 'teacher', 'other_authorised', 'nobody'] as const;
export type HandedTo = (typeof HANDED_TO)[number];

/** `rider` is the plan's `rider_id`, never a name. */
export type RiderWord =
  | { readonly kind: 'boarded'; readonly rider: string; readonly stop: string | null }
  | {
      readonly kind: 'alighted';
      readonly rider: string;
      readonly stop: string | null;
      readonly to: HandedTo | null;
    }
  | { readonly kind: 'absent'; readonly rider: string }
  /** `of` is the id of the event that was wrong. */
  | { readonly kind: 'taken_back'; readonly rider: string; readonly of: string };

export type CrewWord =
  | {
      readonly kind: 'sign_on' | 'sign_off';
      readonly person: string;
      readonly role: 'driver' | 'escort';
      /** By the code in the bus, or by their own card; null: by nothing but the login. */
      readonly proof: 'code' | 'card' | null;
    }
  | { readonly kind: 'head_count'; readonly aboard: number; readonly stop: string | null }
  | { readonly kind: 'pre_trip'; readonly passed: boolean; readonly defects: readonly PreTripCheck[] }
  | { readonly kind: 'walk_through'; readonly empty: boolean; readonly proof: 'code' | 'photo' | 'seen' }
  | { readonly kind: 'departure_refused'; readonly reason: string }
  | { readonly kind: 'sos' };

/** The seven checks before the run: 校车安全管理条例 Art. 41. */
export const PRE_TRIP_CHECKS = [
  'brakes',
  'steering',
  'lights',
  'tyres',
  'safety_door',
  'seats',
  'belts',
] as const;
export type PreTripCheck = (typeof PRE_TRIP_CHECKS)[number];

export const isRiderWord = (event: BoardingEvent): event is Said & RiderWord => 'rider' in event;
