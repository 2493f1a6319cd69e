import type { RunState } from '../judge.ts';
import { offDetourM } from '../plan/amendments/detours-of.ts';
import { NEWS, OFF_LINE_M, waitFor } from './news.ts';
import {
  BETWEEN,
  bit,
  cappedByAboard,
  fencesHere,
  OFF,
  type Rule,
  type Situation,
  whileItLasts,
} from './rule.ts';

/** R03: off the approved route (校车安全管理条例 Art. 30). The corridor itself is the matching's, so that both mean the same. */
export interface RouteDeviationTable {
  /** Confirmed after so many fixes, so long and so much way off the corridor. RULES R03. */
  readonly confirmFixes: number;
  readonly confirmS: number;
  readonly confirmM: number;
  /** At once beyond this for so many fixes. RULES R03. */
  readonly farM: number;
  readonly farFixes: number;
  /** Back within this share of the corridor for so long ends it. RULES R03. */
  readonly exitShare: number;
  readonly exitS: number;
  readonly exitFixes: number;
  /** RULES 1 [D]. */
  readonly rejoinS: number;
  /** Grave with pupils aboard beyond this distance or this long, or in a forbidden area. RULES R03. */
  readonly graveM: number;
  readonly graveS: number;
  /** Slower than this the way between fixes is drift. RULES 1, stationary clamp. */
  readonly movingKmh: number;
  /** JT/T 808 alarm bit of the terminal's own route alarm. */
  readonly alarmBit: number;
  /** ... and of coming onto or off a route, which every run does at its ends: it counts this far from both. [D] */
  readonly inOutBit: number;
  readonly inOutFromEndsM: number;
}

const UNDER_WAY: ReadonlySet<RunState> = new Set<RunState>(['EMPTY', 'CARRYING']);

export const routeDeviation: Rule<RouteDeviationTable> = {
  name: 'route_deviation',
  version: 'R03/1',
  defaults: {
    confirmFixes: 3,
    confirmS: 30,
    confirmM: 150,
    farM: 300,
    farFixes: 2,
    exitShare: 0.7,
    exitS: 15,
    exitFixes: 2,
    rejoinS: 120,
    graveM: 1_000,
    graveS: 300,
    movingKmh: 5,
    alarmBit: 23,
    inOutBit: 21,
    inOutFromEndsM: 500,
  },
  wakes: (table, { matching }) =>
    waitFor(
      NEWS.alarm | NEWS.event | NEWS.offLine,
      matching.corridorM * Math.min(table.exitShare, 1) >= OFF_LINE_M,
    ),
  observe(at, table, episode) {
    const flagged = bit(at.report.alarmFlags, table.alarmBit) || isOffByTerminal(at, table);
    const { run } = at;
    const judged = run?.joined === true && UNDER_WAY.has(run.runState) && at.tripLine?.line.drawn === true;
    if (run === null || !judged) return episode === null && !flagged ? null : { ...OFF, flagged };
    if (at.fixUse !== 'good') return flagged ? { ...BETWEEN, flagged } : null;
    const corridorM = corridorOf(at);
    const offM = run.offM;
    if (offM <= corridorM * table.exitShare) return episode === null && !flagged ? null : { ...OFF, flagged };
    if (offM <= corridorM || (at.onAnotherLine && !run.duty)) return { ...BETWEEN, flagged };
    if (isOnDetour(at, corridorM)) return episode === null && !flagged ? null : { ...OFF, flagged };
    if (episode === null && at.standing) return null;
    const moving = at.speed === null || at.speed.kmh >= table.movingKmh;
    const grave =
      at.carrying &&
      (offM > table.graveM ||
        (episode !== null && at.report.time - episode.start > table.graveS * 1000) ||
        fencesHere(at).some((fence) => fence.kind === 'forbidden'));
    return {
      sign: 'on',
      flagged,
      measure: offM,
      severity: grave ? cappedByAboard('P1', at.aboard) : 'P2',
      note: {
        offM: Math.round(offM),
        corridorM,
        leftAtM: Math.round(run.pose?.alongM ?? 0),
        aboard: at.aboard,
        grave,
        duty: run.duty,
      },
      movedM: moving ? at.movedM : 0,
    };
  },
  proven(candidate, at, table) {
    const far = at.run !== null && at.run.offM > table.farM && (at.runBefore?.offM ?? 0) > table.farM;
    if (far && candidate.fixes >= table.farFixes) return true;
    return (
      candidate.fixes >= table.confirmFixes &&
      candidate.last - candidate.since >= table.confirmS * 1000 &&
      candidate.wayM >= table.confirmM
    );
  },
  limits: whileItLasts,
  evidence: ({ note, proven }) => ({
    corridorM: note.corridorM ?? null,
    peakM: note.offM ?? null,
    leftRouteAtM: note.leftAtM ?? null,
    run: note.duty === false ? 'inferred' : 'duty',
    law: '校车安全管理条例 Art. 30, 48',
    uncappedSeverity: note.grave === true ? 'P1' : 'P2',
    ...(proven ? {} : { mismatch: 'the terminal reports leaving the route, the platform does not find it' }),
  }),
  explain({ note, proven }) {
    if (!proven) {
      return {
        zh: '终端上报路线偏离，平台未判定偏离，请核对线路数据。',
        en: 'The terminal reports leaving its route; the platform does not find it. Check the route data.',
      };
    }
    return {
      zh: `偏离审核确定的线路最远 ${note.offM} 米，允许范围 ${note.corridorM} 米（《校车安全管理条例》第三十条）。`,
      en: `Up to ${note.offM} m off the approved route, whose corridor is ${note.corridorM} m (School Bus Safety Regulation Art. 30).`,
    };
  },
};

/** A declared detour is a corridor like the line itself. */
function isOnDetour({ plan, run, report, lat, lon }: Situation, corridorM: number): boolean {
  if (plan.amendments.detours.length === 0 || run === null || lat === null || lon === null) return false;
  return offDetourM(plan, run, report.time, lat, lon) <= corridorM;
}

/** JT/T 808 item 0x12: areas of this type are routes. */
const ROUTE_AREA = 4;

/** The terminal says that it came onto or off its route, in the middle of the run. */
function isOffByTerminal({ report, events, run, tripLine }: Situation, table: RouteDeviationTable): boolean {
  const told =
    bit(report.alarmFlags, table.inOutBit) ||
    events.some((one) => one.kind === 'area' && one.areaType === ROUTE_AREA && one.direction === 'out');
  if (!told || run === null || run.pose === null || tripLine === null || !UNDER_WAY.has(run.runState))
    return false;
  const { alongM } = run.pose;
  return alongM > table.inOutFromEndsM && tripLine.lastStopM - alongM > table.inOutFromEndsM;
}

function corridorOf(at: Situation): number {
  const { satellites } = at.report;
  const few = satellites !== null && satellites < at.matching.fewSatellites;
  const { corridorM, corridorFewSatellitesM, corridorRuralM } = at.matching;
  const ruralM = at.tripLine?.rural === true ? corridorRuralM : 0;
  return corridorM + ruralM + (few ? corridorFewSatellitesM : 0);
}
