import type { FindingChange, RuleName } from '../finding.ts';
import type { Excuse } from '../plan/amendments/amendments.ts';

/** Rules about keeping to the approved route, its stops and times: what 校车安全管理条例 Art. 30 may excuse. [L1-30] */
export const EXCUSABLE: ReadonlySet<RuleName> = new Set<RuleName>([
  'route_deviation',
  'wrong_stop_order',
  'skipped_stop',
  'off_schedule',
  'unplanned_stop',
  'outside_permitted_time',
]);

/** The finding, kept as a record with the excuse that covers its beginning, where there is one. */
export function excused(
  change: FindingChange,
  route: string | null,
  excuses: readonly Excuse[],
): FindingChange {
  const { finding } = change;
  if (excuses.length === 0 || !EXCUSABLE.has(finding.rule)) return change;
  const excuse = excuseOf(finding.trip, route, finding.start, excuses);
  if (!excuse) return change;
  const { id, kind, by, note } = excuse;
  const said = { excuse: id, kind, by, ...(note === '' ? {} : { note }), law: '校车安全管理条例 Art. 30' };
  const evidence = { ...finding.evidence, excused: said, gradeWithoutExcuse: finding.severity };
  return { ...change, finding: { ...finding, severity: 'P3', evidence } };
}

/** The narrowest that holds: of the trip, of its route, of all runs. */
function excuseOf(
  trip: string | null,
  route: string | null,
  time: number,
  excuses: readonly Excuse[],
): Excuse | undefined {
  const holding = excuses.filter(({ from, to }) => time >= from && time < to);
  return (
    holding.find((excuse) => excuse.tripId !== null && excuse.tripId === trip) ??
    holding.find((excuse) => excuse.tripId === null && excuse.routeId !== null && excuse.routeId === route) ??
    holding.find((excuse) => excuse.tripId === null && excuse.routeId === null)
  );
}
