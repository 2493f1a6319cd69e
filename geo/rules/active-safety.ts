import type { Severity } from '../finding.ts';
import type { Episode, Observation } from '../judge/episode.ts';
import type { VehicleEvent } from '../vehicle-event.ts';
import { NEWS } from './news.ts';
import { bit, OFF, type Rule, type Situation } from './rule.ts';

/** R26: alarms of driving assistance and driver monitoring (T/JSATL 12), by kind: alarms of one kind are one episode. */
export interface ActiveSafetyTable {
  /** Level 2 of a serious kind faster than this is a violation. RULES R26 [D]. */
  readonly fastKmh: number;
  /** Fatigue of level 2 twice within so long is grave. RULES R26. */
  readonly twiceS: number;
  /** A start without an end is over after so long. RULES R26. */
  readonly unendedS: number;
  /** Of one kind within so long it is the same episode. RULES 1 [D]. */
  readonly rejoinS: number;
}

export const ACTIVE_SAFETY: ActiveSafetyTable = { fastKmh: 30, twiceS: 600, unendedS: 300, rejoinS: 120 };

/** One kind of alarm. */
export interface AlarmKind {
  readonly aspect: string;
  /** Names of the protocol room that mean it. Empty: all that no other kind has. */
  readonly alarms: readonly string[];
  readonly serious?: true;
  /** Twice at level 2 is grave. */
  readonly twice?: true;
  /** Grave at level 2 on the move. */
  readonly grave?: true;
  /** Bits of the alarm word and of the status word that say the same without a level. */
  readonly alarmBit?: number;
  readonly statusBit?: number;
  readonly zh: string;
  readonly en: string;
}

type SafetyEvent = Extract<VehicleEvent, { readonly kind: 'adas' | 'dsm' }>;

/** Snapshots, signs read and changes of driver are told as events and are no alarms; a covered camera is R28's. */
const isAlarm = (event: SafetyEvent): boolean =>
  !event.alarm.endsWith('(event)') && event.alarm !== 'camera covered';

/** Numbers of alarms kept in the evidence of one episode: their files are found by them. */
const MOST_IDS = 8;

export function activeSafety(
  name: 'adas' | 'dsm',
  kind: AlarmKind,
  known: ReadonlySet<string>,
): Rule<ActiveSafetyTable> {
  const means = (event: VehicleEvent): event is SafetyEvent =>
    event.kind === name &&
    isAlarm(event) &&
    (kind.alarms.length === 0 ? !known.has(event.alarm) : kind.alarms.includes(event.alarm));

  function flagged({ report }: Situation): boolean {
    return (
      (kind.alarmBit !== undefined && bit(report.alarmFlags, kind.alarmBit)) ||
      (kind.statusBit !== undefined && bit(report.statusFlags, kind.statusBit))
    );
  }

  function severityOf(level: number, kmh: number, again: boolean, table: ActiveSafetyTable): Severity {
    if (level < 2) return 'P3';
    if (kind.twice && again) return 'P1';
    if (kmh <= table.fastKmh) return 'P3';
    return kind.grave ? 'P1' : kind.serious ? 'P2' : 'P3';
  }

  function alarmed(
    at: Situation,
    event: SafetyEvent | null,
    table: ActiveSafetyTable,
    episode: Episode | null,
  ): Observation {
    const note = episode?.note ?? {};
    const ids = (note.alarmIds ?? []) as readonly string[];
    const id = event?.alarmId ?? null;
    // The end of an alarm that was told at its start, or the same report of it again.
    const same = event?.phase === 'end' || (id !== null && ids.includes(id));
    const level = event?.level ?? 1;
    const { time } = at.report;
    const kmh = event?.speedKmh || (at.speed?.kmh ?? 0);
    const level2At = Number(note.level2At ?? 0);
    const again = !same && level2At > 0 && time - level2At <= table.twiceS * 1000;
    return {
      sign: 'on',
      flagged: false,
      // Each adds to the last, so that the note is always the newest.
      measure: (episode?.peak ?? 0) + 1,
      severity: severityOf(level, kmh, again, table),
      note: {
        alarm: event?.alarm ?? kind.alarms[0] ?? kind.aspect,
        level: Math.max(level, Number(note.level ?? 0)),
        kmh: Math.max(Math.round(kmh), Number(note.kmh ?? 0)),
        alarms: Number(note.alarms ?? 0) + (same ? 0 : 1),
        alarmIds: id === null || ids.includes(id) ? ids : [...ids, id].slice(-MOST_IDS),
        files: Number(note.files ?? 0) + (same ? 0 : (event?.files ?? 0)),
        open: event?.phase === 'start',
        level2At: level >= 2 && !same ? time : level2At,
      },
      movedM: at.movedM,
    };
  }

  return {
    name,
    aspect: kind.aspect,
    version: 'R26/1',
    defaults: ACTIVE_SAFETY,
    wakes: () =>
      NEWS.event |
      (kind.alarmBit === undefined ? 0 : NEWS.alarm) |
      (kind.statusBit === undefined ? 0 : NEWS.warning),
    observe(at, table, episode) {
      const event = at.events.find(means) ?? null;
      if (event !== null || flagged(at)) return alarmed(at, event, table, episode);
      if (episode === null || at.eventsOnly) return null;
      const lasting = episode.note.open === true && at.report.time - episode.last <= table.unendedS * 1000;
      return lasting ? null : OFF;
    },
    proven: () => true,
    limits: (_at, table) => ({
      exitS: 0,
      exitFixes: 1,
      rejoinS: kind.twice ? Math.max(table.rejoinS, table.twiceS) : table.rejoinS,
      blindS: Math.max(2 * table.unendedS, kind.twice ? table.twiceS : 0),
      // Each alarm is told as it comes: its files are asked for by its number.
      retellS: 1,
    }),
    evidence: ({ note }) => ({
      source: 'terminal',
      alarm: note.alarm ?? null,
      kind: kind.aspect,
      level: note.level ?? null,
      peakKmh: note.kmh ?? null,
      alarms: note.alarms ?? null,
      alarmIds: note.alarmIds ?? [],
      files: note.files ?? 0,
    }),
    explain: ({ note }) => ({
      zh: `${name === 'adas' ? '驾驶辅助系统' : '驾驶员监测系统'}报警：${kind.zh}，${note.level} 级，${note.alarms} 次，车速 ${note.kmh} km/h。`,
      en: `${name === 'adas' ? 'Driving assistance' : 'Driver monitoring'}: ${kind.en}, level ${note.level}, ${note.alarms} time${note.alarms === 1 ? '' : 's'}, at ${note.kmh} km/h.`,
    }),
  };
}
