import type { Role, User } from '../../store/store.ts';
import type { PlanFacts } from './plan-facts.ts';

type Bond = 'district' | 'providerId' | 'schoolId' | 'riderIds' | 'personId';

/** To what an account of a role is bound, and whether it has to be. Whatever is not named here it is not bound to. */
export const BONDS: { readonly [role in Role]: { readonly bond: Bond | null; readonly needed: boolean } } = {
  admin: { bond: null, needed: false },
  police: { bond: 'district', needed: false },
  transport: { bond: 'district', needed: false },
  education: { bond: 'district', needed: false },
  provider: { bond: 'providerId', needed: true },
  school: { bond: 'schoolId', needed: true },
  guardian: { bond: 'riderIds', needed: true },
  escort: { bond: 'personId', needed: true },
};

const ALL: readonly Bond[] = ['district', 'providerId', 'schoolId', 'riderIds', 'personId'];

const isBound = (user: Pick<User, Bond>, bond: Bond): boolean =>
  bond === 'riderIds' ? user.riderIds.length > 0 : !!user[bond];

/** What is wrong with an account, or null: it needs what its role is bound to, has nothing else, and the plan has it. */
export function accountFault(user: Pick<User, Bond | 'role'>, facts: PlanFacts | null): string | null {
  const { bond, needed } = BONDS[user.role];
  if (bond !== null && needed && !isBound(user, bond)) return `an account of role ${user.role} needs ${bond}`;
  const foreign = ALL.find((other) => other !== bond && isBound(user, other));
  if (foreign !== undefined) return `an account of role ${user.role} has no ${foreign}`;
  if (bond === null || !isBound(user, bond)) return null;
  if (!facts) return 'there is no plan to check the account against; import one first';
  const { vehicles, schools, people } = facts.plan;
  const known = {
    district: () =>
      [...vehicles.values(), ...schools.values()].some(({ district }) => district === user.district),
    providerId: () => [...vehicles.values()].some(({ operatorId }) => operatorId === user.providerId),
    schoolId: () => schools.has(user.schoolId ?? ''),
    personId: () => people.get(user.personId ?? '')?.role === 'escort',
    riderIds: () => user.riderIds.every((rider) => facts.ridersById.has(rider)),
  } satisfies { [name in Bond]: () => boolean };
  return known[bond]() ? null : `the plan has no such ${bond}`;
}
