import type { RunTrack } from '../matching/run-track.ts';
import type { Plan } from '../plan/plan.ts';
import { cappedByAboard, OFF, PUPILS_ABOARD, type Rule } from './rule.ts';

/** R15: a run with pupils and nobody to look after them (校车安全管理条例 Art. 38). */
export interface MissingEscortTable {
  /** Moving is faster than this. RULES R15. */
  readonly movingKmh: number;
  /** Lasting so long from the first moving fix with pupils aboard. RULES R15. */
  readonly confirmS: number;
  readonly confirmFixes: number;
}

/** Why no escort counts as being on the run, or null where one does. Check-ins will speak here before the roster does. */
export function escortMissing(
  plan: Plan,
  run: RunTrack,
): 'none_assigned' | 'not_on_register' | 'not_an_escort' | null {
  // Who keeps no register of people and rosters no crew at all leaves the escort open, not out.
  if (run.escort === null) return plan.registers.people || run.driver !== null ? 'none_assigned' : null;
  if (!plan.registers.people) return null;
  const person = plan.people.get(run.escort);
  if (!person) return 'not_on_register';
  return person.role === 'escort' ? null : 'not_an_escort';
}

const REASONS: { readonly [reason: string]: { zh: string; en: string } } = {
  none_assigned: { zh: '该班次未安排照管人员', en: 'no escort is assigned to the run' },
  not_on_register: { zh: '所安排的照管人员不在登记名册中', en: 'the escort assigned is not on the register' },
  not_an_escort: { zh: '所安排的人员不是照管人员', en: 'the person assigned is not registered as an escort' },
};

export const missingEscort: Rule<MissingEscortTable> = {
  name: 'missing_escort',
  version: 'R15/1',
  defaults: { movingKmh: 5, confirmS: 60, confirmFixes: 2 },
  observe(at, table, episode) {
    const { plan, run } = at;
    if (!plan.registers.duties) return null;
    // Nobody is missed on a run that is only guessed at, nor before pupils are aboard.
    const reason = run?.duty && PUPILS_ABOARD.has(run.runState) ? escortMissing(plan, run) : null;
    if (reason === null) return episode === null ? null : OFF;
    const moving = at.speed !== null && at.speed.kmh > table.movingKmh;
    if (episode === null && !moving) return null;
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: cappedByAboard('P1', at.aboard),
      note: { reason, escort: run?.escort ?? null, aboard: at.aboard },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.confirmS * 1000,
  // One episode for the run: it ends with it, or when somebody is assigned.
  limits: (at) => ({ exitS: 0, exitFixes: 1, rejoinS: 0, blindS: 4 * 3_600 + at.intervalS, retellS: 0 }),
  evidence: (episode) => ({
    reason: episode.note.reason ?? null,
    escort: episode.note.escort ?? null,
    basis: 'duty roster',
    law: '校车安全管理条例 Art. 38, 53',
    uncappedSeverity: 'P1',
  }),
  explain(episode) {
    const why = REASONS[String(episode.note.reason)] ?? { zh: '', en: '' };
    return {
      zh: `校车载有学生行驶，但${why.zh}（《校车安全管理条例》第三十八条）。`,
      en: `The bus was moving with pupils aboard, but ${why.en} (School Bus Safety Regulation Art. 38).`,
    };
  },
};
