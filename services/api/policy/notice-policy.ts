import type { User } from '../../store/store.ts';
import { POLICY } from './policy.ts';

/** Those with children on the buses: their settings, consent, access log and requests. */
export const hasFamily = (user: User): boolean => !user.disabled && POLICY[user.role].riders === 'family';

/** Staff who see alerts beyond a duty of their own may be told of them. */
export const mayBeTold = (user: User): boolean =>
  !user.disabled && !['none', 'duty', 'family'].includes(POLICY[user.role].alerts);

/** Who keeps the register of pupils decides what families ask of it; which of them is `maySeeRider`. */
export const decidesPrivacy = (user: User): boolean =>
  !user.disabled && ['all', 'school'].includes(POLICY[user.role].riders);
