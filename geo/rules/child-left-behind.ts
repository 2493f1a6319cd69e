import type { Severity } from '../finding.ts';
import { inUse, provenOnSite } from '../judge/crew/crew.ts';
import type { RunTrack } from '../matching/run-track.ts';
import type { Plan } from '../plan/plan.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation } from './rule.ts';

/**
 * R17: a child that may still be on a bus whose run is over (校车安全管理条例 Art. 39). Missed scans are common, so what
 * rests on a few of them is a question to the escort first (P3, then P2); it is P1 once the ignition is off or the crew
 * leaves, or where somebody counted heads at the end.
 */
export interface ChildLeftBehindTable {
  /** (a) At the last stop with pupils aboard and nobody getting off for so long. RULES R17: 3 min. */
  readonly lastStopS: number;
  /** A question that nobody answered for so long is a violation. [D] */
  readonly unansweredS: number;
  /** So many pupils who were not scanned off, while others were, are probably missed scans. [D] */
  readonly missedScans: number;
  /** (b) Ignition off for so long without a walk-through. RULES R17: 2 min. */
  readonly ignitionOffS: number;
  /** Every run must end with a walk-through. If false, those of vehicles where any was made, or whose run has a crew that says so. [D] */
  readonly walkThroughDemanded: boolean;
  /** Outside it is above 25 C: times are halved, as always with infants. RULES R17. */
  readonly heat: boolean;
  /** What was not asked for so long is not asked any more. [D] */
  readonly forgetS: number;
}

/** A run that carried pupils and has not been walked through. */
interface Unproven {
  readonly trip: string;
  readonly serviceDate: string;
  readonly since: number;
  /** When it came to its last stop; 0 before. */
  readonly arrivedAt: number;
  readonly accOffAt: number;
  readonly infants: boolean;
}

type Reason = 'still_aboard' | 'ignition_off' | 'crew_signed_off';

const RANK: { readonly [s in Severity]: number } = { P1: 3, P2: 2, P3: 1 };
/** The crew signed on up to so long before pupils were aboard. [D] */
const CREW_BEFORE_MS = 3_600_000;

export const childLeftBehind: Rule<ChildLeftBehindTable, Unproven> = {
  name: 'child_left_behind',
  version: 'R17/1',
  defaults: {
    lastStopS: 180,
    unansweredS: 180,
    missedScans: 2,
    ignitionOffS: 120,
    walkThroughDemanded: false,
    heat: false,
    forgetS: 12 * 3_600,
  },
  wakes: () => NEWS.carrying | NEWS.kept,
  remember(at, table, memory) {
    const { run, report } = at;
    if (run !== null && run.runState === 'CARRYING' && !isRun(memory, run)) return begun(at, run);
    if (memory === null) return null;
    if (report.time - memory.since > table.forgetS * 1000) return null;
    for (const event of at.events) {
      if (event.kind === 'walk_through' && provenOnSite({ ...event, at: report.time })) return null;
    }
    const arrivedAt = isRun(memory, run) ? (run?.arrivedAt ?? 0) : memory.arrivedAt;
    const accOffAt =
      report.accOn === null ? memory.accOffAt : report.accOn ? 0 : memory.accOffAt || report.time;
    if (arrivedAt === memory.arrivedAt && accOffAt === memory.accOffAt) return memory;
    return { ...memory, arrivedAt, accOffAt };
  },
  observe(at, table, episode, memory) {
    if (memory === null) return episode === null ? null : OFF;
    if (episode === null && memory.arrivedAt === 0 && memory.accOffAt === 0) return null;
    const found = weigh(at, table, memory);
    if (found === null) {
      // Who was asked after and has got off by now was a missed scan; all else ends with a proof alone.
      const answered = episode?.note.reason === 'still_aboard' && at.aboardCount === 0;
      const nextRun = episode !== null && episode.note.trip !== memory.trip;
      return answered || nextRun ? OFF : null;
    }
    return {
      sign: 'on',
      flagged: false,
      measure: RANK[found.severity],
      severity: found.severity,
      note: {
        reason: found.reason,
        trip: memory.trip,
        count: at.aboardCount,
        by: at.aboardBy,
        aboard: at.aboard,
        ask: found.severity === 'P3' && found.reason === 'still_aboard',
      },
      movedM: 0,
    };
  },
  proven: () => true,
  limits: (_at, table) => ({ exitS: 0, exitFixes: 1, rejoinS: 0, blindS: table.forgetS, retellS: 0 }),
  evidence: ({ note }) => ({
    reason: note.reason ?? null,
    ofTrip: note.trip ?? null,
    aboardCount: note.count ?? null,
    countedBy: note.by ?? null,
    law: '校车安全管理条例 Art. 39',
    ...(note.count === null ? { unverified: true, uncappedSeverity: 'P1' } : {}),
    ...(note.ask === true ? { askEscort: true } : {}),
  }),
  explain({ note }) {
    const count = note.count as number | null;
    const zh =
      count === null
        ? '车上人数未知'
        : count > 0
          ? `按记录仍有 ${count} 名学生在车上`
          : '按记录学生已全部下车';
    const en =
      count === null
        ? 'nobody counted the pupils'
        : count > 0
          ? `${count} pupils are still aboard by the record`
          : 'all pupils are off by the record';
    return {
      still_aboard: {
        zh: `班次已到终点，${zh}，请照管人员逐一确认（《校车安全管理条例》第三十九条）。`,
        en: `The run is at its last stop and ${en}: the escort is to look (School Bus Safety Regulation Art. 39).`,
      },
      ignition_off: {
        zh: `班次结束后车辆已熄火，尚无车内巡查凭证，${zh}（《校车安全管理条例》第三十九条）。`,
        en: `The ignition is off after the run and nobody has walked through the bus; ${en} (School Bus Safety Regulation Art. 39).`,
      },
      crew_signed_off: {
        zh: `照管人员已签退，尚无车内巡查凭证，${zh}（《校车安全管理条例》第三十九条）。`,
        en: `The escort signed off and nobody has walked through the bus; ${en} (School Bus Safety Regulation Art. 39).`,
      },
    }[note.reason as Reason];
  },
};

const isRun = (memory: Unproven | null, run: RunTrack | null): boolean =>
  memory !== null && run !== null && memory.trip === run.trip && memory.serviceDate === run.serviceDate;

function begun(at: Situation, run: RunTrack): Unproven {
  return {
    trip: run.trip,
    serviceDate: run.serviceDate,
    since: at.report.time,
    arrivedAt: run.arrivedAt,
    accOffAt: 0,
    infants: carriesInfants(at.plan, run.trip),
  };
}

const carriesInfants = (plan: Plan, trip: string): boolean =>
  plan.trips.get(trip)?.schoolIds.some((id) => plan.schools.get(id)?.level === 'infant') ?? false;

function weigh(
  at: Situation,
  table: ChildLeftBehindTable,
  memory: Unproven,
): { readonly reason: Reason; readonly severity: Severity } | null {
  const { crew, report, run, aboardCount: count } = at;
  const { time } = report;
  const factor = memory.infants || table.heat ? 500 : 1000;
  const over = memory.arrivedAt > 0 || !isRun(memory, run);
  if (over && isAsked(at, table, memory)) {
    // Known to be aboard it is a matter of life; not known it is no better than unverified.
    const severity: Severity = count === null ? 'P2' : count > 0 ? 'P1' : 'P3';
    if (crew.escortOffAt > memory.since) return { reason: 'crew_signed_off', severity };
    const offS = memory.accOffAt === 0 ? 0 : time - memory.accOffAt;
    if (memory.accOffAt > 0 && offS >= table.ignitionOffS * factor)
      return { reason: 'ignition_off', severity };
  }
  if (memory.arrivedAt === 0 || !count) return null;
  const load = crew.load;
  if (load === null) return null;
  const sinceMs = time - Math.max(memory.arrivedAt, load.at);
  if (sinceMs < table.lastStopS * factor) return null;
  const reason = 'still_aboard';
  const later = sinceMs >= (table.lastStopS + table.unansweredS) * factor;
  // A head count from before the last stop is as easily forgotten as a scan.
  if (at.aboardBy !== 'scans') return { reason, severity: load.headsAt >= memory.arrivedAt ? 'P1' : 'P2' };
  const unloading = load.alightedAt >= memory.arrivedAt;
  if (!unloading) return { reason, severity: 'P2' };
  if (count > table.missedScans) return { reason, severity: 'P1' };
  return { reason, severity: later ? 'P2' : 'P3' };
}

/** Is a walk-through expected here? Where nobody ever makes one, its absence says nothing. */
function isAsked({ crew, report }: Situation, table: ChildLeftBehindTable, memory: Unproven): boolean {
  return (
    table.walkThroughDemanded ||
    inUse(crew.used.walkThrough, report.time) ||
    crew.heardAt > memory.since - CREW_BEFORE_MS
  );
}
