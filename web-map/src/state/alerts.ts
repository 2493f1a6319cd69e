import type { Severity } from '../../../geo/finding.ts';
import type { AlertView } from '../../../services/api/contract.ts';
import { type AlertsById, alertByBus, withAlerts } from '../alerts/alert-list.ts';
import { createStore } from './store.ts';

export interface Alerts {
  byId: AlertsById;
  /** The worst open alert of each bus, for its colour. */
  byBus: ReadonlyMap<string, Severity>;
  /** Ids that came live since the page was opened, so that the list may show them arriving. */
  fresh: ReadonlySet<string>;
  /** Where older ones go on; null when there are none. */
  next: string | null;
  loaded: boolean;
  /** False for those whose account has no share in alerts. */
  permitted: boolean;
}

/** Kept in the page at most; older ones are a request away. */
const MOST_KEPT = 2_000;

const none: Alerts = {
  byId: new Map(),
  byBus: new Map(),
  fresh: new Set(),
  next: null,
  loaded: false,
  permitted: true,
};

export const alerts = createStore<Alerts>(none);

function replace(byId: AlertsById, change: Partial<Alerts>): void {
  alerts.update((now) => ({ ...now, ...change, byId, byBus: alertByBus(byId) }));
}

/** One or more alerts that changed, live or by the user's own doing. */
export function takeAlerts(come: readonly AlertView[]): AlertView[] {
  const now = alerts.get();
  const news = come.filter(
    (alert) =>
      !now.byId.has(alert.id) &&
      (alert.replaces === undefined || !now.byId.has(alert.replaces)) &&
      !alert.late,
  );
  replace(trimmed(withAlerts(now.byId, come)), {
    fresh: new Set([...[...now.fresh].slice(-50), ...news.map((alert) => alert.id)]),
  });
  return news;
}

/**
 * The newest page of the list, taken for the truth in place of all that was known. Only what was heard live since it
 * was asked for is kept beside it, since that may be newer than the answer.
 */
export function takeAlertSnapshot(
  come: readonly AlertView[],
  next: string | null,
  heardSince: readonly AlertView[],
): void {
  const snapshot = withAlerts(new Map(), come);
  const newer = heardSince.filter(
    (heard) => heard.end !== null || (snapshot.get(heard.id)?.end ?? null) === null,
  );
  replace(withAlerts(snapshot, newer), { next, loaded: true });
}

export function takeOlderAlerts(come: readonly AlertView[], next: string | null): void {
  replace(withAlerts(alerts.get().byId, come), { next });
}

export function noAlertsPermitted(): void {
  alerts.set({ ...none, loaded: true, permitted: false });
}

export function forgetAlerts(): void {
  alerts.set(none);
}

function trimmed(byId: Map<string, AlertView>): Map<string, AlertView> {
  if (byId.size <= MOST_KEPT) return byId;
  const oldest = [...byId.values()].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  for (const alert of oldest.slice(0, byId.size - MOST_KEPT)) byId.delete(alert.id);
  return byId;
}
