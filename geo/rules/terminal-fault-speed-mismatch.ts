import { NEWS } from './news.ts';
import { OFF, type Rule } from './rule.ts';

/** RULES 1, speed: the driving recorder and GNSS disagree, so that the recorder is not judged by. */
export interface SpeedMismatchTable {
  /** Agreement: the larger of the two. RULES 1. */
  readonly agreesKmh: number;
  readonly agreesShare: number;
  /** Slower than this by both, they agree about nothing. [D] */
  readonly slowKmh: number;
  /** Disagreeing for so long, over so many fixes. RULES 1. */
  readonly confirmS: number;
  readonly confirmFixes: number;
  readonly exitS: number;
  readonly rejoinS: number;
  readonly keptDays: number;
}

export const speedMismatch: Rule<SpeedMismatchTable> = {
  name: 'terminal_fault',
  aspect: 'speed_mismatch',
  version: 'R28s/1',
  defaults: {
    agreesKmh: 5,
    agreesShare: 0.1,
    slowKmh: 10,
    confirmS: 60,
    confirmFixes: 4,
    exitS: 60,
    rejoinS: 600,
    keptDays: 4,
  },
  wakes: () => NEWS.twoSpeeds,
  observe(at, table, episode) {
    const recorder = at.report.recorderSpeedKmh;
    const gnss = at.report.speedKmh;
    if (recorder === null || gnss === null || at.fixUse !== 'good') return null;
    if (recorder < table.slowKmh && gnss < table.slowKmh) return null;
    const differKmh = Math.abs(recorder - gnss);
    if (differKmh <= Math.max(table.agreesKmh, table.agreesShare * gnss))
      return episode === null ? null : OFF;
    return {
      sign: 'on',
      flagged: false,
      measure: differKmh,
      severity: 'P3',
      note: { recorderKmh: recorder, gnssKmh: gnss },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.confirmS * 1000,
  limits: (_at, table) => ({
    exitS: table.exitS,
    exitFixes: 3,
    rejoinS: table.rejoinS,
    blindS: table.keptDays * 86_400,
    retellS: 0,
    acrossRuns: true,
  }),
  evidence: ({ note }) => ({
    component: 'speed_mismatch',
    recorderKmh: note.recorderKmh ?? null,
    gnssKmh: note.gnssKmh ?? null,
  }),
  explain: ({ note }) => ({
    zh: `行驶记录仪速度 ${note.recorderKmh} km/h 与卫星定位速度 ${note.gnssKmh} km/h 不符，按卫星定位速度判定。`,
    en: `The recorder says ${note.recorderKmh} km/h where GNSS says ${note.gnssKmh} km/h; GNSS is judged by.`,
  }),
};
