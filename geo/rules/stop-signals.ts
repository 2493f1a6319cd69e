import { unpackEpisode } from '../judge/episode.ts';
import type { VehicleInputs } from '../plan/plan.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation } from './rule.ts';

/** R22: hazard lights and stop sign at a stop (校车安全管理条例 Art. 33), marker lamp without pupils (Art. 17). */
export interface StopSignalsTable {
  /** Standing is slower than this. RULES R05. */
  readonly standingKmh: number;
  /** A stop with the door open of so long and over so many reports, none of which shows the signal: lamps blink. [D] */
  readonly confirmS: number;
  readonly confirmReports: number;
  /** The lamp lit for so long without pupils: not the moment of its test. [D] */
  readonly lampS: number;
  /** So often within so many days it is a violation. RULES R22. */
  readonly times: number;
  readonly days: number;
}

const TABLE: StopSignalsTable = {
  standingKmh: 5,
  confirmS: 10,
  confirmReports: 3,
  lampS: 60,
  times: 3,
  days: 7,
};

/** Front, middle and rear door: status bits 13 to 15. */
const PASSENGER_DOORS = 0b111 << 13;
const SLOT = 'door_open_moving/signals';
const HAZARD = 0b1100;

const inputsOf = (at: Situation): VehicleInputs | undefined =>
  at.plan.vehicles.get(at.report.vehicle)?.inputs;

/** The signals that are wired and were not given, null where the report does not tell. */
function missing(at: Situation, inputs: VehicleInputs): string[] | null {
  const lacking: string[] = [];
  let told = false;
  for (const event of at.events) {
    if (event.kind === 'signals' && inputs.hazard) {
      told = true;
      if ((event.flags & HAZARD) !== HAZARD) lacking.push('hazard_lights');
    }
    if (event.kind === 'inputs' && inputs.stopSign !== null) {
      told = true;
      if (((event.flags >>> inputs.stopSign) & 1) === 0) lacking.push('stop_sign');
    }
  }
  return told ? lacking : null;
}

/** Starts of the episodes that were confirmed, the newest few. */
export const stopSignals: Rule<StopSignalsTable, readonly number[]> = {
  name: 'door_open_moving',
  aspect: 'signals',
  version: 'R22/1',
  defaults: TABLE,
  wakes: () => NEWS.event,
  remember(at, table, starts) {
    const packed = at.episodes[SLOT];
    if (packed === undefined) return starts;
    const episode = unpackEpisode(packed);
    if (episode.phase === 'candidate' || starts?.at(-1) === episode.start) return starts;
    const oldest = episode.start - table.days * 86_400_000;
    return [...(starts ?? []).filter((start) => start > oldest), episode.start].slice(-table.times);
  },
  observe(at, table, episode, starts) {
    if (at.eventsOnly) return null;
    const open = (at.report.statusFlags & PASSENGER_DOORS) !== 0;
    if (!open) return episode === null ? null : OFF;
    const state = at.run?.runState;
    const inputs = state === 'EMPTY' || state === 'CARRYING' ? inputsOf(at) : undefined;
    if (inputs === undefined || at.speed === null || at.speed.kmh > table.standingKmh) return null;
    const lacking = missing(at, inputs);
    if (lacking === null) return null;
    if (lacking.length === 0) return episode === null ? null : OFF;
    const oldest = at.report.time - table.days * 86_400_000;
    const before = (starts ?? []).filter((start) => start > oldest && start !== episode?.start).length;
    return {
      sign: 'on',
      flagged: false,
      measure: lacking.length,
      severity: before + 1 >= table.times ? 'P2' : 'P3',
      note: { lacking, times: before + 1 },
      movedM: 0,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmReports && candidate.last - candidate.since >= table.confirmS * 1000,
  limits: (at) => ({
    exitS: 0,
    exitFixes: 1,
    rejoinS: 0,
    blindS: Math.max(120, 3 * at.intervalS),
    retellS: 0,
  }),
  evidence: ({ note }) => ({
    lacking: note.lacking ?? null,
    timesInWeek: note.times ?? null,
    law: '校车安全管理条例 Art. 33',
    uncappedSeverity: 'P2',
  }),
  explain({ note }) {
    const lacking = note.lacking as string[];
    const zh = lacking.map((one) => (one === 'stop_sign' ? '未打开停车指示标志' : '未开启危险报警闪光灯'));
    const en = lacking.map((one) => (one === 'stop_sign' ? 'the stop sign out' : 'hazard lights on'));
    return {
      zh: `停车开门上下学生时${zh.join('、')}（《校车安全管理条例》第三十三条）。`,
      en: `A stop with the door open without ${en.join(' and ')} (School Bus Safety Regulation Art. 33).`,
    };
  },
};

export const lampWhileEmpty: Rule<StopSignalsTable> = {
  name: 'door_open_moving',
  aspect: 'lamp',
  version: 'R22l/1',
  defaults: TABLE,
  wakes: () => NEWS.event,
  observe(at, _table, episode) {
    if (at.eventsOnly) return null;
    const event = at.events.find((one) => one.kind === 'inputs');
    const lamp = event === undefined ? null : (inputsOf(at)?.lamp ?? null);
    const lit = event?.kind === 'inputs' && lamp !== null && ((event.flags >>> lamp) & 1) === 1;
    const empty =
      at.run === null ? !at.carrying : at.run.runState === 'ARRIVED' || at.run.runState === 'CLOSED';
    if (!lit || !empty || at.report.accOn === false) return episode === null ? null : OFF;
    return { sign: 'on', flagged: false, measure: 1, severity: 'P3', note: {}, movedM: at.movedM };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.confirmReports && candidate.last - candidate.since >= table.lampS * 1000,
  limits: (at) => ({
    exitS: 0,
    exitFixes: 2,
    rejoinS: 300,
    blindS: Math.max(300, 3 * at.intervalS),
    retellS: 0,
  }),
  evidence: () => ({ law: '校车安全管理条例 Art. 17, 48', uncappedSeverity: 'P3' }),
  explain: () => ({
    zh: '未载学生时开启校车标志灯（《校车安全管理条例》第十七条）。',
    en: 'The marker lamp was lit without pupils aboard (School Bus Safety Regulation Art. 17).',
  }),
};
