import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { chinaDate, dayAfter, daysIn, startOfDay } from '../../reports/days.ts';
import {
  type DangerLine,
  dangersDocument,
  type GateLine,
  gatesDocument,
  type LeadLine,
  leadsDocument,
  type Made,
  type Notice,
  noticeDocument,
  type ReportLanguage,
  supervisionDocument,
} from '../../reports/make-documents.ts';
import type { ReportDocument } from '../../reports/report-document.ts';
import { GROUPINGS, type SupervisionReport, supervisionReport } from '../../reports/supervision.ts';
import { DANGER_RULES, monthSpan, VIOLATION_RULES } from '../../reports/violations.ts';
import type { ReportScope } from '../../store/report-store.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userWithShareIn } from '../app-types.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { may, maySeeAlert, maySeeSchool, POLICY, vehicleAccess } from '../policy/policy.ts';
import { isWide } from '../policy/register-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { alertFacts } from '../views/alert-view.ts';
import { groupsOfVehicle } from '../views/report-groups.ts';

const MOST_DAYS = 92;
/** Findings listed in one monthly notice. */
const MOST_LINES = 5_000;
const MOST_LEADS = 500;
/** A bus a little beside a section is on it still. */
const NEAR_M = 30;

const DATE = '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$';
const format = Type.Optional(words(['json', 'xlsx', 'pdf'], 'json unless given'));
const language = Type.Optional(words(['zh', 'en'], 'Of the file; the login’s own unless given'));
const Span = {
  from: Type.Optional(Type.String({ pattern: DATE, description: 'YYYY-MM-DD; 30 days ago unless given' })),
  to: Type.Optional(Type.String({ pattern: DATE, description: 'Included; today unless given' })),
  format,
  language,
};
const answers = { response: { 200: Type.Any(), ...refusals(400, 401, 403, 409) } };
const tags = ['reports'];

interface FileWish {
  readonly format?: 'json' | 'xlsx' | 'pdf';
  readonly language?: ReportLanguage;
}

/** What police, transport and education look at and are rated by, as tables and as files. */
export function supervisionRoutes(app: App, { store, facts, hub, now }: ApiParts): void {
  const { reports } = store;

  const ask = (
    request: FastifyRequest,
  ): { user: User; plan: PlanFacts; scope: ReportScope; vehicles: string[] } => {
    const user = userWithShareIn(request, 'reports');
    const plan = planInForce(facts());
    const at = now();
    const vehicles = [...plan.plan.vehicles.values()]
      .filter(
        ({ id, retiredOn }) => retiredOn === null || retiredOn > chinaDate(at).replaceAll('-', '') || !id,
      )
      .map(({ id }) => id)
      .filter((id) => vehicleAccess(user, plan, id, at, null) !== null);
    return { user, plan, vehicles, scope: isWide(user) ? {} : { vehicles } };
  };

  /** Findings are narrowed as alerts are: by what they were of when they were found. */
  const findingScope = (user: User, scope: ReportScope): ReportScope => {
    const reach = POLICY[user.role].alerts;
    if (isWide(user)) return {};
    if (reach === 'district' && user.district !== null) return { district: user.district };
    if (reach === 'school' && user.schoolId !== null) return { school: user.schoolId };
    return scope;
  };

  const spanOf = ({ from, to }: { from?: string; to?: string }): { from: string; to: string } => {
    const today = chinaDate(now());
    const last = to ?? today;
    const first = from ?? dayAfter(last, -29);
    if (Number.isNaN(startOfDay(first)) || Number.isNaN(startOfDay(last)) || first > last)
      throw new ProblemError('bad-request', 'from is after to, or one of them is no day');
    if (daysIn(first, last) > MOST_DAYS)
      throw new ProblemError('bad-request', `at most ${MOST_DAYS} days at a time`);
    return { from: first, to: last };
  };

  const millis = ({ from, to }: { from: string; to: string }) =>
    [startOfDay(from), startOfDay(dayAfter(to))] as const;

  /** JSON, or the same as a file, which is audited: it leaves the house. */
  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    user: User,
    name: string,
    wish: FileWish,
    view: unknown,
    documentOf: (made: Made, language: ReportLanguage) => ReportDocument,
  ): Promise<unknown> {
    const { format: kind = 'json', language: wanted = user.language } = wish;
    if (kind === 'json') return view;
    const document = documentOf({ by: user.displayName, at: now() }, wanted);
    await store.audit.append({
      at: now(),
      userId: user.id,
      action: 'report-export',
      subject: name,
      detail: { format: kind },
      remote: request.ip,
    });
    const bytes =
      kind === 'pdf'
        ? await (await import('../../reports/report-pdf.ts')).reportPdf(document)
        : await (await import('../../reports/report-sheet.ts')).reportSheet(document);
    const type =
      kind === 'pdf'
        ? 'application/pdf'
        : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const called = encodeURIComponent(`${document.title} ${name}.${kind}`);
    return reply
      .type(type)
      .header('content-disposition', `attachment; filename="${name}.${kind}"; filename*=UTF-8''${called}`)
      .send(bytes);
  }

  app.get(
    '/reports/supervision',
    {
      schema: {
        tags,
        summary:
          'Indicators of supervision (入网率, 上线率, 轨迹完整率, 数据合格率, 漂移车辆率, 处置率) by group and by day',
        querystring: Type.Object({ ...Span, by: Type.Optional(words(GROUPINGS, 'provider unless given')) }),
        ...answers,
      },
    },
    async (request, reply) => {
      const { user, plan, scope, vehicles } = ask(request);
      const { by = 'provider', ...query } = request.query;
      const span = spanOf(query);
      const { groupsOf, nameOf } = groupsOfVehicle(plan, by, now(), (school) =>
        maySeeSchool(user, plan, school, now()),
      );
      const heard = new Set([...hub.positions.all()].map(({ report }) => report.vehicle));
      const report: SupervisionReport = await supervisionReport(reports, plan.plan, {
        ...span,
        by,
        vehicles,
        scope: { ...scope },
        groupsOf,
        nameOf,
        heard,
      });
      return answer(request, reply, user, 'supervision', query, report, (made, of) =>
        supervisionDocument(report, made, of),
      );
    },
  );

  app.get(
    '/reports/violations',
    {
      schema: {
        tags,
        summary: 'Offences and accidents of a month by carrier, for the notice of Art. 37',
        querystring: Type.Object({
          month: Type.Optional(
            Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'This month unless given' }),
          ),
          provider: Type.Optional(Type.String({ maxLength: 200 })),
          format,
          language,
        }),
        ...answers,
      },
    },
    async (request, reply) => {
      const { user, plan, scope, vehicles } = ask(request);
      const { month = chinaDate(now()).slice(0, 7), provider, ...wish } = request.query;
      const span = monthSpan(month);
      if (!span) throw new ProblemError('bad-request', 'month takes YYYY-MM');
      const operatorOf = (vehicle: string) => plan.plan.vehicles.get(vehicle)?.operatorId ?? null;
      const own =
        provider === undefined ? null : vehicles.filter((vehicle) => operatorOf(vehicle) === provider);
      const within = { ...findingScope(user, scope), ...(own ? { vehicles: own } : {}) };
      const rows = await reports.violations(...millis(span), within, VIOLATION_RULES, MOST_LINES + 1);
      const listed = rows.slice(0, MOST_LINES);
      const nameOf = (vehicle: string): string => {
        const operator = operatorOf(vehicle);
        return operator === null ? '—' : (plan.plan.agencies.get(operator)?.name ?? operator);
      };
      const lines = listed.map((row) => ({
        id: row.id,
        provider: nameOf(row.vehicle),
        time: row.start,
        vehicle: row.vehicle,
        plate: plan.plan.vehicles.get(row.vehicle)?.plate || row.vehicle,
        driver: driverOf(plan, row.trip, row.start),
        rule: row.rule,
        severity: row.severity,
        route: routeOf(plan, row.trip),
        what: row.explain,
        state: row.state,
      }));
      const counts = new Map<string, { provider: string; rule: string; total: number }>();
      for (const { provider: of, rule } of lines) {
        const key = `${of}\n${rule}`;
        const known = counts.get(key) ?? { provider: of, rule, total: 0 };
        known.total++;
        counts.set(key, known);
      }
      const notice: Notice & { lines: typeof lines } = {
        month,
        ...span,
        counts: [...counts.values()].sort(
          (a, b) => a.provider.localeCompare(b.provider) || b.total - a.total,
        ),
        lines,
        left: rows.length > MOST_LINES ? 1 : 0,
      };
      if (wish.format === undefined || wish.format === 'json') {
        // Drivers are named in what is sent to their employer, and nowhere before.
        return { ...notice, lines: lines.slice(0, 500).map(({ driver: _, ...line }) => line) };
      }
      return answer(request, reply, user, `violations-${month}`, wish, null, (made, of) =>
        noticeDocument(notice, made, of),
      );
    },
  );

  app.get(
    '/reports/danger-sections',
    {
      schema: {
        tags,
        summary: 'Alerts at each dangerous section',
        querystring: Type.Object(Span),
        ...answers,
      },
    },
    async (request, reply) => {
      const { user, plan, scope } = ask(request);
      const span = spanOf(request.query);
      const sections = plan.plan.fences.filter(({ kind }) => kind === 'danger_section');
      const places = sections.map(({ id, geometry }) => ({ id, geometry: JSON.stringify(geometry) }));
      const counts = await reports.findingsAt(...millis(span), findingScope(user, scope), places, NEAR_M);
      const lines: DangerLine[] = sections
        .map(({ id, name, kind }) => {
          const own = counts.filter(
            (one) => one.place === id && (DANGER_RULES as readonly string[]).includes(one.rule),
          );
          return {
            section: id,
            name,
            kind,
            rules: own.map(({ rule, total }) => ({ rule, total })),
            total: own.reduce((sum, one) => sum + one.total, 0),
            vehicles: Math.max(0, ...own.map((one) => one.vehicles)),
            worst: own.map((one) => one.worst).sort()[0] ?? null,
          };
        })
        .sort((a, b) => b.total - a.total);
      return answer(
        request,
        reply,
        user,
        'danger-sections',
        request.query,
        { ...span, items: lines },
        (made, of) => dangersDocument(lines, span, made, of),
      );
    },
  );

  app.get(
    '/reports/gates',
    {
      schema: {
        tags,
        summary: 'Buses standing at the gates of schools, by quarter of an hour',
        querystring: Type.Object({ ...Span, school: Type.Optional(Type.String({ maxLength: 200 })) }),
        ...answers,
      },
    },
    async (request, reply) => {
      const { user, plan } = ask(request);
      const span = spanOf(request.query);
      const { school } = request.query;
      const schools = [...plan.plan.schools.values()]
        .filter(({ id }) => (school === undefined || id === school) && maySeeSchool(user, plan, id, now()))
        .map(({ id }) => id);
      if (school !== undefined && schools.length === 0) throw new ProblemError('not-found');
      const found = await reports.gateQuarters(span.from, span.to, schools);
      const lines: GateLine[] = found.map((one) => ({
        school: one.school,
        name: plan.plan.schools.get(one.school)?.name ?? one.school,
        quarter: one.quarter,
        days: one.days,
        perDay: Math.round((one.visits / one.days) * 10) / 10,
        most: one.most,
        meanMin: Math.round((one.stoodS / one.visits / 60) * 10) / 10,
        longestMin: Math.round((one.longestS / 60) * 10) / 10,
      }));
      return answer(request, reply, user, 'gates', request.query, { ...span, items: lines }, (made, of) =>
        gatesDocument(lines, span, made, of),
      );
    },
  );

  app.get(
    '/reports/leads',
    {
      schema: {
        tags,
        summary:
          'Vehicles that drive like school buses and are none: leads to be looked into, with the days they rest on',
        querystring: Type.Object(Span),
        ...answers,
      },
    },
    async (request, reply) => {
      const { user, plan } = ask(request);
      // Leads are the authorities' to look into; a carrier or a school is not to see who is suspected.
      if (!may(user, 'hold')) throw new ProblemError('forbidden');
      const span = spanOf(request.query);
      const [from, to] = millis(span);
      const found = await store.findings.list({ rules: ['illegal_school_run'], from, to, limit: MOST_LEADS });
      const lines: LeadLine[] = found
        .filter((stored) => !stored.retracted && maySeeLead(user, plan, stored))
        .map(({ finding, state }) => {
          const { school, days, samePlaces, score, runs } = finding.evidence;
          return {
            id: finding.id,
            vehicle: plan.plan.vehicles.get(finding.vehicle)?.plate || finding.vehicle,
            vehicleId: finding.vehicle,
            school: plan.plan.schools.get(String(school))?.name ?? String(school ?? ''),
            schoolId: String(school ?? ''),
            days: Number(days ?? 0),
            samePlaces: Number(samePlaces ?? 0),
            score: Number(score ?? 0),
            state,
            start: finding.start,
            lat: finding.lat,
            lon: finding.lon,
            runs: runsOf(runs),
          };
        })
        .sort((a, b) => b.score - a.score);
      return answer(request, reply, user, 'leads', request.query, { ...span, items: lines }, (made, of) =>
        leadsDocument(lines, span, made, of),
      );
    },
  );

  /** A vehicle that nobody has registered is of no district: its lead is of the school's. */
  function maySeeLead(user: User, plan: PlanFacts, stored: Parameters<typeof alertFacts>[0]): boolean {
    if (maySeeAlert(user, plan, alertFacts(stored))) return true;
    const school = stored.finding.evidence.school;
    return typeof school === 'string' && maySeeSchool(user, plan, school, now());
  }
}

function runsOf(runs: unknown): LeadLine['runs'] {
  if (!Array.isArray(runs)) return [];
  return runs.map((run: { [key: string]: unknown }) => ({
    date: String(run.date ?? ''),
    way: String(run.way ?? ''),
    gateAt: String(run.gateAt ?? ''),
    places: Array.isArray(run.places) ? run.places.length : 0,
  }));
}

function routeOf({ plan }: PlanFacts, trip: string | null): string {
  const route = trip === null ? undefined : plan.routes.get(plan.trips.get(trip)?.routeId ?? '');
  return route ? route.shortName || route.longName || route.id : '';
}

/** Who was to drive the trip then, by the plan in force. */
function driverOf({ plan }: PlanFacts, trip: string | null, time: number): string {
  if (trip === null) return '';
  const run = plan.runsAt(time, 3_600).find((one) => one.trip.id === trip);
  return run?.driverId ? (plan.people.get(run.driverId)?.name ?? run.driverId) : '';
}
