import type { AlertView } from '../../../services/api/contract.ts';
import { api } from '../api/client.ts';
import { type Live, openLive } from '../api/live.ts';
import { hearServerStamp, hearServerTime, serverNow } from '../clock.ts';
import { forgetAlerts, noAlertsPermitted, takeAlertSnapshot, takeAlerts } from './alerts.ts';
import { catchUpOnCommands, forgetCommands, takeCommandChange } from './commands.ts';
import { buses, dropOthers, forgetFleet } from './fleet.ts';
import { askLinesOf, forgetInbox, inboxEmpty, receivePositions } from './inbox.ts';
import { link } from './link.ts';
import { forgetMedia, takeMedia } from './media.ts';
import { forgetPlan, linesOf, loadPlan, loadRegister, register } from './plan.ts';
import { findSession, session } from './session.ts';
import { createStore } from './store.ts';

const ALERT_PAGE = 200;
/** Runs and crews change with the hours; positions and alerts come by themselves. */
const REGISTER_EVERY_MS = 300_000;
const PLAN_EVERY_MS = 60_000;
const SNAPSHOT_RETRY_MS = 3_000;
/** Whoever is shown a bus only during its run is not told when that ends, so it is asked. */
const SIGHT_EVERY_MS = 60_000;

/** Has the first snapshot come? Before it an empty map means nothing. */
export const fleetLoaded = createStore(false);

let live: Live | null = null;

/** Keeps plan, buses and alerts up to date while somebody is signed in. Returns what ends it. */
export function startMonitor(): () => void {
  let ended = false;
  let snapshotTimer: ReturnType<typeof setTimeout> | undefined;
  let wasUp = false;
  let heardSince: AlertView[] = [];
  askLinesOf(linesOf);
  // The map is built from it, so it is asked for at once and not only when the connection stands.
  void loadPlan();

  async function askPositions(): Promise<boolean> {
    const askedAt = serverNow();
    const present = new Set<string>();
    for (let after: number | null = 0; after !== null; ) {
      const page = await api.latestPositions(after);
      if (ended || !page.ok) return false;
      hearServerTime(page.value.at);
      for (const { vehicle } of page.value.items) present.add(vehicle);
      receivePositions(page.value.items);
      after = page.value.next ?? null;
    }
    await inboxEmpty();
    if (ended) return false;
    dropOthers(present, askedAt);
    fleetLoaded.set(true);
    return true;
  }

  async function askAlerts(): Promise<boolean> {
    const page = await api.alerts({ limit: ALERT_PAGE });
    if (ended) return false;
    const forbidden = !page.ok && page.fault.kind === 'forbidden';
    if (page.ok) takeAlertSnapshot(page.value.items, page.value.next, heardSince);
    if (forbidden) noAlertsPermitted();
    return page.ok || forbidden;
  }

  /** The snapshot is the truth, the socket a hint: after each (re)connection everything is fetched once more. */
  async function catchUp(): Promise<void> {
    clearTimeout(snapshotTimer);
    heardSince = [];
    // Alerts are few and matter most: they are not kept waiting for ten thousand positions.
    const [haveAlerts, havePositions] = await Promise.all([askAlerts(), askPositions(), loadPlan()]);
    if (ended) return;
    if (!havePositions || !haveAlerts) {
      snapshotTimer = setTimeout(catchUp, SNAPSHOT_RETRY_MS);
      return;
    }
    if (link.get().status === 'catchingUp') link.set({ status: 'up', again: wasUp });
    wasUp = true;
    void loadRegister();
    void catchUpOnCommands();
  }

  live = openLive({
    up: () => {
      link.set({ status: 'catchingUp' });
      void catchUp();
    },
    down: () => {
      if (link.get().status !== 'down') link.set({ status: 'down', since: Date.now() });
    },
    refused: () =>
      void findSession().then(() => !ended && setTimeout(() => live?.retryNow(), SNAPSHOT_RETRY_MS)),
    positions: (positions) => {
      const last = positions.at(-1);
      if (last) hearServerStamp(last.receivedAt);
      if (positions.some(({ vehicle }) => !buses.has(vehicle) && !register.get().has(vehicle)))
        askRegisterSoon();
      receivePositions(positions);
    },
    command: (change) => void takeCommandChange(change),
    alert: (alert) => {
      hearServerStamp(alert.raisedAt);
      if (link.get().status === 'catchingUp') heardSince.push(alert);
      takeAlerts([alert]);
    },
    media: takeMedia,
  });

  let soon: ReturnType<typeof setTimeout> | undefined;
  function askRegisterSoon(): void {
    soon ??= setTimeout(() => {
      soon = undefined;
      void loadRegister();
    }, SNAPSHOT_RETRY_MS);
  }
  const registerTimer = setInterval(() => void loadRegister(), REGISTER_EVERY_MS);
  const sightTimer = seesOwnBusOnly() ? setInterval(() => void askPositions(), SIGHT_EVERY_MS) : undefined;
  // An import is seen at the latest so much after it.
  const planTimer = setInterval(() => void loadPlan(), PLAN_EVERY_MS);

  return () => {
    ended = true;
    clearTimeout(snapshotTimer);
    clearTimeout(soon);
    clearInterval(registerTimer);
    clearInterval(planTimer);
    clearInterval(sightTimer);
    live?.close();
    live = null;
    link.set({ status: 'connecting' });
    fleetLoaded.set(false);
    forgetInbox();
    forgetFleet();
    forgetAlerts();
    forgetCommands();
    forgetMedia();
    forgetPlan();
  };
}

function seesOwnBusOnly(): boolean {
  const now = session.get();
  return now.status === 'in' && (now.view.user.role === 'guardian' || now.view.user.role === 'escort');
}

export function retryConnection(): void {
  live?.retryNow();
}
