import type { RunProgress } from '../../../geo/judge.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import type { CrewEvent, EventSource } from '../../../geo/vehicle-event.ts';
import type { Role, User } from '../../store/store.ts';
import type { Tenants } from '../../store/tenancy/tenant.ts';
import type { PlanFacts } from './plan-facts.ts';
import { REACHES, type Reach } from './reach.ts';

/**
 * The one place that decides who may see and do what. REST, socket.io and the plain WebSocket all ask here, and
 * nowhere else. Whatever is not granted in this table is denied.
 */
export interface RolePolicy {
  /** Live and newest positions, and the vehicle register. */
  readonly vehicles: Reach;
  /** Past positions. */
  readonly tracks: Reach;
  readonly alerts: Reach;
  /** Routes, trips, runs, stops and what is drawn of them. */
  readonly runs: Reach;
  readonly schools: Reach;
  readonly permits: Reach;
  readonly riders: Reach;
  readonly terminals: Reach;
  readonly reports: Reach;
  /** Photos and recordings made on board. */
  readonly media: Reach;
  readonly speed: boolean;
  readonly crewNames: boolean;
  readonly fences: boolean;
  readonly guardianPhones: boolean;
  readonly may: readonly Action[];
}

/**
 * `hold` keeps photos as evidence beyond their retention. Of commands to terminals: `command` is daily work, `configure` changes what a terminal does from now on, `control`
 * reaches into the vehicle or listens in. Which command needs which is in the table of commands.
 */
export type Action =
  | 'acknowledge'
  | 'resolve'
  | 'hold'
  /** Saying whether an alert was true. */
  | 'review'
  /** Making and opening evidence packs, and handing alerts over to the police. */
  | 'evidence'
  | 'command'
  | 'configure'
  | 'control'
  | 'explain'
  /** Amendments of the plan; which rows of them is in `amend-policy.ts`. */
  | 'rule_settings'
  | 'orders'
  | 'detours'
  | 'excuses'
  | 'school_calendar'
  | 'dispatch'
  /** Running past reports through the judge again under other settings. */
  | 'what_if'
  /** Who may sign in, as what and by which key. */
  | 'accounts'
  /** Reading the audit log. */
  | 'audit';

const staff = {
  speed: true,
  crewNames: true,
  fences: true,
  guardianPhones: false,
  riders: 'none',
  terminals: 'none',
} as const;

export const POLICY: { readonly [role in Role]: RolePolicy } = {
  admin: {
    ...staff,
    ...everywhere('all'),
    riders: 'all',
    guardianPhones: true,
    terminals: 'all',
    may: [
      'acknowledge',
      'resolve',
      'hold',
      'review',
      'evidence',
      'command',
      'configure',
      'control',
      'explain',
      'rule_settings',
      'orders',
      'detours',
      'excuses',
      'school_calendar',
      'dispatch',
      'what_if',
      'accounts',
      'audit',
    ],
  },
  police: {
    ...staff,
    ...everywhere('district'),
    may: ['acknowledge', 'resolve', 'hold', 'review', 'evidence', 'orders', 'detours', 'excuses'],
  },
  transport: {
    ...staff,
    ...everywhere('district'),
    terminals: 'district',
    may: [
      'acknowledge',
      'resolve',
      'hold',
      'review',
      'evidence',
      'command',
      'configure',
      'explain',
      'orders',
      'detours',
      'excuses',
      'school_calendar',
      'dispatch',
    ],
  },
  education: {
    ...staff,
    ...everywhere('district'),
    may: ['acknowledge', 'review', 'orders', 'school_calendar'],
  },
  // The carrier's safety officer: supervision counts what share of its own alerts a carrier has handled.
  provider: {
    ...staff,
    ...everywhere('provider'),
    terminals: 'provider',
    may: ['acknowledge', 'resolve', 'command', 'dispatch'],
  },
  school: {
    ...staff,
    ...everywhere('school'),
    riders: 'school',
    guardianPhones: true,
    may: ['acknowledge', 'school_calendar', 'dispatch'],
  },
  guardian: {
    ...everywhere('none'),
    vehicles: 'family',
    runs: 'family',
    schools: 'family',
    riders: 'family',
    terminals: 'none',
    speed: false,
    crewNames: false,
    fences: false,
    guardianPhones: false,
    may: [],
  },
  escort: {
    ...staff,
    ...everywhere('none'),
    vehicles: 'duty',
    tracks: 'duty',
    alerts: 'duty',
    media: 'duty',
    runs: 'duty',
    schools: 'duty',
    may: [],
  },
};

function everywhere(reach: Reach) {
  return {
    vehicles: reach,
    tracks: reach,
    alerts: reach,
    runs: reach,
    schools: reach,
    permits: reach,
    reports: reach,
    media: reach,
  };
}

/** What of a vehicle's position may be shown. `all` everywhere is what staff see. */
export interface VehicleAccess {
  readonly speed: boolean;
  /** Trips whose run may be named, and stops that may be named on it. */
  readonly trips: 'all' | ReadonlySet<string>;
  readonly stops: 'all' | ReadonlySet<string>;
}

/** Does this access show a position as staff see it? Then one view serves everybody who has it. */
export const isFullAccess = (access: VehicleAccess): boolean =>
  access.speed && access.trips === 'all' && access.stops === 'all';

/** May the user see where the vehicle is at `time`, and how much? Null: not at all. `progress` is its newest. */
export function vehicleAccess(
  user: User,
  facts: PlanFacts | null,
  vehicle: string,
  time: number,
  progress: RunProgress | null,
): VehicleAccess | null {
  const policy = POLICY[user.role];
  const seen = REACHES[policy.vehicles].vehicle({ user, facts, time }, vehicle, progress);
  return seen === null || user.disabled ? null : { speed: policy.speed, ...seen };
}

/** Which moments of the vehicle's past may the user see? Null: none of it. */
export function trackAccess(
  user: User,
  facts: PlanFacts | null,
  vehicle: string,
): ((time: number) => boolean) | null {
  const reach = REACHES[POLICY[user.role].tracks];
  if (user.disabled || !reach.mayTrack) return null;
  return (time) => reach.vehicle({ user, facts, time }, vehicle, null) !== null;
}

/** A finding as the policy sees it; district and schools are those at the time it was found. */
export interface AlertFacts {
  readonly vehicle: string;
  readonly start: number;
  readonly district: string | null;
  readonly schoolIds: readonly string[];
}

export function maySeeAlert(user: User, facts: PlanFacts | null, alert: AlertFacts): boolean {
  return !user.disabled && REACHES[POLICY[user.role].alerts].alert({ user, facts, time: alert.start }, alert);
}

export function maySeeTrip(user: User, facts: PlanFacts, trip: string, time: number): boolean {
  return !user.disabled && REACHES[POLICY[user.role].runs].trip({ user, facts, time }, trip);
}

export function maySeeRun(user: User, facts: PlanFacts, run: Run, time: number): boolean {
  return !user.disabled && REACHES[POLICY[user.role].runs].run({ user, facts, time }, run);
}

/** Stops of a trip that the user may see. */
export function stopsOfTrip(user: User, facts: PlanFacts, trip: string): 'all' | ReadonlySet<string> {
  return REACHES[POLICY[user.role].runs].stops({ user, facts, time: 0 }, trip);
}

export function maySeeSchool(user: User, facts: PlanFacts, school: string, time: number): boolean {
  return !user.disabled && REACHES[POLICY[user.role].schools].school({ user, facts, time }, school);
}

export function maySeePermit(user: User, facts: PlanFacts, vehicle: string, time: number): boolean {
  const reach = REACHES[POLICY[user.role].permits];
  return !user.disabled && reach.vehicle({ user, facts, time }, vehicle, null) !== null;
}

export function maySeeRider(user: User, facts: PlanFacts, riderId: string, schoolId: string): boolean {
  return (
    !user.disabled && REACHES[POLICY[user.role].riders].rider({ user, facts, time: 0 }, riderId, schoolId)
  );
}

/** A photo or recording, by the vehicle it was made on and when. */
export function maySeeMedia(
  user: User,
  facts: PlanFacts | null,
  media: { readonly vehicle: string; readonly time: number },
): boolean {
  const reach = REACHES[POLICY[user.role].media];
  return !user.disabled && reach.vehicle({ user, facts, time: media.time }, media.vehicle, null) !== null;
}

/** A terminal by the vehicle it is fitted to; one that is on no register counts as without a district. */
export function maySeeTerminal(user: User, facts: PlanFacts | null, vehicle: string): boolean {
  const reach = REACHES[POLICY[user.role].terminals];
  return !user.disabled && reach.vehicle({ user, facts, time: 0 }, vehicle, null) !== null;
}

type CrewEventKind = CrewEvent['kind'];

const ON_BOARD: readonly CrewEventKind[] = [
  'sign_on',
  'sign_off',
  'head_count',
  'boarded',
  'alighted',
  'absent',
  'pre_trip',
  'walk_through',
  'departure_refused',
  'sos',
];

const OFFICE: readonly CrewEventKind[] = ['sign_on', 'sign_off', 'pre_trip', 'head_count', 'walk_through'];

/** Who may say what of a vehicle in their reach, and how far it is believed: an escort on board, the office by hand. */
const SAYS: {
  readonly [role in Role]?: { readonly by: EventSource; readonly kinds: readonly CrewEventKind[] };
} = {
  escort: { by: 'app', kinds: ON_BOARD },
  school: { by: 'school', kinds: ON_BOARD },
  transport: { by: 'school', kinds: OFFICE },
  provider: { by: 'school', kinds: OFFICE },
  admin: { by: 'school', kinds: ON_BOARD },
};

/** Does the role say anything of vehicles at all? */
export const saysEvents = (user: User): boolean => !user.disabled && SAYS[user.role] !== undefined;

/**
 * As what the user may say this of the vehicle, which happened at `time`; null: the vehicle is not in reach. An escort
 * signs nobody on or off but themselves: `forbidden`.
 */
export function eventSource(
  user: User,
  facts: PlanFacts | null,
  vehicle: string,
  time: number,
  event: { readonly kind: CrewEventKind; readonly person?: string },
): EventSource | 'forbidden' | null {
  const says = SAYS[user.role];
  if (says === undefined || user.disabled || !says.kinds.includes(event.kind)) return 'forbidden';
  const reach = REACHES[POLICY[user.role].vehicles];
  if (reach.vehicle({ user, facts, time }, vehicle, null) === null) return null;
  const another = event.person !== undefined && event.person !== user.personId;
  return user.role === 'escort' && another ? 'forbidden' : says.by;
}

export function may(user: User, action: Action): boolean {
  return !user.disabled && POLICY[user.role].may.includes(action);
}

/** Has the role any share in a kind of thing? Where not, asking for it is refused outright. */
export function hasShareIn(user: User, kind: Exclude<keyof RolePolicy, 'may'>): boolean {
  const share = POLICY[user.role][kind];
  return !user.disabled && share !== 'none' && share !== false;
}

/** Whose rows the user's queries may touch at all, as the database knows tenants; see `store/tenancy`. */
export function tenantsOf(user: User, facts: PlanFacts | null, time: number): Tenants {
  return user.disabled ? [] : REACHES[POLICY[user.role].vehicles].tenants({ user, facts, time });
}
