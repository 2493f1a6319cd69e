import { escortOnDuty, inUse, proofOf } from '../judge/crew/crew.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { Plan } from '../plan/plan.ts';
import { NEVER, NEWS } from './news.ts';
import { cappedByAboard, forTheRun, OFF, PUPILS_ABOARD, type Rule, type Situation } from './rule.ts';

/** R15: a run with pupils and nobody to look after them (校车安全管理条例 Art. 38). */
export interface MissingEscortTable {
  /** Moving is faster than this. RULES R15. */
  readonly movingKmh: number;
  /** Lasting so long from the first moving fix with pupils aboard. RULES R15. */
  readonly confirmS: number;
  readonly confirmFixes: number;
  /** Every escort must sign on. If false they must where escorts have signed on before on this vehicle. [D] */
  readonly signOnDemanded: boolean;
}

type Missing =
  | 'none_assigned'
  | 'not_on_register'
  | 'not_an_escort'
  | 'signed_off'
  | 'on_another_bus'
  | 'not_signed_on'
  | 'card_unreadable'
  | 'phone_elsewhere';

/** Nobody has shown that the escort is away, only not that they are there. RULES 5: unverified, not absent. */
const UNVERIFIED: ReadonlySet<Missing> = new Set<Missing>([
  'not_signed_on',
  'card_unreadable',
  'phone_elsewhere',
]);

/** A sign-off before the run counts for it where nobody came since: it was that of this shift. [D] */
const BEFORE_RUN_MS = 45 * 60_000;

/** Why no escort counts as being on the run, or null where one does. Who signed on speaks before the roster does. */
export function escortMissing(at: Situation, run: RunTrack, table: MissingEscortTable): Missing | null {
  const { plan, crew, report } = at;
  const on = escortOnDuty(crew, report.time);
  if (on !== null) return proofOf(on) === 0 ? 'phone_elsewhere' : faultOf(plan, on.id);
  if (crew.escortOffAt > run.start - BEFORE_RUN_MS)
    return crew.escortOffTo === undefined ? 'signed_off' : 'on_another_bus';
  if (run.escort === null) {
    // Who keeps no register of people and rosters no crew at all leaves the escort open, not out.
    return plan.registers.people || run.driver !== null ? 'none_assigned' : null;
  }
  const fault = faultOf(plan, run.escort);
  if (fault !== null) return fault;
  if (!table.signOnDemanded && !inUse(crew.used.escortSignOn, report.time)) return null;
  return crew.unreadableAt > run.start - BEFORE_RUN_MS ? 'card_unreadable' : 'not_signed_on';
}

function faultOf(plan: Plan, id: string): 'not_on_register' | 'not_an_escort' | null {
  if (!plan.registers.people) return null;
  const person = plan.people.get(id);
  if (!person) return 'not_on_register';
  return person.role === 'escort' ? null : 'not_an_escort';
}

const REASONS: { readonly [reason in Missing]: { zh: string; en: string } } = {
  none_assigned: { zh: '该班次未安排照管人员', en: 'no escort is assigned to the run' },
  not_on_register: { zh: '照管人员不在登记名册中', en: 'the escort is not on the register' },
  not_an_escort: { zh: '随车人员未登记为照管人员', en: 'the person on board is not registered as an escort' },
  signed_off: { zh: '照管人员已签退且无人接替', en: 'the escort signed off and nobody took over' },
  on_another_bus: {
    zh: '照管人员已在另一辆校车签到且无人接替',
    en: 'the escort has signed on to another bus and nobody took over',
  },
  not_signed_on: {
    zh: '所安排的照管人员尚未签到（待核实）',
    en: 'the escort assigned has not signed on (unverified)',
  },
  card_unreadable: {
    zh: '刷卡未能识别，照管人员是否在车待核实',
    en: 'a card could not be read, so whether the escort is on board is unverified',
  },
  phone_elsewhere: {
    zh: '照管人员签到时手机不在车辆附近（待核实）',
    en: 'the escort signed on with a phone that was away from the bus (unverified)',
  },
};

export const missingEscort: Rule<MissingEscortTable> = {
  name: 'missing_escort',
  version: 'R15/2',
  defaults: { movingKmh: 5, confirmS: 60, confirmFixes: 2, signOnDemanded: false },
  wakes: (_table, { plan }) => (plan.registers.duties ? NEWS.carrying : NEVER),
  observe(at, table, episode) {
    const { plan, run } = at;
    if (!plan.registers.duties) return null;
    // Nobody is missed on a run that is only guessed at, nor before pupils are aboard.
    const reason = run?.duty && PUPILS_ABOARD.has(run.runState) ? escortMissing(at, run, table) : null;
    if (run === null || reason === null) return episode === null ? null : OFF;
    const moving = at.speed !== null && at.speed.kmh > table.movingKmh;
    if (episode === null && !moving) return null;
    const unverified = UNVERIFIED.has(reason);
    return {
      sign: 'on',
      flagged: false,
      // What is known outweighs what is not.
      measure: unverified ? 1 : 2,
      severity: unverified ? 'P2' : cappedByAboard('P1', at.aboard),
      note: { reason, escort: run.escort, basis: basisOf(at, reason), unverified, aboard: at.aboard },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.confirmS * 1000,
  // One episode for the run: it ends with it, or when somebody is there.
  limits: forTheRun,
  evidence: ({ note }) => ({
    reason: note.reason ?? null,
    escort: note.escort ?? null,
    basis: note.basis ?? null,
    law: '校车安全管理条例 Art. 38, 53',
    ...(note.unverified === true ? { unverified: true } : { uncappedSeverity: 'P1' }),
  }),
  explain(episode) {
    const why = REASONS[episode.note.reason as Missing] ?? { zh: '', en: '' };
    return {
      zh: `校车载有学生行驶，但${why.zh}（《校车安全管理条例》第三十八条）。`,
      en: `The bus was moving with pupils aboard, but ${why.en} (School Bus Safety Regulation Art. 38).`,
    };
  },
};

const BY_ROSTER: ReadonlySet<Missing> = new Set<Missing>([
  'none_assigned',
  'not_on_register',
  'not_an_escort',
]);

const basisOf = (at: Situation, reason: Missing): 'duty roster' | 'sign-on' =>
  BY_ROSTER.has(reason) && escortOnDuty(at.crew, at.report.time) === null ? 'duty roster' : 'sign-on';
