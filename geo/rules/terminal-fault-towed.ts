import { distanceM } from '../geometry/distance.ts';
import { NEWS } from './news.ts';
import { BETWEEN, bit, OFF, ofTheVehicle, type Rule } from './rule.ts';

/** RULES 1, stationary clamp: a vehicle that moves with its ignition off is towed, or the ignition's wire is broken. */
export interface TowedTable {
  /** So far from where the ignition went off. RULES 1. */
  readonly awayM: number;
  /** Nearer than this it is where it stood. [D] */
  readonly backM: number;
  /** A fix that wanders has no speed. RULES R13 to R15. */
  readonly movingKmh: number;
  readonly confirmFixes: number;
  readonly confirmS: number;
  readonly confirmM: number;
  readonly rejoinS: number;
  /** Reports of a parked vehicle come seldom. [D] */
  readonly blindS: number;
  /** JT/T 808 alarm bit of illegal movement. */
  readonly alarmBit: number;
}

/** Where it was when its ignition went off. */
interface Parked {
  readonly lat: number;
  readonly lon: number;
}

export const towed: Rule<TowedTable, Parked> = {
  name: 'terminal_fault',
  aspect: 'towed',
  version: 'R29t/1',
  defaults: {
    awayM: 200,
    backM: 100,
    movingKmh: 5,
    confirmFixes: 3,
    confirmS: 30,
    confirmM: 100,
    rejoinS: 600,
    blindS: 1_800,
    alarmBit: 28,
  },
  wakes: () => NEWS.alarm | NEWS.accOff | NEWS.kept,
  remember(at, _table, parked) {
    if (at.report.accOn !== false) return at.eventsOnly ? parked : null;
    if (parked !== null || at.fixUse !== 'good' || at.lat === null || at.lon === null) return parked;
    return { lat: at.lat, lon: at.lon };
  },
  observe(at, table, episode, parked) {
    if (parked === null && episode === null && !bit(at.report.alarmFlags, table.alarmBit)) return null;
    if (at.eventsOnly) return null;
    const flagged = bit(at.report.alarmFlags, table.alarmBit);
    if (parked === null) return { ...OFF, flagged };
    if (at.fixUse !== 'good' || at.lat === null || at.lon === null)
      return flagged ? { ...BETWEEN, flagged } : null;
    const awayM = distanceM([parked.lon, parked.lat], [at.lon, at.lat]);
    if (awayM <= table.backM) return episode === null && !flagged ? null : { ...OFF, flagged };
    const kmh = at.speed?.kmh ?? 0;
    if (awayM <= table.awayM || kmh <= table.movingKmh) return { ...BETWEEN, flagged };
    return {
      sign: 'on',
      flagged,
      measure: awayM,
      severity: 'P2',
      note: { awayM: Math.round(awayM), kmh: Math.round(kmh) },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes &&
    candidate.last - candidate.since >= table.confirmS * 1000 &&
    candidate.wayM >= table.confirmM,
  limits: ofTheVehicle,
  evidence: ({ note, proven }) => ({
    component: 'towed',
    awayM: note.awayM ?? null,
    speedKmh: note.kmh ?? null,
    ...(proven ? {} : { mismatch: 'the terminal reports illegal movement, the platform does not find it' }),
  }),
  explain: ({ note, proven }) =>
    proven
      ? {
          zh: `点火开关关闭，车辆仍移动了 ${note.awayM} 米以上：被拖移，或 ACC 接线故障。`,
          en: `With its ignition off the vehicle moved ${note.awayM} m or more: towed, or the ignition wire is broken.`,
        }
      : {
          zh: '终端上报车辆非法位移（JT/T 808 报警标志位 28），平台未判定移动。',
          en: 'The terminal reports that the vehicle is moved without right (JT/T 808 alarm bit 28); the platform sees no movement.',
        },
};
