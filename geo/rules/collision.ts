import type { Severity } from '../finding.ts';
import { DENSE_S, NEWS, waitFor } from './news.ts';
import { bit, fencesHere, OFF, type Rule, type Situation } from './rule.ts';
import { isWithoutSky } from './without-signal.ts';

/** R24: collision and rollover. */
export interface CollisionTable {
  /** A speed that falls by so much within so long ... RULES R24. */
  readonly dropKmh: number;
  readonly dropS: number;
  /** ... and a vehicle that then stands for so long. RULES R24. */
  readonly stillS: number;
  readonly stillKmh: number;
  readonly stillFixes: number;
  /** Reports further apart than this show no such fall. [D] */
  readonly intervalS: number;
  /** After a warning of the terminal the speed is watched for so long: unchanged it was a pot-hole. RULES R24. */
  readonly watchS: number;
  /** Changed: by so much, or from at least `driveKmh` to a stand. [D] */
  readonly changeKmh: number;
  readonly driveKmh: number;
  readonly exitS: number;
  readonly exitFixes: number;
  readonly rejoinS: number;
  /** JT/T 808 alarm bits: collision, rollover. They are warnings in 2013. */
  readonly collisionBit: number;
  readonly rolloverBit: number;
}

/** A speed that fell as in a collision. Times are event times. */
export interface Drop {
  readonly time: number;
  readonly fromKmh: number;
  readonly toKmh: number;
  /** Since when it stands; null while it has not come to a stand. */
  readonly stillAt: number | null;
}

interface Impact {
  /** [time, km/h] of the fixes within `dropS`. */
  readonly speeds: readonly (readonly [number, number])[];
  readonly drop: Drop | null;
  /** When the terminal began to warn, and the speed at that; null while it does not. */
  readonly warned: Warned | null;
}

interface Warned {
  readonly time: number;
  readonly kmh: number | null;
  /** The alarm word that began it. */
  readonly flags: number;
}

/** The higher of both: a GNSS speed that falls to nothing is believed only if the recorder says the same. */
function speedAt(at: Situation): number | null {
  const { speedKmh, recorderSpeedKmh, positioned } = at.report;
  if (!positioned || speedKmh === null) return recorderSpeedKmh;
  return recorderSpeedKmh === null ? speedKmh : Math.max(speedKmh, recorderSpeedKmh);
}

const warning = (at: Situation, table: CollisionTable): boolean =>
  bit(at.report.alarmFlags, table.collisionBit) || bit(at.report.alarmFlags, table.rolloverBit);

/** The drop that a vehicle's memory of this rule holds; null where there is none. */
export function dropIn(memory: unknown): Drop | null {
  return (memory as Impact | undefined)?.drop ?? null;
}

export const collision: Rule<CollisionTable, Impact> = {
  name: 'collision',
  version: 'R24/1',
  defaults: {
    dropKmh: 25,
    dropS: 2,
    stillS: 30,
    stillKmh: 3,
    stillFixes: 3,
    intervalS: 2.5,
    watchS: 20,
    changeKmh: 20,
    driveKmh: 10,
    exitS: 30,
    exitFixes: 2,
    rejoinS: 120,
    collisionBit: 29,
    rolloverBit: 30,
  },
  wakes: (table) => waitFor(NEWS.alarm | NEWS.dense | NEWS.kept, table.intervalS <= DENSE_S),
  remember(at, table, was) {
    const dense = at.intervalS > 0 && at.intervalS <= table.intervalS;
    if (was === null && !dense && at.report.alarmFlags === 0) return null;
    if (at.eventsOnly) return was;
    const { time } = at.report;
    const kmh = speedAt(at);
    const warned = warnedNow(at, table, was?.warned ?? null, kmh);
    if (!dense && warned === null && !was?.drop) return null;
    const recent = (was?.speeds ?? []).filter((one) => time - one[0] <= table.dropS * 1000);
    let drop = was?.drop ?? null;
    if (kmh !== null) {
      if (drop !== null && kmh > table.stillKmh && kmh > drop.toKmh) drop = null;
      const fastest = recent.reduce((most, one) => Math.max(most, one[1]), 0);
      if (fastest - kmh >= table.dropKmh && !isWithoutSky(fencesHere(at)))
        drop = {
          time: drop?.time ?? time,
          fromKmh: drop?.fromKmh ?? fastest,
          toKmh: kmh,
          stillAt: drop?.stillAt ?? null,
        };
      if (drop !== null && drop.stillAt === null && kmh <= table.stillKmh)
        drop = { ...drop, toKmh: kmh, stillAt: time };
    }
    return { speeds: kmh === null ? recent : [...recent, [time, kmh]], drop, warned };
  },
  observe(at, table, episode, impact) {
    if (impact === null || at.eventsOnly) return episode === null || at.eventsOnly ? null : OFF;
    const kmh = speedAt(at);
    const { drop, warned } = impact;
    const still = drop !== null && kmh !== null && kmh <= table.stillKmh;
    if (!still && warned === null) return episode === null ? null : OFF;
    const changed = warned !== null && isChanged(warned, kmh, at.report.time, table);
    const severity: Severity = still || changed ? 'P1' : 'P2';
    return {
      sign: 'on',
      flagged: false,
      measure:
        (still ? 2_000 : 0) + (warned === null ? 0 : changed ? 1_000 : 500) + (drop?.fromKmh ?? 0) / 1_000,
      severity,
      note: {
        warned: warned !== null || episode?.note.warned === true,
        flags: warned?.flags ?? episode?.note.flags ?? 0,
        fromKmh: drop?.fromKmh ?? warned?.kmh ?? null,
        toKmh: drop?.toKmh ?? kmh,
        still,
        changed: changed || episode?.note.changed === true,
      },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.note.warned === true ||
    (candidate.fixes >= table.stillFixes && candidate.last - candidate.since >= table.stillS * 1000) ||
    // Nothing was heard in between: it stood all the while, for all that is known.
    (candidate.fixes >= 2 && candidate.last - candidate.since >= 2 * table.stillS * 1000),
  limits: (_at, table) => ({
    exitS: table.exitS,
    exitFixes: table.exitFixes,
    rejoinS: table.rejoinS,
    blindS: 1_800,
    retellS: 0,
  }),
  evidence: ({ note }, table) => ({
    source: note.warned === true ? (note.still === true ? 'both' : 'terminal') : 'platform',
    fromKmh: note.fromKmh ?? null,
    toKmh: note.toKmh ?? null,
    stoodStill: note.still ?? null,
    ...(note.warned === true
      ? {
          alarmBits: [table.collisionBit, table.rolloverBit].filter(
            (n) => ((Number(note.flags) >>> n) & 1) === 1,
          ),
        }
      : {}),
    ...(note.warned === true && note.still !== true && note.changed !== true
      ? { review: 'the speed did not change: a pot-hole or a kerb' }
      : {}),
    law: '校车安全管理条例 Art. 42',
  }),
  explain({ note }) {
    if (note.still === true) {
      return {
        zh: `车速由 ${note.fromKmh} km/h 骤降至 ${note.toKmh} km/h 后停止不动，疑似碰撞，立即联系随车人员（《校车安全管理条例》第四十二条）。`,
        en: `From ${note.fromKmh} to ${note.toKmh} km/h at once, and still since: most likely a collision. Call the crew (School Bus Safety Regulation Art. 42).`,
      };
    }
    return note.changed === true
      ? {
          zh: '终端上报碰撞或侧翻，随后车速明显下降，立即联系随车人员（《校车安全管理条例》第四十二条）。',
          en: 'The terminal reports a collision or rollover, and the speed fell after it. Call the crew (School Bus Safety Regulation Art. 42).',
        }
      : {
          zh: '终端上报碰撞或侧翻预警，车速未见变化，可能为路面颠簸，须复核。',
          en: 'The terminal warns of a collision or rollover, and the speed did not change: perhaps a pot-hole, to be reviewed.',
        };
  },
};

/** The warning under way: from the first report that has it until it is gone and the speed was watched long enough. */
function warnedNow(
  at: Situation,
  table: CollisionTable,
  was: Impact['warned'],
  kmh: number | null,
): Impact['warned'] {
  const now = warning(at, table);
  if (was === null) return now ? { time: at.report.time, kmh, flags: at.report.alarmFlags } : null;
  return now || at.report.time - was.time <= table.watchS * 1000 ? was : null;
}

function isChanged(warned: Warned, kmh: number | null, time: number, table: CollisionTable): boolean {
  if (kmh === null || warned.kmh === null || time - warned.time > table.watchS * 1000) return false;
  if (warned.kmh - kmh >= table.changeKmh) return true;
  return warned.kmh >= table.driveKmh && kmh <= table.stillKmh;
}
