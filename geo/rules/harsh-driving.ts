import { DENSE_S, NEWS, waitFor } from './news.ts';
import { bit, type Situation, type Spot, type SpotRule } from './rule.ts';

/** R23: harsh braking, acceleration and turns. What the terminal measures itself counts for more than what GNSS shows. */
export interface HarshDrivingTable {
  /** RULES R23, metres per second squared. */
  readonly straightMs2: number;
  readonly turnMs2: number;
  /** Each of two steps must show this share of it: one fix that is off shows it in one. [D] */
  readonly stepShare: number;
  /** Beyond what tyres hold it is a fault of the fix. [D] */
  readonly mostMs2: number;
  /** Slower than this a heading turns by noise. [D] */
  readonly turnFromKmh: number;
  /** Only where reports come as often as this. RULES R23: 1 s data only. */
  readonly intervalS: number;
  /** The same manoeuvre within so long. [D] */
  readonly repeatS: number;
  /** Alarm bit 3: dangerous driving (2019), danger ahead (2013); terminals hold it or clear it, so it is one in so long. RULES 1. */
  readonly alarmBit: number;
  readonly alarmRepeatS: number;
}

type Kind = 'braking' | 'acceleration' | 'turn' | 'flagged';

/** Speed and heading of the last two fixes a second apart, and when each kind was last seen. */
interface Driven {
  /** [time, km/h, degrees] */
  readonly fixes: readonly (readonly [number, number, number])[];
  readonly seen: { readonly [kind in Kind]?: number };
}

const NOTHING: Driven = { fixes: [], seen: {} };

export const harshDriving: SpotRule<HarshDrivingTable, Driven> = {
  name: 'harsh_driving',
  version: 'R23/1',
  defaults: {
    straightMs2: 2.5,
    turnMs2: 3,
    stepShare: 0.6,
    mostMs2: 9,
    turnFromKmh: 15,
    intervalS: 1.5,
    repeatS: 10,
    alarmBit: 3,
    alarmRepeatS: 60,
  },
  wakes: (table) => waitFor(NEWS.alarm | NEWS.event | NEWS.dense, table.intervalS <= DENSE_S),
  spot(at, table, memory) {
    const dense = at.intervalS > 0 && at.intervalS <= table.intervalS;
    const flagged = bit(at.report.alarmFlags, table.alarmBit);
    if (!dense && !flagged && at.events.length === 0) return null;
    if (at.eventsOnly) return null;
    const was = memory ?? NOTHING;
    const { time } = at.report;
    const seen: { [kind in Kind]?: number } = { ...was.seen };
    const spots: Spot[] = [];
    const tell = (
      kind: Kind,
      source: 'platform' | 'terminal',
      ms2: number | null,
      alarmId: string | null,
    ) => {
      const repeatS = kind === 'flagged' ? table.alarmRepeatS : table.repeatS;
      const last = seen[kind];
      seen[kind] = time;
      if (last === undefined || time - last > repeatS * 1000)
        spots.push(spotOf(at, kind, source, ms2, alarmId));
    };
    for (const event of at.events) {
      if (event.kind === 'driving') tell(event.alarm, 'terminal', null, event.alarmId);
    }
    if (flagged) tell('flagged', 'terminal', null, null);
    const fixes = dense ? fixesWith(at, was.fixes) : was.fixes;
    if (dense && fixes.length === 3) {
      const found = manoeuvre(fixes, table);
      if (found !== null) tell(found.kind, 'platform', found.ms2, null);
    }
    return { memory: { fixes: fixes.slice(-2), seen }, spots };
  },
};

/** The fixes before with this one, where they follow each other without a gap. */
function fixesWith(at: Situation, before: Driven['fixes']): Driven['fixes'] {
  const { time, speedKmh, directionDeg } = at.report;
  if (at.fixUse !== 'good' || speedKmh === null) return [];
  const last = before.at(-1);
  const fix = [time, speedKmh, directionDeg ?? Number.NaN] as const;
  return last !== undefined && time - last[0] <= 1_500 ? [...before, fix] : [fix];
}

/** What three fixes in a row show, in metres per second squared; null for ordinary driving. */
function manoeuvre(
  fixes: Driven['fixes'],
  table: HarshDrivingTable,
): { readonly kind: Kind; readonly ms2: number } | null {
  const [a, b, c] = fixes as [Driven['fixes'][0], Driven['fixes'][0], Driven['fixes'][0]];
  const seconds = (c[0] - a[0]) / 1000;
  const first = (b[1] - a[1]) / 3.6 / ((b[0] - a[0]) / 1000);
  const second = (c[1] - b[1]) / 3.6 / ((c[0] - b[0]) / 1000);
  const along = (c[1] - a[1]) / 3.6 / seconds;
  const least = table.straightMs2 * table.stepShare;
  if (Math.abs(along) > table.straightMs2 && Math.abs(along) <= table.mostMs2) {
    if (first <= -least && second <= -least) return { kind: 'braking', ms2: along };
    if (first >= least && second >= least) return { kind: 'acceleration', ms2: along };
  }
  const slowest = Math.min(a[1], b[1], c[1]);
  if (!(slowest >= table.turnFromKmh)) return null;
  const turned = [turn(a[2], b[2]), turn(b[2], c[2])] as const;
  const ms2 = (b[1] / 3.6) * ((Math.abs(turned[0] + turned[1]) * Math.PI) / 180 / seconds);
  const steady = Math.sign(turned[0]) === Math.sign(turned[1]);
  const both =
    Math.min(Math.abs(turned[0]), Math.abs(turned[1])) * 2 >=
    Math.abs(turned[0] + turned[1]) * table.stepShare;
  return steady && both && ms2 > table.turnMs2 && ms2 <= table.mostMs2 ? { kind: 'turn', ms2 } : null;
}

/** Degrees from one heading to the next, to the right. */
const turn = (from: number, to: number): number => ((((to - from + 540) % 360) + 360) % 360) - 180;

const ZH: { readonly [kind in Kind]: string } = {
  braking: '急刹车',
  acceleration: '急加速',
  turn: '急转弯',
  flagged: '危险驾驶行为（JT/T 808 报警标志位 3）',
};
const EN: { readonly [kind in Kind]: string } = {
  braking: 'Harsh braking',
  acceleration: 'Harsh acceleration',
  turn: 'A harsh turn',
  flagged: 'Dangerous driving (JT/T 808 alarm bit 3)',
};

function spotOf(
  at: Situation,
  kind: Kind,
  source: 'platform' | 'terminal',
  ms2: number | null,
  alarmId: string | null,
): Spot {
  const { time, speedKmh } = at.report;
  const rounded = ms2 === null ? null : Math.round(Math.abs(ms2) * 10) / 10;
  return {
    key: `harsh-${kind}`,
    severity: 'P3',
    start: time,
    end: time,
    lat: at.lat,
    lon: at.lon,
    source,
    evidence: {
      manoeuvre: kind,
      speedKmh,
      ...(rounded === null ? {} : { accelerationMs2: rounded }),
      ...(alarmId === null ? {} : { alarmId }),
    },
    explain:
      source === 'terminal'
        ? { zh: `终端上报${ZH[kind]}。`, en: `${EN[kind]}, reported by the terminal.` }
        : {
            zh: `${ZH[kind]}：加速度 ${rounded} m/s²（1 秒一次的定位数据）。`,
            en: `${EN[kind]}: ${rounded} m/s², by fixes a second apart.`,
          },
  };
}
