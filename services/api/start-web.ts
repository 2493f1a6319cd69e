import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Registry } from '@platformatic/prom-client';
import type { Logger } from 'pino';
import { busCodes } from '../boardings/bus-codes.ts';
import type { Bus } from '../bus/bus.ts';
import { type LiveLimits, startLiveHub } from '../live/live-hub.ts';
import { attachSocketIo } from '../live/socket-io.ts';
import { prepareStream } from '../live/stream.ts';
import type { MediaFiles } from '../media/media-files.ts';
import { isPublicEndpoint } from '../notify/public-endpoint.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { Store } from '../store/store.ts';
import { buildApp } from './app.ts';
import type { NoticeParts } from './app-types.ts';
import { keepTenants } from './keep-tenants.ts';
import { currentFacts } from './policy/current-facts.ts';
import { sessionCookie } from './session/cookie.ts';
import { makeSessions, type SessionLimits } from './session/sessions.ts';
import { SIGN_IN_LIMITS } from './session/sign-in-limit.ts';

export interface WebOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host?: string | undefined;
  readonly store: Store;
  readonly bus: Bus;
  readonly plan: CurrentPlan;
  /** Where the bytes of photos and recordings are. */
  readonly mediaFiles: MediaFiles;
  /** Where the built pages are; they may be missing. */
  readonly pagesDir: string;
  /** A `.pmtiles` file (absolute path) or the URL of a MapLibre style; unset: the plan's own base layer. */
  readonly basemap?: string | undefined;
  readonly sessionSecret: string;
  /** Of which the codes in the buses are made; unset: the secret of sessions. */
  readonly busCodeKey?: Buffer;
  readonly secureCookies: boolean;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Why this process cannot take load, or null. */
  readonly ready: () => Promise<string | null>;
  /** Addresses or networks of proxies in front, whose word on who is asking is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** How people are told; left out: by no channel. */
  readonly notices?: NoticeParts;
  readonly liveLimits?: LiveLimits;
  readonly sessionLimits?: SessionLimits;
  /** Milliseconds since the epoch; tests give their own. */
  readonly now?: () => number;
}

/** Expired sessions are removed this often. */
const PRUNE_EVERY_MS = 10 * 60_000;

const NO_NOTICES: NoticeParts = { channels: [], pushKey: null, mayPushTo: isPublicEndpoint };

/** Starts the pages, the API and the live channels on one port. */
export async function startWeb(options: WebOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { port, host = '0.0.0.0', store, bus, plan, sessionSecret, secureCookies, now = Date.now } = options;
  const log = options.log.child({ part: 'web' });
  const facts = currentFacts(plan);
  const sessions = makeSessions(store, sessionSecret, options.sessionLimits);
  const cookie = sessionCookie(secureCookies);
  const tenants = await keepTenants({ store: store.tenants, plan, log });
  const hub = await startLiveHub({ store, bus, facts, sessions, log, limits: options.liveLimits ?? {}, now });

  let relayUpgrades: Awaited<ReturnType<typeof prepareStream>> | undefined;
  const app = await buildApp({
    ...options,
    // What a request asks of the store is bound to the tenants of whoever asks.
    store: store.forRequests,
    basemap: options.basemap,
    notices: options.notices ?? NO_NOTICES,
    log,
    facts,
    sessions,
    codes: busCodes(options.busCodeKey ?? createHmac('sha256', sessionSecret).update('bus codes').digest()),
    cookie,
    hub,
    now,
    more: async (scope) => {
      relayUpgrades = await prepareStream(scope);
    },
  });
  await app.ready();
  const io = attachSocketIo(app.server, { hub, sessions, cookie, log, now });
  relayUpgrades?.(app.server);
  const stop = async (): Promise<void> => {
    tenants.close();
    await hub.close();
    await io.close();
    await app.close();
  };
  try {
    await app.listen({ port, host });
  } catch (error) {
    await stop();
    throw error;
  }

  const pruning = setInterval(() => {
    Promise.all([store.sessions.prune(now()), store.signIns.prune(now() - SIGN_IN_LIMITS.forgetMs)]).catch(
      (error) => log.warn({ err: error }, 'could not remove old sessions'),
    );
  }, PRUNE_EVERY_MS);

  return {
    port: (app.server.address() as AddressInfo).port,
    async close() {
      clearInterval(pruning);
      await stop();
    },
  };
}
