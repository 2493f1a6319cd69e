import type { Severity } from '../finding.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { Plan } from '../plan/plan.ts';
import { cappedByAboard, OFF, PUPILS_ABOARD, type Rule, type Situation } from './rule.ts';

/** R13: a vehicle that has no permit for what it does (校车安全管理条例 Art. 14, 16, 18). */
export interface UnapprovedVehicleTable {
  /** Moving is faster than this. RULES R13 (as R14, R15). */
  readonly movingKmh: number;
  /** Reports that must say so; an unknown terminal needs one. [D] */
  readonly confirmFixes: number;
  /** An unknown terminal that speaks again within this long is the same episode. [D] */
  readonly unknownRejoinS: number;
}

export type Unapproved =
  | 'unknown_terminal'
  | 'no_permit'
  | 'permit_not_yet_valid'
  | 'permit_expired'
  | 'permit_suspended'
  | 'permit_revoked'
  | 'other_route';

/** What is wrong with the vehicle's permit for this run, or null where nothing is. RULES R13 a and b. */
export function permitFault(plan: Plan, vehicle: string, run: RunTrack, routeId: string): Unapproved | null {
  const permits = plan.permitsByVehicle.get(vehicle) ?? [];
  const date = run.serviceDate;
  const current = permits.filter(
    (permit) => permit.status === 'valid' && permit.validFrom <= date && date <= permit.validTo,
  );
  if (current.length > 0) {
    const listed = current.some(
      (permit) => permit.routeIds.length === 0 || permit.routeIds.includes(routeId),
    );
    // A run that was only guessed at proves nothing about routes.
    return listed || !run.duty ? null : 'other_route';
  }
  const inDate = permits.find((permit) => permit.validFrom <= date && date <= permit.validTo);
  if (inDate) return inDate.status === 'suspended' ? 'permit_suspended' : 'permit_revoked';
  if (permits.length === 0) return 'no_permit';
  return permits.some((permit) => permit.validTo < date) ? 'permit_expired' : 'permit_not_yet_valid';
}

const REASONS: { readonly [reason in Unapproved]: { zh: string; en: string } } = {
  unknown_terminal: {
    zh: '终端不在登记车辆名册中',
    en: 'the terminal belongs to no vehicle of the register',
  },
  no_permit: { zh: '车辆没有校车使用许可', en: 'the vehicle has no school-bus permit' },
  permit_not_yet_valid: { zh: '校车使用许可尚未生效', en: 'its school-bus permit is not valid yet' },
  permit_expired: { zh: '校车使用许可已过期', en: 'its school-bus permit has expired' },
  permit_suspended: { zh: '校车使用许可已被暂停', en: 'its school-bus permit is suspended' },
  permit_revoked: { zh: '校车使用许可已被撤销', en: 'its school-bus permit is revoked' },
  other_route: { zh: '许可未包含该线路', en: 'its permit does not list this route' },
};

function faultAt(at: Situation, table: UnapprovedVehicleTable): Unapproved | 'unseen' | null {
  const { plan, report, run } = at;
  if (plan.registers.vehicles && !plan.vehicles.has(report.vehicle)) return 'unknown_terminal';
  if (!plan.registers.permits || run === null || at.tripLine === null) return null;
  if (!PUPILS_ABOARD.has(run.runState)) return null;
  const fault = permitFault(plan, report.vehicle, run, at.tripLine.trip.routeId);
  if (fault === null) return null;
  return at.speed !== null && at.speed.kmh > table.movingKmh ? fault : 'unseen';
}

export const unapprovedVehicle: Rule<UnapprovedVehicleTable> = {
  name: 'unapproved_vehicle',
  version: 'R13/1',
  defaults: { movingKmh: 5, confirmFixes: 2, unknownRejoinS: 3_600 },
  observe(at, table, episode) {
    const fault = faultAt(at, table);
    if (fault === null) return episode === null ? null : OFF;
    // Standing at a light does not end it.
    if (fault === 'unseen') return null;
    const graveByLaw: Severity = fault === 'unknown_terminal' || fault === 'other_route' ? 'P2' : 'P1';
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: cappedByAboard(graveByLaw, at.aboard),
      note: { reason: fault, aboard: at.aboard, uncapped: graveByLaw },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.note.reason === 'unknown_terminal' || candidate.fixes >= table.confirmFixes,
  limits: (at, table) => ({
    exitS: 0,
    exitFixes: 1,
    rejoinS: 0,
    blindS: Math.max(table.unknownRejoinS, at.intervalS),
    retellS: 0,
  }),
  evidence: (episode) => ({
    reason: episode.note.reason ?? null,
    law: '校车安全管理条例 Art. 14, 16, 18, 45',
    uncappedSeverity: episode.note.uncapped ?? null,
  }),
  explain(episode) {
    const why = REASONS[episode.note.reason as Unapproved] ?? { zh: '', en: '' };
    return {
      zh: `${why.zh}（《校车安全管理条例》第十六、十八条）。`,
      en: `Not approved: ${why.en} (School Bus Safety Regulation Art. 16, 18).`,
    };
  },
};
