import type { Severity } from '../finding.ts';
import { NEWS } from './news.ts';
import { cappedByAboard, OFF, type Rule, type Situation } from './rule.ts';

/** R21: driving with a door open (道路交通安全法实施条例 Art. 62(1)), and what a door's sensor says that no door does. */
export interface DoorTable {
  /** Faster than this with a door open, for so long and over so many fixes. RULES R21. */
  readonly movingKmh: number;
  readonly confirmS: number;
  readonly confirmFixes: number;
  readonly exitFixes: number;
  readonly rejoinS: number;
  /** Open for so long, or on more than so many trips without being seen closed, it is the sensor. RULES R21. */
  readonly stuckMinutes: number;
  readonly stuckTrips: number;
  /** The driver's door open with the ignition on and pupils aboard. The law gives no time; [D]. */
  readonly driverDoorS: number;
  readonly keptDays: number;
}

export const DOOR: DoorTable = {
  movingKmh: 5,
  confirmS: 3,
  confirmFixes: 2,
  exitFixes: 2,
  rejoinS: 120,
  stuckMinutes: 30,
  stuckTrips: 3,
  driverDoorS: 10,
  keptDays: 4,
};

/** Status bits 13 to 16 of 0x0200: front, middle, rear, driver's. */
const DOORS = 0b1111 << 13;
const DRIVER_DOOR = 1 << 16;
const DOOR_NAMES = ['front', 'middle', 'rear', 'driver'] as const;
const DOOR_ZH = { front: '前门', middle: '中门', rear: '后门', driver: '驾驶席门' } as const;

const openDoors = (at: Situation): (typeof DOOR_NAMES)[number][] =>
  DOOR_NAMES.filter((_, i) => ((at.report.statusFlags >>> (13 + i)) & 1) === 1);

/** Since when, and on how many trips, the bus has been driven with a door said to be open and never closed; 0 before. */
export interface DoorsOpen {
  readonly since: number;
  readonly trip: string | null;
  readonly trips: number;
}

const STANDS: DoorsOpen = { since: 0, trip: null, trips: 0 };

const isMoving = (at: Situation, table: DoorTable): boolean =>
  at.speed !== null && at.speed.kmh > table.movingKmh && !at.standing;

function rememberDoors(at: Situation, table: DoorTable, open: DoorsOpen | null): DoorsOpen | null {
  if ((at.report.statusFlags & DOORS) === 0) return at.eventsOnly ? open : null;
  // A bus that stands in the yard with its door open says nothing about the sensor.
  if (!isMoving(at, table)) return open ?? STANDS;
  const trip = at.run?.trip ?? null;
  if (open === null || open.since === 0) return { since: at.report.time, trip, trips: trip === null ? 0 : 1 };
  return trip === null || trip === open.trip ? open : { since: open.since, trip, trips: open.trips + 1 };
}

function isStuck(at: Situation, table: DoorTable, open: DoorsOpen): boolean {
  if (open.since === 0) return false;
  return at.report.time - open.since > table.stuckMinutes * 60_000 || open.trips > table.stuckTrips;
}

export const doorOpenMoving: Rule<DoorTable, DoorsOpen> = {
  name: 'door_open_moving',
  version: 'R21/1',
  defaults: DOOR,
  wakes: () => NEWS.door | NEWS.kept,
  remember: rememberDoors,
  observe(at, table, episode, open) {
    if (open === null) return episode === null || at.eventsOnly ? null : OFF;
    if (at.eventsOnly || at.speed === null) return null;
    if (isStuck(at, table, open) || !isMoving(at, table)) return episode === null ? null : OFF;
    const grade: Severity = at.carrying ? 'P1' : 'P2';
    return {
      sign: 'on',
      flagged: false,
      measure: at.speed.kmh,
      severity: cappedByAboard(grade, at.aboard),
      note: { doors: openDoors(at), kmh: Math.round(at.speed.kmh), aboard: at.aboard, grade },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.confirmS * 1000,
  limits: (at, table) => ({
    exitS: 0,
    exitFixes: table.exitFixes,
    rejoinS: table.rejoinS,
    blindS: Math.max(table.rejoinS, 3 * at.intervalS),
    retellS: at.machinery.retellS,
  }),
  evidence: ({ note }) => ({
    doors: note.doors ?? null,
    peakKmh: note.kmh ?? null,
    law: '道路交通安全法实施条例 Art. 62(1)',
    uncappedSeverity: note.grade ?? null,
  }),
  explain({ note }) {
    const doors = note.doors as (typeof DOOR_NAMES)[number][];
    return {
      zh: `${doors.map((door) => DOOR_ZH[door]).join('、')}未关闭，以 ${note.kmh} km/h 行驶（《道路交通安全法实施条例》第六十二条第一项）。`,
      en: `Driven at ${note.kmh} km/h with the ${doors.join(' and ')} door open (Road Traffic Safety Law Regulation Art. 62(1)).`,
    };
  },
};

/** R21: a door that is never closed is a sensor that is stuck; it is reported instead of a door. */
export const doorSensor: Rule<DoorTable, DoorsOpen> = {
  name: 'terminal_fault',
  aspect: 'door_sensor',
  version: 'R21s/1',
  defaults: DOOR,
  wakes: () => NEWS.door | NEWS.kept,
  remember: rememberDoors,
  observe(at, table, episode, open) {
    if (open === null) return episode === null || at.eventsOnly ? null : OFF;
    if (at.eventsOnly || !isStuck(at, table, open)) return null;
    if (episode === null && !isMoving(at, table)) return null;
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: 'P3',
      note: {
        doors: openDoors(at),
        trips: open.trips,
        minutes: Math.round((at.report.time - open.since) / 60_000),
      },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) => candidate.fixes >= table.confirmFixes,
  limits: (_at, table) => ({
    exitS: 0,
    exitFixes: table.exitFixes,
    rejoinS: table.rejoinS,
    blindS: table.keptDays * 86_400,
    retellS: 0,
    acrossRuns: true,
  }),
  evidence: ({ note }) => ({
    source: 'terminal',
    component: 'door_sensor',
    doors: note.doors ?? null,
    openMinutes: note.minutes ?? null,
    trips: note.trips ?? null,
  }),
  explain: ({ note }) => ({
    zh: `车门状态已连续 ${note.minutes} 分钟为开，疑似门磁传感器故障，不再按车门未关判定。`,
    en: `The door has been reported open for ${note.minutes} minutes on end: most likely its sensor, so it is not judged as a door.`,
  }),
};

/** The driver stays seated until the engine is off (校车安全管理条例 Art. 41). */
export const driverDoor: Rule<DoorTable> = {
  name: 'door_open_moving',
  aspect: 'driver_door',
  version: 'R21d/1',
  defaults: DOOR,
  wakes: () => NEWS.door,
  observe(at, table, episode) {
    const open = (at.report.statusFlags & DRIVER_DOOR) !== 0 && at.report.accOn === true;
    if (!open) return episode === null || at.eventsOnly ? null : OFF;
    const standing = at.speed !== null && at.speed.kmh <= table.movingKmh;
    const aboard = at.run?.runState === 'CARRYING';
    // On the move it is an open door like any other; and a sensor that is stuck is no driver who gets off.
    if (!standing || !aboard || at.episodes['terminal_fault/door_sensor'] !== undefined)
      return episode === null ? null : OFF;
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: 'P2',
      note: { aboard: at.aboard },
      movedM: 0,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.driverDoorS * 1000,
  limits: (at, table) => ({
    exitS: 0,
    exitFixes: table.exitFixes,
    rejoinS: table.rejoinS,
    blindS: Math.max(table.rejoinS, 3 * at.intervalS),
    retellS: 0,
  }),
  evidence: () => ({ doors: ['driver'], law: '校车安全管理条例 Art. 41', uncappedSeverity: 'P2' }),
  explain: () => ({
    zh: '车上有学生且未熄火，驾驶席门打开（《校车安全管理条例》第四十一条：驾驶人不得在发动机引擎熄灭前离开驾驶座位）。',
    en: "The driver's door was open with the engine on and pupils aboard (School Bus Safety Regulation Art. 41: the driver stays seated until the engine is off).",
  }),
};
