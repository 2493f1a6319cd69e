import type { Logger } from 'pino';
import type { CurrentFacts } from '../api/policy/current-facts.ts';
import { may, maySeeAlert, maySeeMedia, maySeeTerminal } from '../api/policy/policy.ts';
import type { Session, Sessions } from '../api/session/sessions.ts';
import { alertFacts } from '../api/views/alert-view.ts';
import { mediaView } from '../api/views/media-view.ts';
import type { Bus } from '../bus/bus.ts';
import { SESSION_ENDED } from '../bus/subjects.ts';
import type { LiveEta } from '../eta/live-eta.ts';
import type { CommandChange, LiveAlert, LivePosition } from '../ingest/live-events.ts';
import type { LiveMedia } from '../media/live-media.ts';
import { sessionHash } from '../store/session-store.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import { AlertDesk } from './alert-desk.ts';
import type { HandledAlert } from './alert-handling.ts';
import { NewestPositions } from './newest-positions.ts';
import { NewestPredictions } from './newest-predictions.ts';
import { alertMessage, commandMessage, mediaMessage, type Transport } from './transport.ts';
import { Viewer } from './viewer.ts';

export interface LiveLimits {
  /** Positions of one vehicle reach a viewer no more often than this. */
  readonly flushEveryMs?: number;
  /** Every viewer's session and user are looked up again this often. */
  readonly recheckEveryMs?: number;
  readonly maxSlowMs?: number;
  readonly maxAlertsWaiting?: number;
  readonly maxHandlings?: number;
  readonly maxViewers?: number;
  /** Pages and systems open at the same time with one session. */
  readonly maxViewersPerSession?: number;
}

export interface LiveHub {
  readonly positions: NewestPositions;
  readonly predictions: NewestPredictions;
  readonly viewerCount: number;
  /** Adds a viewer; null where there are too many. The returned function takes it away. */
  join(session: Session, transport: Transport): (() => void) | null;
  /** Sends now what every viewer is owed. */
  flush(): void;
  close(): Promise<void>;
}

/** How long after a failed reading of the present state it is tried again. */
const RESYNC_RETRY_MS = 3_000;
/** A vehicle that was not heard of for so long is predicted no more. */
const FORGET_PREDICTION_MS = 600_000;

/**
 * One for each web process: hears the bus once for all viewers, keeps the newest position of every vehicle, and gives
 * each viewer what the policy lets it see.
 */
export async function startLiveHub(options: {
  store: Store;
  bus: Bus;
  facts: CurrentFacts;
  sessions: Sessions;
  log: Logger;
  limits?: LiveLimits;
  now?: () => number;
}): Promise<LiveHub> {
  const { store, bus, facts, sessions, log, limits = {}, now = Date.now } = options;
  const {
    flushEveryMs = 250,
    recheckEveryMs = 60_000,
    maxSlowMs = 30_000,
    maxAlertsWaiting = 500,
    maxHandlings = 10_000,
    maxViewers = 10_000,
    maxViewersPerSession = 20,
  } = limits;
  const viewerLimits = { maxSlowMs, maxAlertsWaiting };
  const viewers = new Set<Viewer>();
  const positions = new NewestPositions(facts);
  const predictions = new NewestPredictions();
  const newest = { positions, predictions };
  const desk = new AlertDesk({ store, facts, limits: { maxHandlings, maxWaiting: 5_000 }, log });
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const takePosition = (position: Pick<LivePosition, 'report' | 'progress'>): void => {
    if (!positions.take(position.report, position.progress) || viewers.size === 0) return;
    const at = now();
    const plan = facts();
    for (const viewer of viewers) viewer.owePosition(position, plan, at);
  };

  const takeEta = (eta: LiveEta): void => {
    if (!predictions.take(eta) || viewers.size === 0) return;
    const position = positions.get(eta.vehicle);
    if (!position) return;
    const at = now();
    for (const viewer of viewers) viewer.oweEta(position, facts(), at);
  };

  const takeAlert = (alert: LiveAlert | HandledAlert): void => {
    if (viewers.size === 0) {
      if ('handling' in alert) desk.note(alert);
      return;
    }
    const taken = desk.take(alert, (view, { finding, district, schoolIds }) => {
      const message = alertMessage(view);
      for (const viewer of viewers) {
        if (viewer.isGone) continue;
        if (!maySeeAlert(viewer.session.user, facts(), alertFacts({ finding, district, schoolIds })))
          continue;
        viewer.oweAlert(message);
        viewer.flush(newest, facts(), now());
      }
    });
    if (!taken) sendAllAway('resync');
  };

  /** Rare, and owed one by one like alerts: what became of a command must not be left out. */
  const takeCommand = (change: CommandChange): void => {
    const message = commandMessage(change);
    for (const viewer of viewers) {
      const { user } = viewer.session;
      if (viewer.isGone || !may(user, 'command') || !maySeeTerminal(user, facts(), change.vehicle)) continue;
      viewer.oweAlert(message);
      viewer.flush(newest, facts(), now());
    }
  };

  /** Owed one by one too: a photo is looked for when it comes. */
  const takeMedia = ({ media }: LiveMedia): void => {
    const message = mediaMessage(mediaView(facts(), media));
    for (const viewer of viewers) {
      if (viewer.isGone || !maySeeMedia(viewer.session.user, facts(), media)) continue;
      viewer.oweAlert(message);
      viewer.flush(newest, facts(), now());
    }
  };

  const sendAllAway = (why: 'resync' | 'closing'): void => {
    for (const viewer of viewers) viewer.close(why);
    viewers.clear();
  };

  const sendAway = (which: (viewer: Viewer) => boolean, why: 'signed-out' | 'user-changed'): void => {
    for (const viewer of viewers) {
      if (!which(viewer)) continue;
      viewer.close(why);
      viewers.delete(viewer);
    }
  };

  const loadNewest = async (): Promise<void> => {
    for (const { last, progress } of await store.positions.latest()) takePosition({ report: last, progress });
  };

  /** After a gap on the bus: the newest positions from the store, and viewers that read their lists anew. */
  const resync = async (): Promise<void> => {
    clearTimeout(retry);
    desk.forget();
    try {
      await loadNewest();
      sendAllAway('resync');
    } catch (error) {
      if (closed) return;
      log.warn({ err: error }, 'could not read the newest positions; trying again');
      retry = setTimeout(() => void resync(), RESYNC_RETRY_MS);
    }
  };

  const recheck = async (): Promise<void> => {
    predictions.forget(now() - FORGET_PREDICTION_MS);
    for (const session of new Set([...viewers].map((viewer) => viewer.session))) {
      try {
        const user = await sessions.recheck(session.id, now());
        if (user === null) sendAway((viewer) => viewer.session.id === session.id, 'signed-out');
        else if (JSON.stringify(user) !== JSON.stringify(session.user)) {
          sendAway((viewer) => viewer.session === session, 'user-changed');
        }
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) log.error({ err: error }, 'could not recheck a session');
      }
    }
  };

  const flush = (): void => {
    const at = now();
    const plan = facts();
    for (const viewer of viewers) {
      viewer.flush(newest, plan, at);
      if (viewer.isGone) viewers.delete(viewer);
    }
  };

  const ends = [
    bus.subscribe('live.>', (payload) => takePosition(payload as LivePosition)),
    bus.subscribe('eta.>', (payload) => takeEta(payload as LiveEta)),
    bus.subscribe('alert.>', (payload) => takeAlert(payload as LiveAlert)),
    bus.subscribe('media.>', (payload) => takeMedia(payload as LiveMedia)),
    bus.subscribe('handled.>', (payload) => takeAlert(payload as HandledAlert)),
    bus.subscribe('commanded.>', (payload) => takeCommand(payload as CommandChange)),
    bus.subscribe(SESSION_ENDED, (payload) => {
      const ended = payload as { session?: string; user?: string; hash?: string };
      const has = ({ id, user }: Session): boolean =>
        id === ended.session ||
        user.id === ended.user ||
        (ended.hash !== undefined && sessionHash(id) === ended.hash);
      sendAway(({ session }) => has(session), 'signed-out');
    }),
    bus.onReconnect(() => void resync()),
  ];
  // Subscribed first: what comes while the newest are read is newer.
  await loadNewest();
  const flushing = setInterval(flush, flushEveryMs);
  let checking: Promise<void> = Promise.resolve();
  const rechecking = setInterval(() => {
    checking = checking.then(recheck);
  }, recheckEveryMs);

  return {
    positions,
    predictions,
    get viewerCount() {
      return viewers.size;
    },
    join(session, transport) {
      const same = [...viewers].filter((viewer) => viewer.session.id === session.id).length;
      if (closed || viewers.size >= maxViewers || same >= maxViewersPerSession) return null;
      const viewer = new Viewer(session, transport, viewerLimits);
      viewers.add(viewer);
      // A viewer that made room is not kept waiting for the next round.
      transport.onRoom(() => viewer.flush(newest, facts(), now()));
      return () => {
        viewers.delete(viewer);
        viewer.close('closing');
      };
    },
    flush,
    async close() {
      closed = true;
      for (const end of ends) end();
      clearInterval(flushing);
      clearInterval(rechecking);
      clearTimeout(retry);
      sendAllAway('closing');
      await Promise.all([desk.settled(), checking]);
    },
  };
}
