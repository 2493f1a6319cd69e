import { distanceM } from '../geometry/distance.ts';
import { NEWS } from './news.ts';
import type { Situation } from './rule.ts';
import { OFF, type Rule } from './rule.ts';

/** RULES 1, duplicates: two terminals with one id. The newest connection wins; that there are two is seen here. */
export interface ClonedIdTable {
  /** Positions so far apart within so long cannot be one vehicle's. RULES 1. */
  readonly apartM: number;
  readonly apartS: number;
  /** So long without another sign of it ends it. [D] */
  readonly exitS: number;
  readonly rejoinS: number;
}

/** The newest position as sent, while two are suspected. */
interface Placed {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  /** How far from the one before, where that was too far. */
  readonly apartM: number;
}

const SLOT = 'terminal_fault/cloned_id';

const toldOfSecond = (at: Situation): boolean =>
  at.events.some((event) => event.kind === 'second_connection');

export const clonedId: Rule<ClonedIdTable, Placed> = {
  name: 'terminal_fault',
  aspect: 'cloned_id',
  version: 'R29i/1',
  defaults: { apartM: 1_000, apartS: 60, exitS: 600, rejoinS: 600 },
  wakes: () => NEWS.event | NEWS.kept,
  remember(at, table, memory) {
    if (at.episodes[SLOT] === undefined && !toldOfSecond(at)) return null;
    const { time, lat, lon, positioned } = at.report;
    if (!positioned) return memory;
    const near = memory !== null && time - memory.time <= table.apartS * 1000;
    const awayM = near ? distanceM([memory.lon, memory.lat], [lon, lat]) : 0;
    return { time, lat, lon, apartM: awayM > table.apartM ? Math.round(awayM) : 0 };
  },
  observe(at, _table, episode, memory) {
    const told = toldOfSecond(at);
    const apartM = at.eventsOnly ? 0 : (memory?.apartM ?? 0);
    if (!told && apartM === 0) return episode === null ? null : OFF;
    return {
      sign: 'on',
      flagged: false,
      measure: 1 + apartM,
      severity: apartM > 0 ? 'P2' : 'P3',
      note: { apartM },
      movedM: 0,
    };
  },
  proven: () => true,
  limits: (_at, table) => ({
    exitS: table.exitS,
    exitFixes: 2,
    rejoinS: table.rejoinS,
    blindS: table.rejoinS,
    retellS: 0,
    acrossRuns: true,
  }),
  evidence: ({ note }) => ({
    component: 'cloned_id',
    ...(Number(note.apartM) > 0 ? { apartM: note.apartM! } : {}),
  }),
  explain({ note }) {
    const apartM = Number(note.apartM);
    return apartM > 0
      ? {
          zh: `两台终端使用同一号码，其位置一分钟内相距 ${apartM} 米。`,
          en: `Two terminals use one number: positions ${apartM} m apart within a minute.`,
        }
      : {
          zh: '多个连接以同一终端号反复抢占，疑有两台终端使用同一号码；以最新连接为准。',
          en: 'Connections with one terminal number take it from one another again and again: most likely two terminals. The newest is heard.',
        };
  },
};
