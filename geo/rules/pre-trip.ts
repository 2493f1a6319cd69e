import { inUse } from '../judge/crew/crew.ts';
import { PRE_TRIP_MS } from '../judge/crew/run-with-crew.ts';
import type { RunState } from '../judge.ts';
import { NEWS, waitFor } from './news.ts';
import { forTheRun, OFF, type Rule } from './rule.ts';

/** R19: a run that began without the seven checks, or with a defect that forbids it (校车安全管理条例 Art. 41). */
export interface PreTripTable {
  readonly movingKmh: number;
  /** A check that comes a little late by a slow network was made. [D] */
  readonly confirmS: number;
  readonly confirmFixes: number;
  /** Every run needs the checks on record. If false, those of vehicles where they were recorded before. [D] */
  readonly demanded: boolean;
}

const UNDER_WAY: ReadonlySet<RunState> = new Set<RunState>(['EMPTY', 'CARRYING']);

export const preTrip: Rule<PreTripTable> = {
  name: 'unapproved_vehicle',
  aspect: 'pre_trip',
  version: 'R19/1',
  defaults: { movingKmh: 5, confirmS: 60, confirmFixes: 2, demanded: false },
  wakes: (table) => waitFor(NEWS.crew, !table.demanded),
  observe(at, table, episode) {
    const { run, crew, report } = at;
    const last = crew.preTrip;
    if (last === null && !table.demanded) return episode === null ? null : OFF;
    if (run === null || !run.duty || !UNDER_WAY.has(run.runState)) return episode === null ? null : OFF;
    if (!table.demanded && !inUse(crew.used.preTrip, report.time)) return episode === null ? null : OFF;
    const made = last !== null && report.time - last.at < PRE_TRIP_MS ? last : null;
    if (made?.passed) return episode === null ? null : OFF;
    if (at.speed === null || at.speed.kmh <= table.movingKmh) return null;
    return {
      sign: 'on',
      flagged: false,
      measure: made === null ? 1 : 2,
      severity: 'P2',
      note: { reason: made === null ? 'not_checked' : 'defect', defects: made?.defects ?? [] },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.confirmS * 1000,
  limits: forTheRun,
  evidence: ({ note }) => ({
    reason: note.reason ?? null,
    defects: note.defects ?? [],
    law: '校车安全管理条例 Art. 22, 41',
  }),
  explain({ note }) {
    const defects = (note.defects as readonly string[] | undefined) ?? [];
    if (note.reason === 'defect') {
      return {
        zh: `车辆带故障上路：${defects.join('、')}（《校车安全管理条例》第二十二、四十一条）。`,
        en: `The bus is on its run with a defect that forbids it: ${defects.join(', ')} (School Bus Safety Regulation Art. 22, 41).`,
      };
    }
    return {
      zh: '出车前未完成七项安全检查（《校车安全管理条例》第四十一条）。',
      en: 'The run began without the seven checks on record (School Bus Safety Regulation Art. 41).',
    };
  },
};
