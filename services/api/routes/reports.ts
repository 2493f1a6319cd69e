import { Type } from 'typebox';
import type { StoredFinding } from '../../store/store.ts';
import { type ApiParts, type App, userWithShareIn } from '../app-types.ts';
import type { SummaryReport } from '../contract.ts';
import { maySeeAlert, vehicleAccess } from '../policy/policy.ts';
import { refusals } from '../schemas/basics.ts';
import { Summary } from '../schemas/registers.ts';
import { isoTime, localDay } from '../time.ts';
import { alertFacts } from '../views/alert-view.ts';
import { readSpan } from './query.ts';

const MAX_SPAN_MS = 92 * 86_400_000;
/** Alerts counted in one report. */
const MAX_ALERTS = 20_000;
const READ_AT_ONCE = 1_000;
const LIVE_MS = 30_000;
const DELAYED_MS = 90_000;

export function reportRoutes(app: App, { store, facts, hub, now }: ApiParts): void {
  app.get(
    '/reports/summary',
    {
      schema: {
        tags: ['reports'],
        summary: 'Vehicles by the age of their position, and alerts of a span; today unless said otherwise',
        querystring: Type.Object({
          from: Type.Optional(Type.String({ description: 'ISO 8601 with zone' })),
          to: Type.Optional(Type.String({ description: 'ISO 8601 with zone' })),
        }),
        response: { 200: Summary, ...refusals(400, 401, 403) },
      },
    },
    async (request): Promise<SummaryReport> => {
      const user = userWithShareIn(request, 'reports');
      const plan = facts();
      const at = now();
      const today = localDay(at, plan?.plan.timeZone ?? 'Asia/Shanghai');
      const { from, to } = readSpan(request.query, { from: today.from, to: at }, MAX_SPAN_MS);

      const vehicles = { live: 0, delayed: 0, stale: 0, never: 0 };
      const ids = new Set(plan?.plan.vehicles.keys());
      for (const { report } of hub.positions.all()) ids.add(report.vehicle);
      for (const id of ids) {
        const newest = hub.positions.get(id);
        if (vehicleAccess(user, plan, id, at, newest?.progress ?? null) === null) continue;
        const age = newest ? at - newest.report.time : null;
        if (age === null) vehicles.never++;
        else vehicles[age <= LIVE_MS ? 'live' : age <= DELAYED_MS ? 'delayed' : 'stale']++;
      }

      const seen: StoredFinding[] = [];
      let before: { start: number; id: string } | undefined;
      let read = 0;
      let more = true;
      while (more && read < MAX_ALERTS) {
        const page = await store.findings.list({
          from,
          to,
          limit: READ_AT_ONCE,
          ...(before ? { before } : {}),
        });
        read += page.length;
        more = page.length === READ_AT_ONCE;
        const last = page.at(-1)?.finding;
        before = last && { start: last.start, id: last.id };
        seen.push(
          ...page.filter((stored) => !stored.retracted && maySeeAlert(user, plan, alertFacts(stored))),
        );
      }
      const count = (keyOf: (stored: StoredFinding) => string): { [key: string]: number } => {
        const counts: { [key: string]: number } = {};
        for (const stored of seen) counts[keyOf(stored)] = (counts[keyOf(stored)] ?? 0) + 1;
        return counts;
      };
      return {
        from: isoTime(from),
        to: isoTime(to),
        vehicles,
        alerts: {
          total: seen.length,
          open: seen.filter((stored) => stored.finding.end === null).length,
          byRule: count((stored) => stored.finding.rule),
          bySeverity: count((stored) => stored.finding.severity),
          byState: count((stored) => stored.state),
        },
        truncated: more,
      };
    },
  );
}
