import type { BoardingEvent, BoardingSource } from '../../../geo/boardings/boarding-event.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import type { Role, User } from '../../store/store.ts';
import type { PlanFacts } from './plan-facts.ts';
import { maySeeRider, maySeeRun } from './policy.ts';
import { DUTY_MARGIN_MS } from './reach.ts';

type Kind = BoardingEvent['kind'];

/** What a role sees and says of the boardings of runs in its reach. A role that is not here has no part in them. */
interface BoardingPolicy {
  /** Whose children: those that the policy on riders names, or everybody on the run that the crew is on. */
  readonly riders: 'own' | 'on the run';
  /** Sign-on, counts, checks, walk-through. */
  readonly crew: boolean;
  readonly says: readonly Kind[];
  readonly as: readonly BoardingSource[];
}

const OF_CHILDREN: readonly Kind[] = ['boarded', 'alighted', 'absent', 'taken_back'];
const OF_CREW: readonly Kind[] = [
  'sign_on',
  'sign_off',
  'head_count',
  'pre_trip',
  'walk_through',
  'departure_refused',
  'sos',
];
const OFFICE = {
  riders: 'own',
  crew: true,
  says: [...OF_CHILDREN, ...OF_CREW],
  as: ['school', 'gate', 'tablet'],
} as const;

const BOARDING_POLICY: { readonly [role in Role]?: BoardingPolicy } = {
  admin: OFFICE,
  school: OFFICE,
  escort: { riders: 'on the run', crew: true, says: [...OF_CHILDREN, ...OF_CREW], as: ['app'] },
  guardian: { riders: 'own', crew: false, says: ['absent', 'taken_back'], as: ['guardian'] },
};

export const hasPartInBoardings = (user: User): boolean =>
  !user.disabled && BOARDING_POLICY[user.role] !== undefined;

export interface BoardingAccess {
  /** May the child's boardings be seen, and by name? */
  rider(riderId: string): boolean;
  /** What the crew did, and counts of all children. */
  readonly crew: boolean;
}

/** What of a run's boardings may be seen; null: nothing. */
export function boardingAccess(user: User, facts: PlanFacts, run: Run, time: number): BoardingAccess | null {
  const policy = BOARDING_POLICY[user.role];
  if (!policy || !maySeeRun(user, facts, run, time)) return null;
  return {
    crew: policy.crew,
    rider: (riderId) => policy.riders === 'on the run' || isOwn(user, facts, riderId),
  };
}

/**
 * As which source the user may say this of the run; null: they may not. A family takes back only what a family said,
 * an escort speaks about the time of the run, signs nobody on but themselves, and nobody answers for another's child.
 */
export function boardingSource(
  user: User,
  facts: PlanFacts,
  run: Run,
  event: { readonly kind: Kind; readonly at: number; readonly rider?: string; readonly person?: string },
  claimed: BoardingSource | undefined,
  takes: BoardingEvent | undefined,
): BoardingSource | null {
  const policy = BOARDING_POLICY[user.role];
  if (!policy?.says.includes(event.kind)) return null;
  const source = claimed ?? policy.as[0] ?? null;
  if (source === null || !policy.as.includes(source)) return null;
  if (event.rider !== undefined && policy.riders === 'own' && !isOwn(user, facts, event.rider)) return null;
  if (user.role === 'guardian' && takes !== undefined && takes.source !== 'guardian') return null;
  if (user.role === 'escort') {
    if (event.at < run.start - DUTY_MARGIN_MS || event.at > run.end + 2 * DUTY_MARGIN_MS) return null;
    if (event.person !== undefined && event.person !== user.personId) return null;
  }
  return source;
}

function isOwn(user: User, facts: PlanFacts, riderId: string): boolean {
  const school = facts.ridersById.get(riderId)?.[0]?.schoolId;
  return school !== undefined && maySeeRider(user, facts, riderId, school);
}
