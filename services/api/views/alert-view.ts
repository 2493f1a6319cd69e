import type { Finding } from '../../../geo/finding.ts';
import type { DeskState, Person } from '../../desk/handling.ts';
import type { StoredFinding } from '../../store/store.ts';
import type { AlertDeskView, AlertView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import type { AlertFacts } from '../policy/policy.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';
import { routeName, routeShortName } from './position-view.ts';

/** What people did about a finding. */
export type Handling = Omit<StoredFinding, 'finding' | 'district' | 'schoolIds' | 'retracted' | 'incident'>;

export function alertView(
  facts: PlanFacts | null,
  finding: Finding,
  handling: Handling,
  retracted: boolean,
): AlertView {
  const plan = facts?.plan;
  const route = plan?.routes.get(plan.trips.get(finding.trip ?? '')?.routeId ?? '');
  return {
    id: finding.id,
    rule: finding.rule,
    vehicle: finding.vehicle,
    plate: plan?.vehicles.get(finding.vehicle)?.plate ?? providerName(facts, finding),
    trip: finding.trip,
    routeName: route ? routeName(route) : null,
    routeShortName: route ? routeShortName(route) : null,
    severity: finding.severity,
    start: isoTime(finding.start),
    end: isoTimeOrNull(finding.end),
    lat: finding.lat,
    lon: finding.lon,
    late: finding.late,
    evidence: { ...finding.evidence },
    state: handling.state,
    acknowledgedAt: isoTimeOrNull(handling.acknowledgedAt),
    acknowledgedBy: handling.acknowledgedBy,
    resolvedAt: isoTimeOrNull(handling.resolvedAt),
    resolvedBy: handling.resolvedBy,
    resolution: handling.resolution,
    note: handling.note,
    raisedAt: isoTime(handling.raisedAt),
    retracted,
    ...(finding.shadow ? { shadow: true as const } : {}),
    ...(handling.desk ? { desk: deskView(handling.desk) } : {}),
  };
}

const person = (stamp: { readonly by: Person } | null) => stamp && { id: stamp.by.id, name: stamp.by.name };

const deskView = (desk: DeskState): AlertDeskView => ({
  stage: desk.stage,
  assignee: desk.assignee && { id: desk.assignee.id, name: desk.assignee.name },
  level: desk.level,
  handledBy: person(desk.handled),
  handledAt: isoTimeOrNull(desk.handled?.at ?? null),
  reason: desk.handled?.reason ?? null,
  deed: desk.handled?.deed ?? null,
  verdict: desk.reviewed?.verdict ?? null,
  reviewedBy: person(desk.reviewed),
  reviewedAt: isoTimeOrNull(desk.reviewed?.at ?? null),
  closedAt: isoTimeOrNull(desk.closed?.at ?? null),
  excuse: desk.excuse,
  handedOver: desk.handedOver && { ...desk.handedOver, at: isoTime(desk.handedOver.at) },
  steps: desk.steps,
});

/** An incident of a provider goes by the provider's name. */
const providerName = (facts: PlanFacts | null, { evidence }: Finding): string | null =>
  typeof evidence.provider === 'string'
    ? (facts?.plan.agencies.get(evidence.provider)?.name ?? evidence.provider)
    : null;

export const storedAlertView = (facts: PlanFacts | null, stored: StoredFinding): AlertView => ({
  ...alertView(facts, stored.finding, stored, stored.retracted),
  ...(stored.incident ? { incident: stored.incident } : {}),
});

/** The finding as the policy sees it. */
export const alertFacts = (of: {
  finding: Finding;
  district: string | null;
  schoolIds: readonly string[];
}): AlertFacts => ({
  vehicle: of.finding.vehicle,
  start: of.finding.start,
  district: of.district,
  schoolIds: of.schoolIds,
});
