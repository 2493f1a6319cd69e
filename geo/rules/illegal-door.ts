import { NEWS } from './news.ts';
import { bit, OFF, type Rule } from './rule.ts';

/** R21: the terminal says that a door was opened where it must not be (alarm bit 31 of 2013; cleared once answered). */
export interface IllegalDoorTable {
  readonly alarmBit: number;
  readonly exitFixes: number;
  /** RULES 1, terminal-flagged alarms. */
  readonly repeatS: number;
}

export const illegalDoor: Rule<IllegalDoorTable> = {
  name: 'door_open_moving',
  aspect: 'illegal_open',
  version: 'R21i/1',
  defaults: { alarmBit: 31, exitFixes: 2, repeatS: 60 },
  wakes: () => NEWS.alarm,
  observe(at, table, episode) {
    if (at.eventsOnly) return null;
    if (!bit(at.report.alarmFlags, table.alarmBit)) return episode === null ? null : OFF;
    const carrying = at.run?.runState === 'CARRYING';
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: carrying ? 'P2' : 'P3',
      note: { carrying },
      movedM: at.movedM,
    };
  },
  proven: () => true,
  limits: (_at, table) => ({
    exitS: 0,
    exitFixes: table.exitFixes,
    rejoinS: table.repeatS,
    blindS: table.repeatS,
    retellS: 0,
  }),
  evidence: ({ note }, table) => ({
    source: 'terminal',
    alarmBit: table.alarmBit,
    carrying: note.carrying ?? null,
  }),
  explain: () => ({
    zh: '终端上报非法开门（JT/T 808-2013 报警标志位 31）：车门在设定区域之外打开。',
    en: 'The terminal reports an illegal opening of a door (JT/T 808-2013 alarm bit 31): outside the areas set for it.',
  }),
};
