import { createHash } from 'node:crypto';
import { projectOnLine } from '../../geo/geometry/project.ts';
import { ordersAt } from '../../geo/plan/amendments/orders-at.ts';
import type { Plan, Run, Shape } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { isoTime, isoTimeOrNull } from '../api/time.ts';
import { commandKind } from '../commands/command-table.ts';
import { readRows } from '../plan/amendment-rows.ts';
import type { CommandRow } from '../store/command-store.ts';
import type { StoredReport } from '../store/evidence-store.ts';
import type { StoredMedia } from '../store/media-store.ts';
import type { Store, StoredFinding, User } from '../store/store.ts';

/** Fixes from two minutes before the alert began to one minute after it ended. RULES 1, evidence pack. */
export const BEFORE_MS = 120_000;
export const AFTER_MS = 60_000;

export interface EvidenceLimits {
  /** An alert that goes on is covered up to now, but for no longer than this. */
  readonly longestMs: number;
  readonly maxReports: number;
  readonly maxMedia: number;
  readonly maxCommands: number;
  readonly maxLooks: number;
}

export const EVIDENCE_LIMITS: EvidenceLimits = {
  longestMs: 2 * 3_600_000,
  maxReports: 10_000,
  maxMedia: 200,
  maxCommands: 500,
  maxLooks: 2_000,
};

export interface Gathering {
  readonly store: Pick<Store, 'positions' | 'media' | 'commands' | 'desk' | 'evidence'>;
  readonly facts: PlanFacts | null;
  readonly alert: StoredFinding;
  readonly by: User;
  readonly packId: string;
  readonly at: number;
  readonly limits?: Partial<EvidenceLimits>;
}

interface Draft {
  readonly kind: string;
  readonly data: unknown;
}

/** What the pack covers of the vehicle's time. */
export function evidenceSpan(
  { start, end }: { readonly start: number; readonly end: number | null },
  at: number,
  longestMs = EVIDENCE_LIMITS.longestMs,
): { from: number; to: number } {
  const until = Math.min(end ?? at, start + longestMs);
  return { from: start - BEFORE_MS, to: Math.max(until, start) + AFTER_MS };
}

/** Everything that is known about an alert, in the order in which somebody reads it. What is not known is said too. */
export async function gatherEvidence(gathering: Gathering): Promise<Draft[]> {
  const { store, facts, alert, by, packId, at } = gathering;
  const limits = { ...EVIDENCE_LIMITS, ...gathering.limits };
  const { finding } = alert;
  const plan = facts?.plan ?? null;
  const span = evidenceSpan(finding, at, limits.longestMs);
  const run = runOf(facts, finding);
  const reports = await store.evidence.reports(finding.vehicle, span.from, span.to, limits.maxReports + 1);
  const phone = plan?.vehicles.get(finding.vehicle)?.terminalPhone ?? terminalPhone(finding.vehicle);
  const media = await store.media.list({ finding: finding.id, limit: limits.maxMedia });
  const commands = phone ? await store.commands.list({ phone, limit: limits.maxCommands }) : [];
  const steps = await store.desk.steps(finding.id);
  const looks = await store.evidence.looks([finding.id], limits.maxLooks);
  const asked = new Set(steps.flatMap(({ detail }) => detail.command ?? []));
  const sent = commands
    .filter((row) => asked.has(row.id) || (row.queuedAt >= span.from && row.queuedAt <= span.to))
    .sort((a, b) => a.seq - b.seq);
  const line = run && plan ? plan.shapes.get(run.trip.shapeId) : undefined;
  return [
    {
      kind: 'pack',
      data: {
        id: packId,
        madeAt: isoTime(at),
        madeBy: { id: by.id, login: by.login, name: by.displayName, role: by.role },
        alert: finding.id,
        vehicle: finding.vehicle,
        from: isoTime(span.from),
        to: isoTime(span.to),
        format: 1,
        hash: 'SHA-256 of the canonical JSON (RFC 8785) of {data, kind, prev, seq}; prev is the hash of the record before',
      },
    },
    {
      kind: 'alert',
      data: {
        ...finding,
        start: isoTime(finding.start),
        end: isoTimeOrNull(finding.end),
        district: alert.district,
        schools: alert.schoolIds,
        raisedAt: isoTime(alert.raisedAt),
        retracted: alert.retracted,
      },
    },
    { kind: 'rule', data: ruleOf(facts, finding) },
    ...permitsOf(plan, finding.vehicle, finding.start),
    ...(run ? runRecords(plan!, run) : [{ kind: 'run', data: null }]),
    ...ordersOf(plan, alert),
    ...reports.slice(0, limits.maxReports).map((report) => ({
      kind: 'report',
      data: { ...reportOf(report), match: line ? matchOf(line, report.report) : null },
    })),
    { kind: 'reports', data: reportsNote(reports, limits.maxReports) },
    ...media.map((one) => ({ kind: 'medium', data: mediumOf(one) })),
    ...(await Promise.all(sent.map(async (row) => commandOf(row, await store.commands.events(row.id))))),
    ...steps.map((step) => ({ kind: 'step', data: { ...step, at: isoTime(step.at) } })),
    ...looks.map((look) => ({ kind: 'look', data: { ...look, at: isoTime(look.at) } })),
  ];
}

const terminalPhone = (vehicle: string): string | null => /^terminal:(\d+)$/.exec(vehicle)?.[1] ?? null;

function runOf(facts: PlanFacts | null, finding: StoredFinding['finding']): Run | null {
  const runs = facts?.dayAt(finding.start).runsByVehicle.get(finding.vehicle) ?? [];
  return (
    runs.find(({ trip }) => trip.id === finding.trip) ??
    facts?.dayAt(finding.start).runsByTrip.get(finding.trip ?? '')?.[0] ??
    null
  );
}

/** The rule with the numbers that were in force; which plan judged it, and whether that plan is still the one read here. */
function ruleOf(facts: PlanFacts | null, { rule, evidence }: StoredFinding['finding']): unknown {
  const judgedBy = typeof evidence.planVersion === 'string' ? evidence.planVersion : null;
  const inForce = facts?.plan.version ?? null;
  return {
    rule,
    judgedByPlan: judgedBy,
    registersOfPlan: inForce,
    registersAreThoseThatJudged: judgedBy !== null && judgedBy === inForce,
    parameters: evidence.parameters ?? evidence.settings ?? null,
    limit: evidence.limitKmh ?? evidence.limit ?? null,
    limitSource: evidence.limitSource ?? evidence.source ?? null,
    overrides: readRows('rule_settings.csv', facts?.files?.get('rule_settings.csv')).filter(
      (row) => row.rule === rule || row.rule === 'machinery' || row.rule === 'matching',
    ),
  };
}

function permitsOf(plan: Plan | null, vehicleId: string, time: number): Draft[] {
  const vehicle = plan?.vehicles.get(vehicleId) ?? null;
  const operator = vehicle?.operatorId ?? null;
  return [
    {
      kind: 'vehicle',
      data: vehicle && {
        ...vehicle,
        operator: operator === null ? null : (plan?.agencies.get(operator)?.name ?? operator),
      },
    },
    { kind: 'permits', data: { asOf: isoTime(time), permits: plan?.permitsByVehicle.get(vehicleId) ?? [] } },
  ];
}

/** The run with its crew and stops. Pupils by their number in the register and stop: names are nobody's evidence. */
function runRecords(plan: Plan, run: Run): Draft[] {
  const { trip } = run;
  const at = (seconds: number) => isoTime(run.start + (seconds - trip.startS) * 1000);
  const person = (id: string | null) => {
    const one = plan.people.get(id ?? '');
    return one
      ? { id: one.id, name: one.name, licenceNo: one.licenceNo, licenceValidTo: one.licenceValidTo }
      : null;
  };
  const route = plan.routes.get(trip.routeId);
  return [
    {
      kind: 'run',
      data: {
        trip: trip.id,
        serviceDate: run.serviceDate,
        route: route ? { id: route.id, shortName: route.shortName, longName: route.longName } : trip.routeId,
        start: isoTime(run.start),
        end: isoTime(run.end),
        vehicle: run.vehicleId,
        driver: person(run.driverId),
        escort: person(run.escortId),
        schools: trip.schoolIds.map((id) => plan.schools.get(id)?.name ?? id),
        stops: trip.stopTimes.map((call) => {
          const stop = plan.stops.get(call.stopId);
          return {
            id: call.stopId,
            name: stop?.name ?? call.stopId,
            lat: stop?.lat ?? null,
            lon: stop?.lon ?? null,
            arrival: at(call.arrivalS),
            departure: at(call.departureS),
          };
        }),
      },
    },
    {
      kind: 'roster',
      data: {
        note: 'pupils by their number in the register; no names',
        riders: [...(plan.rosterByTrip.get(trip.id) ?? [])].map(([rider, stop]) => ({ rider, stop })),
      },
    },
  ];
}

function ordersOf(plan: Plan | null, { finding }: StoredFinding): Draft[] {
  const { lat, lon, vehicle, trip, start } = finding;
  const orders = plan && lat !== null && lon !== null ? ordersAt(plan, vehicle, trip, start, lat, lon) : [];
  const instant = (time: number) => (Number.isFinite(time) ? isoTime(time) : null);
  const said = orders.map((order) => ({ ...order, from: instant(order.from), to: instant(order.to) }));
  return [{ kind: 'weather_orders', data: said }];
}

function reportOf({ report, body }: StoredReport): { readonly [name: string]: unknown } {
  const { vehicle: _, ...rest } = report;
  return {
    ...rest,
    time: isoTime(report.time),
    receivedAt: isoTime(report.receivedAt),
    bodyHex: Buffer.from(body).toString('hex'),
  };
}

/** Where the fix falls on the line that was planned. */
function matchOf(line: Shape, { lon, lat, positioned }: Report): unknown {
  const place = positioned ? projectOnLine(line, [lon, lat]) : null;
  if (!place) return null;
  const tenth = (metres: number) => Math.round(metres * 10) / 10;
  return { alongM: tenth(place.alongM), fromLineM: tenth(place.distanceM) };
}

/** The key of the store of files is nobody's; the file itself goes by its hash. */
function mediumOf({ file, ...one }: StoredMedia): unknown {
  return {
    ...one,
    time: isoTime(one.time),
    receivedAt: isoTime(one.receivedAt),
    file: file && { contentType: file.contentType, bytes: file.bytes, sha256: file.sha256 },
  };
}

function reportsNote(reports: readonly StoredReport[], most: number): unknown {
  const bodies = createHash('sha256');
  for (const { body } of reports.slice(0, most)) bodies.update(body);
  return {
    count: Math.min(reports.length, most),
    truncated: reports.length > most,
    bodiesSha256: bodies.digest('hex'),
    raw:
      'bodyHex is the body of the message as received (JT/T 808 0x0200, or an item of 0x0704). The head, the check ' +
      'sum and the 7e flags of its frame are checked on arrival and not kept.',
    rawZh:
      '“报文体”为收到的 0x0200 消息体（或 0x0704 中的一项）原文；帧头、校验码与 7e 标识位在接收时校验，不予保存。',
  };
}

function commandOf(
  row: CommandRow,
  events: readonly { readonly at: number; readonly event: string; readonly detail: unknown }[],
): Draft {
  return {
    kind: 'command',
    data: {
      id: row.id,
      type: row.type,
      what: commandKind(row.type)?.summary ?? row.type,
      request: row.request,
      by: row.userName,
      queuedAt: isoTime(row.queuedAt),
      sentAt: isoTimeOrNull(row.sentAt),
      endedAt: isoTimeOrNull(row.endedAt),
      state: row.state,
      reason: row.reason,
      answers: row.answers,
      events: events.map((event) => ({ ...event, at: isoTime(event.at) })),
    },
  };
}
