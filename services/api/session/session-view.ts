import type { User } from '../../store/store.ts';
import type { SessionView } from '../contract.ts';
import { amendable } from '../policy/amend-policy.ts';
import { hasShareIn, may, POLICY } from '../policy/policy.ts';

/** Who somebody is and what they may do, for the pages. */
export function sessionView(user: User): SessionView {
  const { id, login, displayName, role, district, providerId, schoolId, language } = user;
  return {
    user: { id, login, displayName, role, district, providerId, schoolId, language },
    mustChangePassword: user.mustChangePassword ?? false,
    can: {
      acknowledge: may(user, 'acknowledge'),
      resolve: may(user, 'resolve'),
      command: may(user, 'command'),
      configure: may(user, 'configure'),
      control: may(user, 'control'),
      seeSpeed: POLICY[role].speed,
      explain: may(user, 'explain'),
      seeMedia: hasShareIn(user, 'media'),
      hold: may(user, 'hold'),
      review: may(user, 'review'),
      evidence: may(user, 'evidence'),
      amend: amendable(user),
      whatIf: may(user, 'what_if'),
      accounts: may(user, 'accounts'),
      audit: may(user, 'audit'),
    },
  };
}
