import type { Plan } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { alertSubject, liveSubject } from '../bus/subjects.ts';
import type { EtaDesk } from '../eta/start-eta.ts';
import type { FindingWrite } from '../store/store.ts';
import type { Draft } from './draft.ts';
import type { LiveAlert, LivePosition } from './live-events.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** For a run that serves no school, and a vehicle that is on no run: an empty id, whose token is `=`. */
const NO_SCHOOL = [''];

/** After a commit: where every vehicle in it is now, and what has changed of its findings. */
export function publishCommitted(
  bus: Bus,
  rules: RulesInForce,
  draft: Draft,
  eta: EtaDesk | null = null,
): void {
  const { judge } = rules;
  for (const lane of draft.lanes) {
    const { vehicle, newest, newestJudged } = lane;
    // Late uploads leave the newest report as it was: nothing moves.
    if (lane.state === 'lost' || !newest || newest === lane.shown) continue;
    lane.shown = newest;
    if (eta && newestJudged) eta.committed(newest, newestJudged);
    const run = judge && newestJudged && judge.run(newestJudged);
    const { district, schoolIds, subjects } = audienceOf(lane, rules, run?.trip ?? null);
    for (const subject of subjects) {
      if (!bus.hasListeners(subject)) continue;
      const progress = judge && newestJudged && judge.progress(newestJudged);
      const event: LivePosition = { vehicle, report: newest, progress, schoolIds, district };
      bus.publish(subject, event);
    }
  }
  const lost = new Set<number>();
  for (const lane of draft.lanes) if (lane.state === 'lost') lost.add(lane.vehicleKey);
  for (const write of draft.findings.values())
    if (!lost.has(write.vehicleKey)) publishFinding(bus, write, false);
  for (const write of draft.retracted) if (!lost.has(write.vehicleKey)) publishFinding(bus, write, true);
}

/** Whom a vehicle's positions concern while it is on one trip; worked out once a trip, not once a report. */
export interface Audience {
  readonly plan: Plan | null;
  readonly trip: string | null;
  readonly district: string | null;
  readonly schoolIds: readonly string[];
  readonly subjects: readonly string[];
}

function audienceOf(lane: VehicleLane, rules: RulesInForce, trip: string | null): Audience {
  const known = lane.audience;
  if (known && known.trip === trip && known.plan === rules.plan) return known;
  const district = rules.district(lane.vehicle);
  const schoolIds = rules.schools(trip);
  const subjects = (schoolIds.length > 0 ? schoolIds : NO_SCHOOL).map((school) =>
    liveSubject(district ?? '', school, lane.vehicle),
  );
  lane.audience = { plan: rules.plan, trip, district, schoolIds, subjects };
  return lane.audience;
}

export function publishFinding(bus: Bus, write: FindingWrite, retracted: boolean): void {
  const { finding, district, schoolIds, replaces } = write;
  // In shadow, or held under an incident: recorded, and nobody is told.
  if (finding.shadow || write.incident) return;
  const event: LiveAlert = { finding, district, schoolIds, replaces, retracted };
  bus.publish(alertSubject(district ?? '', finding.vehicle), event);
}
