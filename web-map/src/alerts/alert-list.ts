import type { Severity } from '../../../geo/finding.ts';
import type { AlertView } from '../../../services/api/contract.ts';

export type AlertsById = ReadonlyMap<string, AlertView>;

/**
 * The list after some alerts came, from a snapshot or live. Handling only moves forward, so an older answer that
 * arrives after a newer one undoes nothing.
 */
export function withAlerts(now: AlertsById, come: readonly AlertView[]): Map<string, AlertView> {
  const next = new Map(now);
  for (const alert of come) {
    if (alert.replaces !== undefined) next.delete(alert.replaces);
    const known = next.get(alert.id);
    next.set(alert.id, known && isBehind(alert, known) ? { ...alert, ...handlingOf(known) } : alert);
  }
  return next;
}

/** Steps are only ever added, even where one takes another back; what has fewer was said before. */
function isBehind(alert: AlertView, known: AlertView): boolean {
  const steps = (of: AlertView) => of.desk?.steps ?? 0;
  return steps(known) - steps(alert) > 0 || (steps(known) === steps(alert) && rank(known) > rank(alert));
}

function rank(alert: AlertView): number {
  return { new: 0, acknowledged: 1, resolved: 2 }[alert.state];
}

function handlingOf(alert: AlertView): Partial<AlertView> {
  const { state, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy, resolution, note, desk } = alert;
  const handling = { state, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy, resolution, note };
  return desk ? { ...handling, desk } : handling;
}

/** Does somebody still have to look at it? */
export function isOpen(alert: AlertView): boolean {
  return alert.state !== 'resolved' && !alert.retracted;
}

/** Does it colour its bus? While it lasts, and an urgent one until somebody has taken it up. */
export function coloursBus(alert: AlertView): boolean {
  return isOpen(alert) && (alert.end === null || (alert.severity === 'P1' && alert.state === 'new'));
}

/** As the list shows them: urgent ones that nobody has taken up yet on top, then newest first. */
export function inOrderOfCare(alerts: AlertsById): AlertView[] {
  const waits = (alert: AlertView) => alert.severity === 'P1' && alert.state === 'new' && isOpen(alert);
  const all = newestFirst(alerts);
  return [...all.filter(waits), ...all.filter((alert) => !waits(alert))];
}

/** Newest start first, then by id: the order in which the service lists them. */
export function newestFirst(alerts: AlertsById): AlertView[] {
  return [...alerts.values()].sort(
    (a, b) => Date.parse(b.start) - Date.parse(a.start) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
  );
}

const WORST: Record<Severity, number> = { P1: 0, P2: 1, P3: 2 };

/** The worst alert that colours each bus. */
export function alertByBus(alerts: AlertsById): Map<string, Severity> {
  const worst = new Map<string, Severity>();
  for (const alert of alerts.values()) {
    if (!coloursBus(alert)) continue;
    const known = worst.get(alert.vehicle);
    if (!known || WORST[alert.severity] < WORST[known]) worst.set(alert.vehicle, alert.severity);
  }
  return worst;
}

export interface AlertFilter {
  readonly severities: readonly Severity[];
  readonly openOnly: boolean;
}

export function passes(alert: AlertView, filter: AlertFilter): boolean {
  return filter.severities.includes(alert.severity) && (!filter.openOnly || isOpen(alert));
}
