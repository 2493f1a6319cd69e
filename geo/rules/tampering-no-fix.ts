import { NEWS } from './news.ts';
import { fencesHere, OFF, ofTheVehicle, type Rule, type Situation } from './rule.ts';
import { isWithoutSky } from './without-signal.ts';

/**
 * R29: no fix while the vehicle is on its way. That other buses have one there, which would make it jamming, is not known
 * to the judge of one vehicle: it is a record, and whoever sees all vehicles may make more of it.
 */
export interface NoFixTable {
  /** RULES R29. */
  readonly confirmS: number;
  readonly confirmReports: number;
  /** By the recorder, since without a fix there is no other speed. RULES R13 to R15. */
  readonly movingKmh: number;
  readonly rejoinS: number;
  readonly blindS: number;
}

/** Bits 4 to 6: the terminal knows why, and says so itself. */
const KNOWN_WHY = 0b111_0000;

function onItsWay(at: Situation, table: NoFixTable): boolean {
  const kmh = at.report.recorderSpeedKmh;
  if (kmh !== null) return kmh > table.movingKmh;
  const state = at.run?.joined === true ? at.run.runState : null;
  return state === 'EMPTY' || state === 'CARRYING';
}

export const noFix: Rule<NoFixTable> = {
  name: 'terminal_fault',
  aspect: 'no_fix',
  version: 'R29n/1',
  defaults: { confirmS: 180, confirmReports: 3, movingKmh: 5, rejoinS: 600, blindS: 600 },
  wakes: () => NEWS.unplaced,
  observe(at, table, episode) {
    if (at.report.positioned) return episode === null ? null : OFF;
    if (at.eventsOnly || at.report.accOn === false) return null;
    if ((at.report.alarmFlags & KNOWN_WHY) !== 0 || !onItsWay(at, table)) return null;
    if (isWithoutSky(fencesHere(at))) return null;
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: 'P3',
      note: { recorderKmh: at.report.recorderSpeedKmh, satellites: at.report.satellites },
      movedM: 0,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmReports && candidate.last - candidate.since >= table.confirmS * 1000,
  limits: ofTheVehicle,
  evidence: ({ note }) => ({
    component: 'no_fix',
    recorderKmh: note.recorderKmh ?? null,
    satellites: note.satellites ?? null,
    unverified: true,
  }),
  explain: (_episode, end) => ({
    zh: `行驶中${end === null ? '持续' : '曾'}无卫星定位超过三分钟，终端未报天线故障；是否受到干扰，须对照附近其他车辆。`,
    en: `On its way without a fix for over three minutes, and the terminal reports no fault of its antenna; whether it is jammed, other vehicles there must tell.`,
  }),
};
