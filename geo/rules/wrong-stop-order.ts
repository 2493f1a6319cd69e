import type { RunState } from '../judge.ts';
import type { RunTrack } from '../matching/run-track.ts';
import { logEnd, visitsBehind } from '../matching/stop-visits.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation, type Spot, type SpotRule, whileItLasts } from './rule.ts';

/** R04: stops served out of their order, and driving back along the route (校车安全管理条例 Art. 30). */
export interface WrongStopOrderTable {
  /** Progress falls by more than this within so long of moving. RULES R04. */
  readonly fallM: number;
  readonly fallS: number;
  /** Fixes that must show it; fewer where reports come slower than `coarseS`. [D] */
  readonly confirmFixes: number;
  readonly coarseS: number;
  readonly coarseFixes: number;
  /** Slower than this it does not move. RULES 1, stationary clamp. */
  readonly movingKmh: number;
  /** Of the way between two fixes, so much at the least must be way back, for it to be no matter of matching. [D] */
  readonly backShare: number;
  /** Reports that come slower than this show no order. [D] */
  readonly slowestS: number;
  /** Forward again for so long and so many fixes ends it. [D] */
  readonly exitS: number;
  readonly exitFixes: number;
  /** RULES 1 [D]. */
  readonly rejoinS: number;
}

export const WRONG_STOP_ORDER: WrongStopOrderTable = {
  fallM: 200,
  fallS: 60,
  confirmFixes: 3,
  coarseS: 15,
  coarseFixes: 2,
  movingKmh: 5,
  backShare: 0.5,
  slowestS: 60,
  exitS: 15,
  exitFixes: 2,
  rejoinS: 120,
};

/** Up to where in the log of which run stops were looked at, and the last one in order that was served. */
interface Served {
  readonly run: number;
  readonly position: number;
  readonly last: number;
}

export const wrongStopOrder: SpotRule<WrongStopOrderTable, Served> = {
  name: 'wrong_stop_order',
  version: 'R04/1',
  defaults: WRONG_STOP_ORDER,
  wakes: () => NEWS.stops,
  spot(at, table, memory) {
    const { run, tripLine } = at;
    // Of a run that was only guessed at the order proves nothing.
    if (run === null || tripLine === null || !run.duty) return null;
    const position = logEnd(run);
    const same = memory !== null && memory.run === run.visits.from;
    if (position === (same ? memory.position : 0)) return null;
    const { trip } = tripLine;
    let last = same ? memory.last : -1;
    const spots: Spot[] = [];
    for (const visit of visitsBehind(run, trip, same ? memory.position : 0)) {
      if (visit.kind !== 'stood' || visit.betweenS > table.slowestS) continue;
      if (visit.stop < last) spots.push(spotOf(at, run, visit.stop, last, visit.arrival, visit.departure));
      else last = visit.stop;
    }
    return { memory: { run: run.visits.from, position, last }, spots };
  },
};

function spotOf(
  { plan, tripLine }: Situation,
  run: RunTrack,
  stop: number,
  after: number,
  arrival: number,
  departure: number | null,
): Spot {
  const stops = tripLine!.trip.stopTimes;
  const [place, before] = [plan.stops.get(stops[stop]!.stopId), plan.stops.get(stops[after]!.stopId)];
  const names = [place?.name || stops[stop]!.stopId, before?.name || stops[after]!.stopId];
  return {
    key: `${run.trip} ${run.serviceDate} ${stops[stop]!.sequence}`,
    severity: 'P2',
    start: arrival,
    end: departure ?? arrival,
    lat: place?.lat ?? null,
    lon: place?.lon ?? null,
    source: 'platform',
    evidence: {
      stop: stops[stop]!.stopId,
      stopSequence: stops[stop]!.sequence,
      servedAfterStop: stops[after]!.stopId,
      servedAfterSequence: stops[after]!.sequence,
      law: '校车安全管理条例 Art. 16, 30',
    },
    explain: {
      zh: `站点“${names[0]}”在后面的站点“${names[1]}”之后才停靠，与审核确定的站序不符（《校车安全管理条例》第十六、三十条）。`,
      en: `The stop "${names[0]}" was served after "${names[1]}", which comes later in the approved order (School Bus Safety Regulation Art. 16, 30).`,
    },
  };
}

/** A way back along the line: from where, how far by now, over how many fixes and seconds of moving. */
interface Fall {
  readonly run: number;
  readonly fromM: number;
  readonly nowM: number;
  readonly fixes: number;
  readonly movingS: number;
  /** Driven since progress last moved: it follows the way back in steps. */
  readonly slackM: number;
}

const UNDER_WAY: ReadonlySet<RunState> = new Set<RunState>(['EMPTY', 'CARRYING']);
/** Noise of two fixes is no way back, metres. [D] */
const NOISE_M = 10;

export const wrongDirection: Rule<WrongStopOrderTable, Fall> = {
  name: 'wrong_stop_order',
  aspect: 'direction',
  version: 'R04/1',
  defaults: WRONG_STOP_ORDER,
  wakes: () => NEWS.notForward | NEWS.kept,
  remember(at, table, memory) {
    const { run, runBefore } = at;
    if (run === null || !run.joined || run.arrivedAt > 0 || at.fixUse !== 'good') return null;
    if (at.passedS > table.slowestS) return null;
    const nowM = alongAt(run, at.report.time);
    const wasM = runBefore === null ? null : alongAt(runBefore, at.report.time - at.passedS * 1000);
    if (nowM === null || wasM === null) return memory !== null && at.standing ? memory : null;
    if (at.standing || (at.speed !== null && at.speed.kmh < table.movingKmh)) return memory;
    const before = memory?.run === run.start ? memory : null;
    // Round a turn it drives further than from one fix to the next.
    const bySpeedM = at.speed !== null && at.passedS <= table.coarseS ? (at.speed.kmh / 3.6) * at.passedS : 0;
    const drivenM = Math.max(at.movedM, bySpeedM) + (before?.slackM ?? 0);
    const backSoFarM = (before?.nowM ?? wasM) - nowM;
    // On its way again. A corner that is driven back may look like a few metres on.
    if (-backSoFarM > Math.max(NOISE_M / 2, drivenM * table.backShare)) return null;
    // The way back must be the way driven: of a jump from one leg of the line to another only that much counts.
    const jumped = backSoFarM > drivenM * 1.5 + 3 * NOISE_M;
    const fall = jumped ? null : before;
    const fromM = jumped ? nowM + drivenM * 1.5 : wasM;
    const followed = jumped || (backSoFarM > 0 && backSoFarM >= drivenM * table.backShare);
    if (!followed && (fall === null || drivenM > table.fallM)) return null;
    return {
      run: run.start,
      fromM: fall?.fromM ?? Math.round(fromM),
      nowM: followed || fall === null ? Math.round(nowM) : fall.nowM,
      fixes: Math.min((fall?.fixes ?? 0) + 1, 99),
      movingS: Math.round(((fall?.movingS ?? 0) + at.passedS) * 10) / 10,
      slackM: followed ? 0 : Math.round(drivenM),
    };
  },
  observe(at, table, episode, fall) {
    if (at.run === null || !at.run.duty || !UNDER_WAY.has(at.run.runState)) {
      return episode === null ? null : OFF;
    }
    if (fall === null) return episode === null || at.fixUse === 'none' ? null : OFF;
    const fallenM = fall.fromM - fall.nowM;
    // Backing up a little is no episode to keep.
    if (episode === null && fallenM < table.fallM / 2) return null;
    return {
      sign: 'on',
      flagged: false,
      measure: fallenM,
      severity: 'P2',
      note: { fromM: fall.fromM, fallenM, movingS: fall.movingS, fixes: fall.fixes },
      movedM: at.movedM,
    };
  },
  proven({ note }, _at, table) {
    const [fallenM, movingS, fixes] = [Number(note.fallenM), Number(note.movingS), Number(note.fixes)];
    const coarse = movingS / Math.max(fixes, 1) > table.coarseS;
    return (
      fallenM > table.fallM &&
      (fallenM / movingS) * table.fallS >= table.fallM &&
      fixes >= (coarse ? table.coarseFixes : table.confirmFixes)
    );
  },
  limits: whileItLasts,
  evidence: ({ note }) => ({
    reason: 'against_direction',
    turnedAtM: note.fromM ?? null,
    backM: note.fallenM ?? null,
    law: '校车安全管理条例 Art. 16, 30',
  }),
  explain: ({ note }) => ({
    zh: `沿审核确定的线路逆行 ${note.fallenM} 米（《校车安全管理条例》第三十条）。`,
    en: `Drove ${note.fallenM} m back along the approved route, against its direction (School Bus Safety Regulation Art. 30).`,
  }),
};

/** Metres along the line at an instant, wherever on the line the bus turned out to be; null where it was not on it. */
function alongAt({ pose, elsewhere }: RunTrack, time: number): number | null {
  if (pose !== null && pose.time === time) return pose.alongM;
  return elsewhere !== null && elsewhere.pose.time === time ? elsewhere.pose.alongM : null;
}
