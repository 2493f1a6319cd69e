import type { Severity } from '../finding.ts';
import { driverOnDuty, inUse } from '../judge/crew/crew.ts';
import type { RunState } from '../judge.ts';
import type { RunTrack } from '../matching/run-track.ts';
import { permitsInForce } from './permits-in-force.ts';
import { cappedByAboard, forTheRun, OFF, type Rule, type Situation } from './rule.ts';

/** R14: somebody drives who may not (校车安全管理条例 Art. 16, 25). */
export interface UnapprovedDriverTable {
  /** Moving is faster than this. RULES R14. */
  readonly movingKmh: number;
  /** Moving so long without anybody having identified themselves. RULES R14: 3 min. */
  readonly noIdentityS: number;
  /** A card that cannot be read is tried again. [D] */
  readonly unreadableS: number;
  readonly confirmFixes: number;
  /** Every driver must identify themselves. If false they must where cards were shown before on this vehicle. [D] */
  readonly identityDemanded: boolean;
}

/** What is wrong with whoever drives. */
export type DriverFault =
  | 'not_on_permit'
  | 'licence_expired'
  | 'not_a_driver'
  | 'unknown_card'
  | 'card_unreadable'
  | 'no_identity';

interface Judged {
  readonly fault: DriverFault;
  readonly driver: string | null;
  /** By card or sign-on, or only by the roster. */
  readonly basis: 'card' | 'sign-on' | 'duty roster' | 'none';
}

/** A card that failed this long before the run failed for it. [D] */
const BEFORE_RUN_MS = 45 * 60_000;
const UNDER_WAY: ReadonlySet<RunState> = new Set<RunState>(['EMPTY', 'CARRYING']);

function driverFault(at: Situation, run: RunTrack, table: UnapprovedDriverTable): Judged | null {
  const { crew, report } = at;
  const on = crew.driver === null ? null : driverOnDuty(crew, report.time);
  if (on !== null) {
    const basis = on.by === 'terminal' ? 'card' : 'sign-on';
    const fault = faultOf(at, run, on.id, on.validTo);
    return fault === null ? null : { fault, driver: on.id, basis };
  }
  if (crew.unreadableAt > run.start - BEFORE_RUN_MS)
    return { fault: 'card_unreadable', driver: null, basis: 'none' };
  if (table.identityDemanded || inUse(crew.used.driverCard, report.time)) {
    return { fault: 'no_identity', driver: null, basis: 'none' };
  }
  // Where nobody identifies themselves the roster is the best there is.
  let { rosterDriver: fault } = at.facts;
  if (fault === undefined) {
    fault = run.driver === null ? null : faultOf(at, run, run.driver, null);
    at.facts.rosterDriver = fault;
  }
  return fault === null ? null : { fault, driver: run.driver, basis: 'duty roster' };
}

function faultOf(at: Situation, run: RunTrack, id: string, cardValidTo: string | null): DriverFault | null {
  const { plan, report } = at;
  const person = plan.people.get(id);
  if (plan.registers.people) {
    if (!person) return 'unknown_card';
    if (person.role !== 'driver') return 'not_a_driver';
  }
  const validTo = person?.licenceValidTo ?? null;
  if (validTo !== null && validTo < run.serviceDate) return 'licence_expired';
  if (cardValidTo !== null && cardValidTo < run.serviceDate) return 'licence_expired';
  // A permit that names no drivers says nothing of them; one that is not in force is found as such.
  let named = false;
  for (const { driverIds } of permitsInForce(plan, report.vehicle, run.serviceDate)) {
    if (driverIds.includes(id)) return null;
    named ||= driverIds.length > 0;
  }
  return named ? 'not_on_permit' : null;
}

/** Nobody knows that it is the wrong person. */
const isUnverified = ({ fault, basis }: Judged): boolean =>
  basis === 'duty roster' ||
  fault === 'card_unreadable' ||
  fault === 'no_identity' ||
  fault === 'unknown_card';

const REASONS: { readonly [fault in DriverFault]: { zh: string; en: string } } = {
  not_on_permit: {
    zh: '驾驶人未列入该车校车标牌',
    en: 'the driver is not named on the permit of this vehicle',
  },
  licence_expired: { zh: '驾驶人资格已过期', en: "the driver's qualification has expired" },
  not_a_driver: { zh: '持卡人未登记为驾驶人', en: 'the person at the wheel is not registered as a driver' },
  unknown_card: { zh: '驾驶人身份不在登记名册中（待核实）', en: 'the driver is on no register (unverified)' },
  card_unreadable: {
    zh: '驾驶人卡无法识别（待核实）',
    en: "the driver's card could not be read (unverified)",
  },
  no_identity: {
    zh: '行驶中驾驶人未登签身份（待核实）',
    en: 'nobody identified themselves as the driver (unverified)',
  },
};

export const unapprovedDriver: Rule<UnapprovedDriverTable> = {
  name: 'unapproved_driver',
  version: 'R14/1',
  defaults: { movingKmh: 5, noIdentityS: 180, unreadableS: 60, confirmFixes: 2, identityDemanded: false },
  observe(at, table, episode) {
    const { run } = at;
    if (run === null || !run.duty || !UNDER_WAY.has(run.runState)) return episode === null ? null : OFF;
    const moving = at.speed !== null && at.speed.kmh > table.movingKmh;
    if (episode === null && !moving) return null;
    const judged = driverFault(at, run, table);
    if (judged === null) return episode === null ? null : OFF;
    if (!moving) return null;
    const unverified = isUnverified(judged);
    const grave: Severity = at.carrying ? cappedByAboard('P1', at.aboard) : 'P2';
    return {
      sign: 'on',
      flagged: false,
      measure: unverified ? 1 : 2,
      severity: unverified ? 'P2' : grave,
      note: {
        reason: judged.fault,
        driver: judged.driver,
        basis: judged.basis,
        unverified,
        aboard: at.aboard,
      },
      movedM: at.movedM,
    };
  },
  proven(candidate, _at, table) {
    const { reason } = candidate.note;
    const lastsS =
      reason === 'no_identity' ? table.noIdentityS : reason === 'card_unreadable' ? table.unreadableS : 0;
    return candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= lastsS * 1000;
  },
  limits: forTheRun,
  evidence: ({ note }) => ({
    reason: note.reason ?? null,
    driver: note.driver ?? null,
    basis: note.basis ?? null,
    law: '校车安全管理条例 Art. 16, 24, 25, 47',
    ...(note.unverified === true ? { unverified: true } : { uncappedSeverity: 'P1' }),
  }),
  explain(episode) {
    const why = REASONS[episode.note.reason as DriverFault] ?? { zh: '', en: '' };
    return {
      zh: `${why.zh}（《校车安全管理条例》第十六、二十五条）。`,
      en: `Not approved: ${why.en} (School Bus Safety Regulation Art. 16, 25).`,
    };
  },
};
