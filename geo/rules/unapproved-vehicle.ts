import type { Severity } from '../finding.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { Plan, Trip } from '../plan/plan.ts';
import { dayAfter, permitsInForce } from './permits-in-force.ts';
import { cappedByAboard, OFF, PUPILS_ABOARD, type Rule, type Situation } from './rule.ts';

/** R13: a vehicle that has no permit for what it does (校车安全管理条例 Art. 14, 16, 18). */
export interface UnapprovedVehicleTable {
  /** Moving is faster than this. RULES R13 (as R14, R15). */
  readonly movingKmh: number;
  /** Reports that must say so; an unknown terminal needs one. [D] */
  readonly confirmFixes: number;
  /** Wrong again within this long on the same run is the same episode. RULES 1: 120 s [D]. */
  readonly rejoinS: number;
  /** An unknown terminal that speaks again within this long is the same episode. [D] */
  readonly unknownRejoinS: number;
  /** Registers may lag behind by so much: what ended or begins within it is to be checked, no worse. RULES R13: 24 h. */
  readonly graceDays: number;
}

export type Unapproved =
  | 'unknown_terminal'
  | 'no_permit'
  | 'permit_not_yet_valid'
  | 'permit_expired'
  | 'permit_suspended'
  | 'permit_revoked'
  | 'other_route'
  | 'other_school'
  | 'retired'
  | 'inspection_overdue'
  | 'insurance_overdue'
  | 'not_dedicated';

/** `check`: it may only be the register that is behind. */
export interface PermitFault {
  readonly reason: Unapproved;
  readonly check: boolean;
}

/** What is wrong with the vehicle for this run, or null where nothing is. RULES R13 a to c. */
export function permitFault(
  plan: Plan,
  vehicle: string,
  run: RunTrack,
  trip: Trip,
  graceDays: number,
): PermitFault | null {
  const date = run.serviceDate;
  const known = plan.vehicles.get(vehicle);
  if (known) {
    const { retiredOn, inspectedUntil, insuredUntil } = known;
    if (retiredOn !== null && retiredOn <= date)
      return { reason: 'retired', check: date < dayAfter(retiredOn, graceDays) };
    if (inspectedUntil !== null && inspectedUntil < date)
      return { reason: 'inspection_overdue', check: date <= dayAfter(inspectedUntil, graceDays) };
    if (insuredUntil !== null && insuredUntil < date)
      return { reason: 'insurance_overdue', check: date <= dayAfter(insuredUntil, graceDays) };
  }
  const fault = plan.registers.permits ? permitOf(plan, vehicle, run, trip, graceDays) : null;
  if (fault !== null) return fault;
  const unfit =
    known?.schoolBusType === 'non_dedicated' &&
    run.duty &&
    trip.schoolIds.some((id) => needsDedicated(plan, id));
  return unfit ? { reason: 'not_dedicated', check: false } : null;
}

function permitOf(
  plan: Plan,
  vehicle: string,
  run: RunTrack,
  trip: Trip,
  graceDays: number,
): PermitFault | null {
  const date = run.serviceDate;
  const current = permitsInForce(plan, vehicle, date);
  if (current.length > 0) {
    // A run that was only guessed at proves nothing about routes and schools.
    if (!run.duty) return null;
    let onRoute = false;
    for (const { routeIds, schoolIds } of current) {
      if (routeIds.length > 0 && !routeIds.includes(trip.routeId)) continue;
      if (schoolIds.length === 0 || trip.schoolIds.every((id) => schoolIds.includes(id))) return null;
      onRoute = true;
    }
    return { reason: onRoute ? 'other_school' : 'other_route', check: false };
  }
  const permits = plan.permitsByVehicle.get(vehicle) ?? [];
  const inDate = permits.find((permit) => permit.validFrom <= date && date <= permit.validTo);
  if (inDate) {
    return { reason: inDate.status === 'suspended' ? 'permit_suspended' : 'permit_revoked', check: false };
  }
  if (permits.length === 0) return { reason: 'no_permit', check: false };
  const past = permits.filter((permit) => permit.validTo < date);
  if (past.length > 0) {
    return {
      reason: 'permit_expired',
      check: past.some(({ validTo }) => date <= dayAfter(validTo, graceDays)),
    };
  }
  const soon = permits.some(({ validFrom }) => validFrom <= dayAfter(date, graceDays));
  return { reason: 'permit_not_yet_valid', check: soon };
}

/** Kindergartens and primary schools: 校车安全管理条例 Art. 2, 60. */
function needsDedicated(plan: Plan, school: string): boolean {
  const level = plan.schools.get(school)?.level;
  return level === 'infant' || level === 'primary';
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
  other_school: { zh: '许可未包含该学校', en: 'its permit is not for this school' },
  retired: { zh: '车辆已停用校车用途', en: 'the vehicle is a school bus no more' },
  inspection_overdue: { zh: '车辆安全技术检验已逾期', en: 'its safety inspection is overdue' },
  insurance_overdue: { zh: '承运人责任险已到期', en: "its carrier's liability insurance has run out" },
  not_dedicated: {
    zh: '非专用校车接送幼儿或小学生',
    en: 'it is not purpose-built and carries infants or primary pupils',
  },
};

/** Grades by RULES R13: a, at once, where pupils are aboard; the rest P2. */
const GRAVE: ReadonlySet<Unapproved> = new Set<Unapproved>([
  'no_permit',
  'permit_not_yet_valid',
  'permit_expired',
  'permit_suspended',
  'permit_revoked',
  'retired',
  'inspection_overdue',
  'insurance_overdue',
]);

const UNKNOWN: PermitFault = { reason: 'unknown_terminal', check: false };

function faultAt(at: Situation, table: UnapprovedVehicleTable): PermitFault | 'unseen' | null {
  const { plan, report, run } = at;
  if (plan.registers.vehicles && at.registered === undefined) return UNKNOWN;
  if (run === null || at.tripLine === null || !PUPILS_ABOARD.has(run.runState)) return null;
  let { permit: fault } = at.facts;
  if (fault === undefined) {
    fault = permitFault(plan, report.vehicle, run, at.tripLine.trip, table.graceDays);
    at.facts.permit = fault;
  }
  if (fault === null) return null;
  return at.speed !== null && at.speed.kmh > table.movingKmh ? fault : 'unseen';
}

export const unapprovedVehicle: Rule<UnapprovedVehicleTable> = {
  name: 'unapproved_vehicle',
  version: 'R13/2',
  defaults: { movingKmh: 5, confirmFixes: 2, rejoinS: 120, unknownRejoinS: 3_600, graceDays: 1 },
  observe(at, table, episode) {
    const fault = faultAt(at, table);
    if (fault === null) return episode === null ? null : OFF;
    // Standing at a light does not end it.
    if (fault === 'unseen') return null;
    const { reason, check } = fault;
    const graveByLaw: Severity = GRAVE.has(reason) && !check ? 'P1' : 'P2';
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: cappedByAboard(graveByLaw, at.aboard),
      note: { reason, check, aboard: at.aboard, uncapped: graveByLaw },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.note.reason === 'unknown_terminal' || candidate.fixes >= table.confirmFixes,
  limits: (at, table) => ({
    exitS: 0,
    exitFixes: 1,
    // A count of heads that comes between two runs must not make two of one.
    rejoinS: table.rejoinS,
    blindS: Math.max(table.unknownRejoinS, at.intervalS),
    retellS: 0,
  }),
  evidence: (episode) => ({
    reason: episode.note.reason ?? null,
    law: '校车安全管理条例 Art. 14, 16, 18, 45',
    uncappedSeverity: episode.note.uncapped ?? null,
    ...(episode.note.check === true ? { check: true } : {}),
  }),
  explain(episode) {
    const why = REASONS[episode.note.reason as Unapproved] ?? { zh: '', en: '' };
    const check = episode.note.check === true;
    return {
      zh: `${why.zh}${check ? '，请核对登记数据' : ''}（《校车安全管理条例》第十六、十八条）。`,
      en: `Not approved: ${why.en}${check ? '; check the register' : ''} (School Bus Safety Regulation Art. 16, 18).`,
    };
  },
};
