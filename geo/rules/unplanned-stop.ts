import { distanceM } from '../geometry/distance.ts';
import type { Episode, Observation } from '../judge/episode.ts';
import type { Fence, Plan } from '../plan/plan.ts';
import { NEVER, NEWS, SLOW_KMH, waitFor } from './news.ts';
import { BETWEEN, bit, blindS, cappedByAboard, OFF, type Rule, type Situation } from './rule.ts';
import { type StopPlace, stopPlaces } from './stop-places.ts';

/** R08, R09, R10, R12: standing with pupils aboard where, or for longer than, a bus should. */
export interface UnplannedStopTable {
  /** Standing is slower than this; it is over above that. RULES R08; RULES 1, stationary clamp. */
  readonly stillKmh: number;
  readonly leaveKmh: number;
  /** Farther than this from any approved stop, and from any school. RULES R08; the school's is [D]. */
  readonly fromStopM: number;
  readonly fromSchoolM: number;
  /** For so long; with a door open so long is enough. RULES R08. */
  readonly unplannedS: number;
  readonly doorS: number;
  /** Without a door open it may be a light that is on no map: a record until it has lasted this long. [D] */
  readonly sureS: number;
  /** Creeping more than this a minute is a jam and no stop. RULES R08. */
  readonly creepMPerMin: number;
  /** In the minutes before, no faster than this on the average: a jam by the bus's own history. RULES R08, the numbers are [D]. */
  readonly jamKmh: number;
  readonly jamS: number;
  /** A stop is long after so much at an approved stop, elsewhere after so long without so much progress. RULES R09 [TTC]. */
  readonly longAtStopS: number;
  readonly longElsewhereS: number;
  readonly noProgressM: number;
  /** Grave then. RULES R09. */
  readonly graveS: number;
  /** On a dangerous section: any stop of so long, or of so long with a door open. RULES R10. */
  readonly dangerS: number;
  readonly dangerDoorS: number;
  /** At a fuel station for so long. RULES R12 [L1-41]. */
  readonly fuelS: number;
  /** JT/T 808 alarm bit of the terminal's own stop overtime. */
  readonly alarmBit: number;
}

export const UNPLANNED_STOP: UnplannedStopTable = {
  stillKmh: 3,
  leaveKmh: 5,
  fromStopM: 80,
  fromSchoolM: 150,
  unplannedS: 90,
  doorS: 10,
  sureS: 180,
  creepMPerMin: 30,
  jamKmh: 8,
  jamS: 180,
  longAtStopS: 300,
  longElsewhereS: 480,
  noProgressM: 60,
  graveS: 1_200,
  dangerS: 60,
  dangerDoorS: 30,
  fuelS: 60,
  alarmBit: 19,
};

/** Front, middle and rear door (JT/T 808 status bits). */
const DOORS = 0b111 << 13;

/** What the bus did lately: was its door shut when it last moved, and where it was a while ago. */
export interface Lately {
  readonly shut: boolean;
  /** Up to three marks, half of `jamS` apart or more, oldest first: time, lat, lon. */
  readonly marks: readonly (readonly [number, number, number])[];
}

const NO_MARKS: Lately['marks'] = [];

/** Pupils are aboard, by the run under way or by somebody's count. */
const isCarrying = ({ run, carrying, aboard }: Situation): boolean =>
  run === null ? carrying && aboard === 'known' : run.joined && run.arrivedAt === 0 && carrying;

const isStill = (at: Situation, table: UnplannedStopTable): boolean =>
  at.standing || (at.speed !== null && at.speed.kmh < table.stillKmh);

const doorOpen = ({ report }: Situation): boolean => (report.statusFlags & DOORS) !== 0;

function remember(at: Situation, table: UnplannedStopTable, memory: Lately | null): Lately | null {
  if (!isCarrying(at)) return at.eventsOnly || at.fixUse === 'none' ? memory : null;
  if (at.fixUse === 'none' || at.lat === null || at.lon === null) return memory;
  const moving = !at.standing && at.speed !== null && at.speed.kmh > table.leaveKmh;
  const shut = moving ? !doorOpen(at) : (memory?.shut ?? false);
  const marks = memory?.marks ?? NO_MARKS;
  const last = marks[marks.length - 1];
  // A stop at an approved place is no jam: the marks begin anew behind it.
  const due = last === undefined || at.report.time - last[0] >= (table.jamS / 2) * 1000;
  if (!due && shut === memory?.shut) return memory;
  const mark = [at.report.time, rounded(at.lat), rounded(at.lon)] as const;
  return { shut, marks: due ? [...marks.slice(-2), mark] : marks };
}

/** To about a metre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

/** Has it hardly moved for minutes before this stop, though not at a place to stand? */
function isJam(at: Situation, table: UnplannedStopTable, since: number, memory: Lately | null): boolean {
  const before = memory?.marks.filter(([time]) => time <= since - (table.jamS / 2) * 1000) ?? [];
  const first = before[0];
  if (first === undefined || at.lat === null || at.lon === null) return false;
  const [time, lat, lon] = first;
  const places = stopPlaces(at.plan, table.fromStopM, table.fromSchoolM);
  if (places(lat, lon, at.fencesAt(lat, lon, time)) !== null) return false;
  const kmh = (distanceM([lon, lat], [at.lon, at.lat]) / ((since - time) / 1000)) * 3.6;
  return kmh < table.jamKmh;
}

/** Metres from where the episode began, by the fix itself: the stationary clamp sets a bus back to where it braked. */
function awayM({ report }: Situation, { lat, lon }: Episode): number {
  return lat === null || lon === null ? 0 : distanceM([lon, lat], [report.lon, report.lat]);
}

/**
 * Still on the same spot: `on`; under way again: `off`. Null where there is no position, or no reason to look any closer.
 */
function stillSign(
  at: Situation,
  table: UnplannedStopTable,
  episode: Episode | null,
): 'on' | 'between' | 'off' | null {
  if (at.eventsOnly || at.fixUse === 'none') return null;
  if (!isCarrying(at)) return episode === null ? null : 'off';
  if (isStill(at, table)) {
    // Between two slow fixes far apart it drove on: the stop begins anew.
    const creptM = episode === null ? 0 : awayM(at, episode);
    const sinceMin = episode === null ? 0 : (at.report.time - episode.start) / 60_000;
    return creptM > Math.max(table.creepMPerMin, sinceMin * table.creepMPerMin) ? 'off' : 'on';
  }
  if (episode === null) return null;
  const moving = at.speed !== null && at.speed.kmh > table.leaveKmh;
  return moving || awayM(at, episode) > table.fromStopM ? 'off' : 'between';
}

const seconds = (at: Situation, episode: Episode | null): number =>
  episode === null ? 0 : Math.round((at.report.time - episode.start) / 1000);

function seen(at: Situation, episode: Episode | null, more: Partial<Observation>): Observation {
  const lastedS = seconds(at, episode);
  return {
    sign: 'on',
    flagged: false,
    measure: lastedS,
    severity: 'P2',
    movedM: at.movedM,
    ...more,
    note: { lastedS, aboard: at.aboard, ...more.note },
  };
}

const limits: Rule<UnplannedStopTable>['limits'] = (at) => ({
  exitS: 0,
  exitFixes: 2,
  rejoinS: 120,
  blindS: blindS(at),
  retellS: at.machinery.retellS,
});

const SIGNS = { off: OFF, between: BETWEEN } as const;

export const unplannedStop: Rule<UnplannedStopTable, Lately> = {
  name: 'unplanned_stop',
  version: 'R08/1',
  defaults: UNPLANNED_STOP,
  wakes: () => NEWS.carrying | NEWS.kept,
  remember,
  observe(at, table, episode, memory) {
    const sign = stillSign(at, table, episode);
    if (sign !== 'on') return sign === null ? null : SIGNS[sign];
    const here = fencesOf(at);
    const place = placeHere(at, table, here);
    const other = here.some(({ kind }) => kind === 'fuel_station' || kind === 'danger_section');
    if (place !== null || other) return episode === null ? null : OFF;
    const jam = isJam(at, table, episode?.start ?? at.report.time, memory);
    const door = memory?.shut === true && doorOpen(at);
    const lastedS = seconds(at, episode);
    const grave = lastedS >= table.graveS;
    const own = door || lastedS >= table.sureS ? 'P2' : 'P3';
    const severity = grave ? cappedByAboard('P1', at.aboard) : own;
    return seen(at, episode, { severity, note: { door, jam, grave } });
  },
  proven(candidate, _at, table) {
    const { note } = candidate;
    const lastedS = Number(note.lastedS);
    if (candidate.fixes < 2 || note.jam === true) return false;
    return lastedS >= table.unplannedS || (note.door === true && lastedS >= table.doorS);
  },
  limits,
  evidence: ({ note }) => ({
    reason: 'unplanned',
    lastedS: note.lastedS ?? null,
    doorOpened: note.door ?? null,
    ...(note.grave === true ? { uncappedSeverity: 'P1' } : {}),
    jamTest: 'own creeping and own pace before the stop',
    law: '校车安全管理条例 Art. 30, 32',
  }),
  explain: ({ note }) => ({
    zh: `载有学生时在非停靠站点停车 ${note.lastedS} 秒${note.door === true ? '并开启车门' : ''}（《校车安全管理条例》第三十、三十二条）。`,
    en: `Stood ${note.lastedS} s with pupils aboard at no approved stop${note.door === true ? ', with a door open' : ''} (School Bus Safety Regulation Art. 30, 32).`,
  }),
};

export const longStop: Rule<UnplannedStopTable> = {
  name: 'unplanned_stop',
  aspect: 'long',
  version: 'R09/1',
  defaults: UNPLANNED_STOP,
  wakes: () => NEWS.alarm | NEWS.slow,
  observe(at, table, episode) {
    if (at.eventsOnly || at.fixUse === 'none') return null;
    const carrying = isCarrying(at);
    // Parked overnight it is no news that the terminal finds the stop long.
    const flagged = carrying && bit(at.report.alarmFlags, table.alarmBit);
    if (!carrying) return episode === null ? null : OFF;
    // A stop where none is has its own episode, which grows as long.
    if (episode === null && !flagged && at.episodes.unplanned_stop !== undefined) return null;
    // Begun once the stop is sure to be one; it counts from when the bus came to stand.
    if (episode === null && !flagged && !at.standing) return null;
    const crept = episode !== null && awayM(at, episode) > table.noProgressM;
    if (crept) return { ...OFF, flagged };
    const place = placeHere(at, table, fencesOf(at));
    const approved = place === 'stop' || place === 'platform' || place === 'school';
    const limitS = approved ? table.longAtStopS : table.longElsewhereS;
    if (approved && isBeforeDeparture(at)) return episode === null && !flagged ? null : { ...OFF, flagged };
    const lastedS = seconds(at, episode) + at.machinery.stillAfterS;
    const grave = lastedS >= table.graveS;
    return seen(at, episode, {
      flagged,
      measure: lastedS,
      severity: grave ? cappedByAboard('P1', at.aboard) : 'P2',
      note: { lastedS, limitS, place, grave },
    });
  },
  proven: ({ note, fixes }) => fixes >= 2 && Number(note.lastedS) >= Number(note.limitS),
  limits,
  evidence: ({ note, proven }) => ({
    reason: 'long',
    lastedS: note.lastedS ?? null,
    limitS: note.limitS ?? null,
    place: note.place ?? null,
    uncappedSeverity: note.grave === true ? 'P1' : 'P2',
    ...(proven ? {} : { mismatch: 'the terminal reports a stop too long, the platform does not find it' }),
  }),
  explain({ note, proven }) {
    if (!proven) {
      return {
        zh: '终端上报超时停车，平台未判定。',
        en: 'The terminal reports a stop too long; the platform does not find it.',
      };
    }
    return {
      zh: `载有学生时停留 ${minutes(note.lastedS)} 分钟没有前进，超过 ${minutes(note.limitS)} 分钟。`,
      en: `No progress for ${minutes(note.lastedS)} min with pupils aboard; the limit here is ${minutes(note.limitS)} min.`,
    };
  },
};

export const dangerousStop: Rule<UnplannedStopTable, Lately> = {
  name: 'unplanned_stop',
  aspect: 'danger',
  version: 'R10/1',
  defaults: UNPLANNED_STOP,
  wakes: (table, { plan }) =>
    hasFence(plan, 'danger_section') ? waitFor(NEWS.slow, table.stillKmh <= SLOW_KMH) : NEVER,
  observe(at, table, episode) {
    const { fence, sign } = stillInFence(at, table, episode, 'danger_section');
    if (fence === null) return sign === null ? null : SIGNS[sign];
    return seen(at, episode, {
      severity: cappedByAboard('P1', at.aboard),
      note: { fence: fence.id, name: fence.name, door: doorOpen(at), grade: 'P1' },
    });
  },
  proven({ note, fixes }, _at, table) {
    return fixes >= 2 && Number(note.lastedS) >= (note.door === true ? table.dangerDoorS : table.dangerS);
  },
  limits,
  evidence: ({ note }) => ({
    reason: 'dangerous_section',
    fence: note.fence ?? null,
    lastedS: note.lastedS ?? null,
    doorOpen: note.door ?? null,
    law: '校车安全管理条例 Art. 28, 29, 32',
    uncappedSeverity: 'P1',
  }),
  explain: ({ note }) => ({
    zh: `载有学生时在危险路段“${note.name}”停车 ${note.lastedS} 秒${note.door === true ? '，车门开启' : ''}。`,
    en: `Stood ${note.lastedS} s on the dangerous section "${note.name}" with pupils aboard${note.door === true ? ', a door open' : ''}.`,
  }),
};

export const refuellingStop: Rule<UnplannedStopTable> = {
  name: 'unplanned_stop',
  aspect: 'fuel',
  version: 'R12/1',
  defaults: UNPLANNED_STOP,
  wakes: (table, { plan }) =>
    hasFence(plan, 'fuel_station') ? waitFor(NEWS.slow, table.stillKmh <= SLOW_KMH) : NEVER,
  observe(at, table, episode) {
    const { fence, sign } = stillInFence(at, table, episode, 'fuel_station');
    if (fence === null) return sign === null ? null : SIGNS[sign];
    return seen(at, episode, { note: { fence: fence.id, name: fence.name } });
  },
  proven: ({ note, fixes }, _at, table) => fixes >= 2 && Number(note.lastedS) >= table.fuelS,
  limits,
  evidence: ({ note }) => ({
    reason: 'refuelling',
    fence: note.fence ?? null,
    lastedS: note.lastedS ?? null,
    law: '校车安全管理条例 Art. 41',
  }),
  explain: ({ note }) => ({
    zh: `载有学生时在加油站“${note.name}”停留 ${note.lastedS} 秒（《校车安全管理条例》第四十一条禁止载学生加油）。`,
    en: `Stood ${note.lastedS} s at the fuel station "${note.name}" with pupils aboard (School Bus Safety Regulation Art. 41 forbids refuelling then).`,
  }),
};

function stillInFence(
  at: Situation,
  table: UnplannedStopTable,
  episode: Episode | null,
  kind: Fence['kind'],
): { fence: Fence | null; sign: 'between' | 'off' | null } {
  const sign = stillSign(at, table, episode);
  if (sign !== 'on') return { fence: null, sign };
  const fence = fencesOf(at).find((one) => one.kind === kind) ?? null;
  return { fence, sign: episode === null ? null : 'off' };
}

const hasFence = ({ fences }: Plan, kind: Fence['kind']): boolean =>
  fences.some((fence) => fence.kind === kind);

function placeHere(
  { plan, report }: Situation,
  table: UnplannedStopTable,
  here: readonly Fence[],
): StopPlace | null {
  return stopPlaces(plan, table.fromStopM, table.fromSchoolM)(report.lat, report.lon, here);
}

/** Fences of the fix itself, as in `awayM`. */
const fencesOf = ({ report, fencesAt }: Situation): readonly Fence[] =>
  fencesAt(report.lat, report.lon, report.time);

/** Waiting at a stop of its run for the hour to leave it. */
function isBeforeDeparture({ run, tripLine, report }: Situation): boolean {
  if (run === null || tripLine === null) return false;
  const { trip } = tripLine;
  return run.visits.open.some(({ stop }) => {
    const there = trip.stopTimes[stop];
    return there !== undefined && report.time < run.start + (there.departureS - trip.startS) * 1000;
  });
}

const minutes = (s: unknown): number => Math.round(Number(s) / 6) / 10;
