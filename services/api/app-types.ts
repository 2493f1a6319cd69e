import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { BusCodes } from '../boardings/bus-codes.ts';
import type { Bus } from '../bus/bus.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { MediaFiles } from '../media/media-files.ts';
import type { ChannelName } from '../notify/settings.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { Store, User } from '../store/store.ts';
import type { CurrentFacts } from './policy/current-facts.ts';
import type { PlanFacts } from './policy/plan-facts.ts';
import { type Action, hasShareIn, may, type RolePolicy } from './policy/policy.ts';
import { ProblemError } from './problems.ts';
import type { Session, Sessions } from './session/sessions.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes work with. */
export interface ApiParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly facts: CurrentFacts;
  readonly plan: CurrentPlan;
  readonly hub: LiveHub;
  /** Where the bytes of photos and recordings are. */
  readonly mediaFiles: MediaFiles;
  readonly sessions: Sessions;
  /** What is put up in the buses. */
  readonly codes: BusCodes;
  readonly secureCookies: boolean;
  readonly basemap: string | undefined;
  readonly notices: NoticeParts;
  readonly now: () => number;
}

/** What the web process knows of how people are told. */
export interface NoticeParts {
  /** Channels that the service is set up for. */
  readonly channels: readonly ChannelName[];
  /** VAPID public key; null where push is not set up. */
  readonly pushKey: string | null;
  readonly mayPushTo: (endpoint: string) => boolean;
  /** By what reports of delivery are known to be the providers'. */
  readonly receipts?: { readonly receiptSecret?: string };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before every handler under `/api/v1`; null without a valid cookie. */
    session: Session | null;
  }
  interface FastifyContextConfig {
    /** May be asked without signing in. Everything else under `/api/v1` may not. */
    open?: boolean;
    /** May be asked while the password has yet to be changed. */
    beforePasswordChange?: boolean;
  }
}

export function userOf(request: FastifyRequest): User {
  if (!request.session) throw new ProblemError('sign-in-required');
  return request.session.user;
}

/** The person who asks, signed in with a cookie: keys of other systems have no account. */
export function personOf(request: FastifyRequest): User {
  if (request.session?.viaKey) throw new ProblemError('forbidden');
  return userOf(request);
}

/** The asker, or 403 where the role has no share in this kind of thing. */
export function userWithShareIn(request: FastifyRequest, kind: Exclude<keyof RolePolicy, 'may'>): User {
  const user = userOf(request);
  if (!hasShareIn(user, kind)) throw new ProblemError('forbidden');
  return user;
}

export function userWhoMay(request: FastifyRequest, action: Action): User {
  const user = userOf(request);
  if (!may(user, action)) throw new ProblemError('forbidden');
  return user;
}

/** The asker, or 403 where they are not of those. */
export function userWho(request: FastifyRequest, who: (user: User) => boolean): User {
  const user = userOf(request);
  if (!who(user)) throw new ProblemError('forbidden');
  return user;
}

export function planInForce(facts: PlanFacts | null): PlanFacts {
  if (!facts) throw new ProblemError('no-plan');
  return facts;
}
