import { NEWS } from './news.ts';
import { bit, OFF, type Rule, type Situation } from './rule.ts';

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
  wakes: () => NEWS.alarm | NEWS.event,
  observe(at, table, episode) {
    const by = bit(at.report.alarmFlags, table.alarmBit) ? 'terminal' : pressedBy(at);
    // The button is the fact itself, so it counts as proven and not as a terminal's opinion.
    if (by !== null)
      return { sign: 'on', flagged: false, measure: 1, severity: 'P1', note: { by }, movedM: at.movedM };
    return episode === null || at.eventsOnly ? null : OFF;
  },
  proven: () => true,
  limits: (_at, table) => ({
    exitS: 0,
    exitFixes: table.exitFixes,
    rejoinS: table.rejoinS,
    blindS: table.rejoinS,
    retellS: 0,
  }),
  evidence: (episode, table) => ({
    presses: episode.fixes,
    by: episode.note.by ?? null,
    ...(episode.note.by === 'terminal' ? { alarmBit: table.alarmBit } : {}),
  }),
  explain({ note }) {
    if (note.by === 'terminal') {
      return {
        zh: '车载终端紧急报警按钮被触发（JT/T 808 报警标志位 0）。',
        en: 'The emergency button of the terminal was pressed (JT/T 808 alarm bit 0).',
      };
    }
    return note.by === 'school'
      ? { zh: '学校触发了紧急报警。', en: 'The school raised an emergency.' }
      : { zh: '随车人员在手机上触发了紧急报警。', en: 'The crew raised an emergency on their phone.' };
  },
};

/** Who else raised an emergency: the crew's phone or the school. */
function pressedBy(at: Situation): string | null {
  if (at.events.length === 0) return null;
  for (const event of at.events) if (event.kind === 'sos') return event.by;
  return null;
}
