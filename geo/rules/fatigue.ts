import { type DrivingClock, drivenLastDay, drivenUntil } from '../judge/crew/driving-clock.ts';
import type { EpisodeLimits, Observation } from '../judge/episode.ts';
import { localClock } from '../judge/time-text.ts';
import { LONG_DRIVE_S, NEWS, waitFor } from './news.ts';
import { bit, OFF, type Rule, type Situation } from './rule.ts';

/** R20: too long at the wheel (道路交通安全法实施条例 Art. 62(7); 道路运输车辆动态监督管理办法). */
export interface FatigueTable {
  /** Driving without a rest. [L4-62(7)]: 4 h; what counts as a rest is in the table `driving`. */
  readonly longestS: number;
  /** RULES R20: warned at 3 h 30. */
  readonly warnS: number;
  /** Within this part of the night [D] so long at a stretch [DSM]; 0 where this is no policy. */
  readonly nightLongestS: number;
  readonly nightFromS: number;
  readonly nightToS: number;
  /** Within 24 hours, of a driver who is known. [DSM]: 8 h; 0 where this is no policy. */
  readonly dayLongestS: number;
  /** JT/T 808 alarm bits: fatigue, its warning, driving time of the day used up. */
  readonly alarmBit: number;
  readonly warningBit: number;
  readonly dayBit: number;
}

export const FATIGUE: FatigueTable = {
  longestS: 4 * 3_600,
  warnS: 12_600,
  nightLongestS: 2 * 3_600,
  nightFromS: 22 * 3_600,
  nightToS: 6 * 3_600,
  dayLongestS: 8 * 3_600,
  alarmBit: 2,
  warningBit: 14,
  dayBit: 18,
};

/** It is the driver's, whatever run is under way, and lasts until a rest. */
const LIMITS: EpisodeLimits = {
  exitS: 0,
  exitFixes: 1,
  rejoinS: 0,
  blindS: 86_400,
  retellS: 600,
  acrossRuns: true,
};

export const fatigue: Rule<FatigueTable> = {
  name: 'fatigue',
  version: 'R20/1',
  defaults: FATIGUE,
  wakes: (table) => waitFor(NEWS.alarm | NEWS.longDrive, table.warnS >= LONG_DRIVE_S),
  observe(at, table, episode) {
    if (at.eventsOnly) return null;
    const { alarmFlags } = at.report;
    const flagged = bit(alarmFlags, table.alarmBit) || bit(alarmFlags, table.warningBit);
    const drivenS = stretchS(at.driving, at.report.time);
    if (drivenS < table.warnS) return episode === null && !flagged ? null : { ...OFF, flagged };
    if (isUnseen(at)) return flagged ? { ...OFF, sign: 'between', flagged } : null;
    return driving(at, drivenS, table.longestS, flagged, drivenS >= table.longestS ? 'P2' : 'P3');
  },
  proven: () => true,
  limits: () => LIMITS,
  evidence: (episode, table) => evidenceOf(episode.note, table.longestS, '道路交通安全法实施条例 Art. 62(7)'),
  explain({ note, proven }) {
    if (!proven) return BY_TERMINAL;
    const long = note.drivenS as number;
    if (long < (note.limitS as number)) {
      return {
        zh: `驾驶人已连续驾驶 ${hours(long)}，即将达到 4 小时上限，请安排休息。`,
        en: `The driver has driven for ${hoursEn(long)} without a rest of 20 minutes; four hours are the limit.`,
      };
    }
    return {
      zh: `驾驶人连续驾驶 ${hours(long)}，未停车休息 20 分钟（《道路交通安全法实施条例》第六十二条第七项）。`,
      en: `The driver has driven for ${hoursEn(long)} without a rest of 20 minutes (Road Traffic Safety Law Implementation Art. 62(7)).`,
    };
  },
};

export const nightFatigue: Rule<FatigueTable> = {
  name: 'fatigue',
  aspect: 'night',
  version: 'R20n/1',
  defaults: FATIGUE,
  wakes: (table) => waitFor(NEWS.longDrive, table.nightLongestS === 0 || table.nightLongestS >= LONG_DRIVE_S),
  observe(at, table, episode) {
    const drivenS = stretchS(at.driving, at.report.time);
    if (table.nightLongestS === 0 || drivenS < table.nightLongestS) return episode === null ? null : OFF;
    if (isUnseen(at)) return null;
    const until = drivenUntil(at.driving, at.report.time);
    const nightS = nightShareS(clockOf(at.plan.timeZone)(until), drivenS, table);
    if (nightS < table.nightLongestS) return episode === null ? null : OFF;
    return driving(at, nightS, table.nightLongestS, false, 'P2');
  },
  proven: () => true,
  limits: () => LIMITS,
  evidence: (episode, table) => evidenceOf(episode.note, table.nightLongestS, DSM),
  explain: ({ note }) => ({
    zh: `驾驶人夜间连续驾驶 ${hours(note.drivenS as number)}，超过夜间连续驾驶时限。`,
    en: `The driver has driven for ${hoursEn(note.drivenS as number)} at a stretch by night, beyond what is allowed.`,
  }),
};

export const dayFatigue: Rule<FatigueTable> = {
  name: 'fatigue',
  aspect: 'day',
  version: 'R20d/1',
  defaults: FATIGUE,
  wakes: (table) =>
    waitFor(NEWS.alarm | NEWS.longDrive, table.dayLongestS === 0 || table.dayLongestS >= LONG_DRIVE_S),
  observe(at, table, episode) {
    const flagged = bit(at.report.alarmFlags, table.dayBit);
    const { past, since } = at.driving;
    if (table.dayLongestS === 0 || (past.length === 0 && since === 0)) {
      return episode === null && !flagged ? null : { ...OFF, flagged };
    }
    const drivenS = drivenLastDay(at.driving, at.report.time) / 1000;
    if (drivenS < table.dayLongestS) return episode === null && !flagged ? null : { ...OFF, flagged };
    if (isUnseen(at)) return flagged ? { ...OFF, sign: 'between', flagged } : null;
    return driving(at, drivenS, table.dayLongestS, flagged, 'P2');
  },
  proven: () => true,
  limits: () => LIMITS,
  evidence: (episode, table) => evidenceOf(episode.note, table.dayLongestS, DSM),
  explain: ({ note, proven }) =>
    proven
      ? {
          zh: `驾驶人 24 小时内累计驾驶 ${hours(note.drivenS as number)}，超过 8 小时。`,
          en: `The driver has driven for ${hoursEn(note.drivenS as number)} within 24 hours.`,
        }
      : BY_TERMINAL,
};

const DSM = '道路运输车辆动态监督管理办法';
const BY_TERMINAL = {
  zh: '终端上报疲劳驾驶，平台记录的驾驶时间未达到上限，请核实驾驶人身份。',
  en: "The terminal reports fatigue; the driving time on record is within the limits. Check the driver's identity.",
};

const stretchS = (clock: DrivingClock, time: number): number =>
  clock.since === 0 ? 0 : (drivenUntil(clock, time) - clock.since) / 1000;

/** Nobody is asked to rest while resting, and what nobody sees is no driving: both show when the bus is seen to go on. */
const isUnseen = (at: Situation): boolean =>
  at.fixUse === 'none' || at.driving.since === 0 || at.driving.stoppedAt > 0;

function driving(
  at: Situation,
  drivenS: number,
  limitS: number,
  flagged: boolean,
  severity: 'P2' | 'P3',
): Observation {
  const { driver, sure } = at.driving;
  const note = { drivenS: Math.round(drivenS), limitS, driver, unverified: !sure };
  return { sign: 'on', flagged, measure: drivenS, severity, note, movedM: at.movedM };
}

function evidenceOf(note: Observation['note'], limitS: number, law: string) {
  return {
    drivenS: note.drivenS ?? null,
    limitS,
    driver: note.driver ?? null,
    law,
    ...(note.unverified === true ? { unverified: true } : {}),
  };
}

/** Seconds of a stretch that ended at `endS` of the local day which lie within the night. */
function nightShareS(endS: number, lengthS: number, { nightFromS, nightToS }: FatigueTable): number {
  const nightS = (nightToS - nightFromS + 86_400) % 86_400;
  let sum = 0;
  // The last night that began before the end of the stretch, and those before it.
  for (let from = nightFromS > endS ? nightFromS - 86_400 : nightFromS; ; from -= 86_400) {
    const overlap = Math.min(endS, from + nightS) - Math.max(endS - lengthS, from);
    if (from + nightS < endS - lengthS) return sum;
    sum += Math.max(0, overlap);
  }
}

const clocks = new Map<string, (ms: number) => number>();

function clockOf(timeZone: string): (ms: number) => number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = localClock(timeZone);
    clocks.set(timeZone, clock);
  }
  return clock;
}

const hours = (s: number): string => `${Math.floor(s / 3600)} 小时 ${Math.floor((s % 3600) / 60)} 分`;
const hoursEn = (s: number): string => `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
