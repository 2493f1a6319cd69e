import { bit, OFF, type Rule } from './rule.ts';

/** R25: the emergency button. */
export interface SosTable {
  /** JT/T 808 alarm bit of the button. */
  readonly alarmBit: number;
  /** Reports without the bit until it counts as released. RULES 1, terminal-flagged alarms. */
  readonly exitFixes: number;
  /** A press within this long joins the episode: the terminal repeats it until it is handled. RULES R25, the time is [D]. */
  readonly rejoinS: number;
}

export const sos: Rule<SosTable> = {
  name: 'sos',
  version: 'R25/1',
  defaults: { alarmBit: 0, exitFixes: 2, rejoinS: 600 },
  observe(at, table, episode) {
    if (bit(at.report.alarmFlags, table.alarmBit)) {
      // The button is the fact itself, so it counts as proven and not as a terminal's opinion.
      return { sign: 'on', flagged: false, measure: 1, severity: 'P1', note: {}, movedM: at.movedM };
    }
    return episode === null ? null : OFF;
  },
  proven: () => true,
  limits: (_at, table) => ({
    exitS: 0,
    exitFixes: table.exitFixes,
    rejoinS: table.rejoinS,
    blindS: table.rejoinS,
    retellS: 0,
  }),
  evidence: (episode, table) => ({ presses: episode.fixes, alarmBit: table.alarmBit }),
  explain: () => ({
    zh: '车载终端紧急报警按钮被触发（JT/T 808 报警标志位 0）。',
    en: 'The emergency button of the terminal was pressed (JT/T 808 alarm bit 0).',
  }),
};
