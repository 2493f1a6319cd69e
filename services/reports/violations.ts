import type { RuleName } from '../../geo/finding.ts';

/**
 * What police send to the employer and the education authority each month (校车安全管理条例 Art. 37): offences and
 * accidents of drivers and vehicles. What only says that a device failed, or that a bus was late, is none of it.
 */
export const VIOLATION_RULES: readonly RuleName[] = [
  'speeding',
  'route_deviation',
  'wrong_stop_order',
  'skipped_stop',
  'unapproved_vehicle',
  'unapproved_driver',
  'missing_escort',
  'child_left_behind',
  'overload',
  'unplanned_stop',
  'outside_permitted_time',
  'fatigue',
  'door_open_moving',
  'collision',
  'dsm',
];

/** Said of a dangerous section: driven too fast, stopped in, left. */
export const DANGER_RULES: readonly RuleName[] = [
  'speeding',
  'unplanned_stop',
  'harsh_driving',
  'collision',
  'door_open_moving',
];

/** The first and the last day of a month `YYYY-MM`, or null where there is no such month. */
export function monthSpan(month: string): { from: string; to: string } | null {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined || number === undefined) return null;
  const days = new Date(Date.UTC(Number(year), Number(number), 0)).getUTCDate();
  return { from: `${month}-01`, to: `${month}-${days}` };
}
