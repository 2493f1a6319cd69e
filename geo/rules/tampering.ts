import { unpackEpisode } from '../judge/episode.ts';
import { chinaTime } from '../judge/time-text.ts';
import { NEWS } from './news.ts';
import { bit, type Situation, type SpotRule } from './rule.ts';

/** R29: antenna or supply cut just when a rule was being broken, and more than once. */
export interface TamperingTable {
  /** A rule broken so shortly before. RULES R29. */
  readonly withinS: number;
  /** So often within so many days. RULES R29. */
  readonly times: number;
  readonly days: number;
}

interface Cut {
  readonly time: number;
  readonly what: string;
  readonly during: string;
}

/** Alarm bits of a cut antenna and a cut supply, and the parts by which `terminal-fault.ts` keeps them. */
const CUTS = [
  { alarmBit: 5, part: 'gnss_antenna_open' },
  { alarmBit: 8, part: 'power_cut' },
] as const;
const BROKEN = ['speeding', 'route_deviation'] as const;

/** The part that this report is the first to call cut. */
function newlyCut(at: Situation): string | null {
  for (const { alarmBit, part } of CUTS) {
    if (bit(at.report.alarmFlags, alarmBit) && at.episodes[`terminal_fault/${part}`] === undefined)
      return part;
  }
  return null;
}

function brokenBefore(at: Situation, withinS: number): string | null {
  for (const rule of BROKEN) {
    const packed = at.episodes[rule];
    if (packed === undefined) continue;
    const episode = unpackEpisode(packed);
    if (episode.phase === 'candidate' || !episode.proven) continue;
    if (at.report.time - episode.last <= withinS * 1000) return rule;
  }
  return null;
}

export const tampering: SpotRule<TamperingTable, readonly Cut[]> = {
  name: 'terminal_fault',
  aspect: 'tampering',
  version: 'R29/1',
  defaults: { withinS: 120, times: 2, days: 7 },
  wakes: () => NEWS.alarm,
  spot(at, table, memory) {
    const what = newlyCut(at);
    if (what === null) return null;
    const during = brokenBefore(at, table.withinS);
    if (during === null) return null;
    const { time } = at.report;
    const oldest = time - table.days * 86_400_000;
    const cuts = [...(memory ?? []).filter((cut) => cut.time >= oldest), { time, what, during }].slice(
      -table.times,
    );
    if (cuts.length < table.times) return { memory: cuts, spots: [] };
    return {
      memory: cuts,
      spots: [
        {
          key: 'tampering',
          severity: 'P2',
          start: time,
          end: time,
          lat: at.lat,
          lon: at.lon,
          source: 'both',
          evidence: {
            component: 'tampering',
            cuts: cuts.map((cut) => ({ at: chinaTime(cut.time), what: cut.what, during: cut.during })),
          },
          explain: {
            zh: `${table.days} 天内第 ${cuts.length} 次在违规行驶中或其后 ${table.withinS} 秒内定位天线或主电源被切断，疑似人为破坏，须人工核实。`,
            en: `For the ${cuts.length === 2 ? 'second' : `${cuts.length}th`} time in ${table.days} days antenna or supply was cut while a rule was broken or within ${table.withinS} s of it: looks deliberate, to be reviewed.`,
          },
        },
      ],
    };
  },
};
