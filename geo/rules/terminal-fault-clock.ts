import type { VehicleEvent } from '../vehicle-event.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation } from './rule.ts';

/** RULES 1, time: a terminal whose clock is wrong. What is judged is what the reports themselves say of it. */
export interface ClockFaultTable {
  /** Reports with a clock that could not be put right, at most one a minute; one that was needs one. [D] */
  readonly confirmReports: number;
  readonly exitReports: number;
  /** Wrong again within so long is the same fault. [D] */
  readonly rejoinS: number;
  readonly keptDays: number;
}

type ClockEvent = Extract<VehicleEvent, { readonly kind: 'clock' }>;

function clockEvent(at: Situation): ClockEvent | undefined {
  return at.events.find((event): event is ClockEvent => event.kind === 'clock');
}

export const clockFault: Rule<ClockFaultTable> = {
  name: 'terminal_fault',
  aspect: 'clock',
  version: 'R28c/1',
  defaults: { confirmReports: 2, exitReports: 2, rejoinS: 600, keptDays: 4 },
  wakes: () => NEWS.event,
  observe(at, _table, episode) {
    const said = clockEvent(at);
    if (said === undefined) return episode === null || at.eventsOnly ? null : OFF;
    return {
      sign: 'on',
      flagged: false,
      measure: Math.abs(said.offsetS),
      severity: 'P3',
      note: { offsetS: said.offsetS, corrected: said.corrected },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.note.corrected === true || candidate.fixes >= table.confirmReports,
  limits: (_at, table) => ({
    exitS: 0,
    exitFixes: table.exitReports,
    rejoinS: table.rejoinS,
    blindS: table.keptDays * 86_400,
    retellS: 0,
    acrossRuns: true,
  }),
  evidence: ({ note }) => ({
    component: 'clock',
    clock_offset: note.offsetS ?? null,
    corrected: note.corrected ?? null,
  }),
  explain({ note }) {
    const offsetS = Number(note.offsetS);
    const by = lengthOf(Math.abs(offsetS));
    const zh = `终端时钟${offsetS > 0 ? '快' : '慢'} ${by}`;
    const en = `The terminal's clock is ${by} ${offsetS > 0 ? 'fast' : 'slow'}`;
    return note.corrected === true
      ? {
          zh: `${zh}，其上报时间已按此更正，原文保持不变。`,
          en: `${en}; its times are put right by that, the bytes are kept as sent.`,
        }
      : {
          zh: `${zh}，无法判定其上报时间，报文已另存。`,
          en: `${en}; its reports cannot be dated and are kept aside.`,
        };
  },
};

function lengthOf(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${hours}:${two(minutes)}:${two(Math.round(seconds % 60))}`;
}
