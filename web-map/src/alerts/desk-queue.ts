import type { Severity } from '../../../geo/finding.ts';
import type { AlertView } from '../../../services/api/contract.ts';
import type { AlertsById } from './alert-list.ts';

export type Stage = NonNullable<AlertView['desk']>['stage'];

/** Where an alert stands; one that was resolved before there was a desk is closed. */
export const stageOf = (alert: AlertView): Stage =>
  alert.desk?.stage ?? (alert.state === 'resolved' ? 'closed' : alert.state);

const STAGES: readonly Stage[] = ['new', 'acknowledged', 'handled', 'reviewed', 'closed'];
const GRADE: Record<Severity, number> = { P1: 0, P2: 1, P3: 2 };

/** What waits at the desk: gravest first, what nobody took up before the rest, then what has waited longest. */
export function deskQueue(alerts: AlertsById, mine: string | null = null): AlertView[] {
  return [...alerts.values()]
    .filter((alert) => !alert.retracted && stageOf(alert) !== 'closed' && alert.incident === undefined)
    .filter((alert) => mine === null || alert.desk?.assignee?.id === mine)
    .sort(
      (a, b) =>
        GRADE[a.severity] - GRADE[b.severity] ||
        STAGES.indexOf(stageOf(a)) - STAGES.indexOf(stageOf(b)) ||
        Date.parse(a.raisedAt) - Date.parse(b.raisedAt) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** Does it call for somebody with a sound: urgent, and nobody has taken it up? */
export const sounds = (alert: AlertView): boolean =>
  alert.severity === 'P1' && stageOf(alert) === 'new' && !alert.retracted && !alert.late;

/** What 校车安全管理条例 Art. 30 may excuse: leaving the route, its stops and its times. The service decides again. */
const EXCUSABLE: ReadonlySet<AlertView['rule']> = new Set<AlertView['rule']>([
  'route_deviation',
  'wrong_stop_order',
  'skipped_stop',
  'off_schedule',
  'unplanned_stop',
  'outside_permitted_time',
]);

export const mayBeExcused = (alert: AlertView): boolean =>
  EXCUSABLE.has(alert.rule) && alert.trip !== null && alert.desk?.excuse == null;
