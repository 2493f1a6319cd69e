import { distanceM } from '../geometry/distance.ts';
import type { BelievedFix } from '../judge/state.ts';
import type { Plan, Run } from '../plan/plan.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation } from './rule.ts';

/** R13 e: a bus drives the run that another is bound to, and nobody has said so (校车安全管理条例 Art. 14, 28). */
export interface OtherRunTable {
  /** Slower than this for so long near a stop it serves it. RULES R05 (the same dwell). */
  readonly dwellKmh: number;
  readonly dwellS: number;
  readonly stopM: number;
  /** Of the run's first stops, so many in order. RULES R13 e; how many count as the first is [D]. */
  readonly served: number;
  readonly firstStops: number;
  /** Before and after its planned time. RULES R30 (the window of a run). */
  readonly earlyS: number;
  readonly lateS: number;
  /** So long after the stop served last it is over. [D] */
  readonly forgetS: number;
}

/** A run whose first stops the bus may be serving. */
interface Candidate {
  readonly trip: string;
  readonly serviceDate: string;
  readonly owner: string;
  /** Index of the stop served last, and how many were. */
  readonly stop: number;
  readonly served: number;
  readonly at: number;
}

interface Following {
  readonly standing: BelievedFix | null;
  /** The stand has been weighed. */
  readonly weighed: boolean;
  readonly candidates: readonly Candidate[];
}

/** Runs that begin at one stop at one time; more are no runs of one district. */
const MOST_CANDIDATES = 6;
const NOTHING: Following = { standing: null, weighed: false, candidates: [] };

export const otherRun: Rule<OtherRunTable, Following> = {
  name: 'unapproved_vehicle',
  aspect: 'other_run',
  version: 'R13e/1',
  defaults: {
    dwellKmh: 5,
    dwellS: 8,
    stopM: 50,
    served: 2,
    firstStops: 4,
    earlyS: 1_200,
    lateS: 1_800,
    forgetS: 1_800,
  },
  wakes: () => NEWS.unjoined | NEWS.kept,
  remember(at, table, memory) {
    if (!mayDriveAnother(at)) return null;
    if (at.fixUse !== 'good' || at.lat === null || at.lon === null) return memory;
    const { time } = at.report;
    const was = memory ?? NOTHING;
    const slow = at.speed !== null && at.speed.kmh < table.dwellKmh;
    if (!slow) return was.standing === null ? memory : { ...was, standing: null, weighed: false };
    const here: BelievedFix = { time, lat: at.lat, lon: at.lon };
    const { standing } = was;
    if (standing === null || distanceM([standing.lon, standing.lat], [here.lon, here.lat]) > table.stopM) {
      return { ...was, standing: here, weighed: false };
    }
    if (was.weighed || time - standing.time < table.dwellS * 1000) return memory;
    return { ...serve(at.plan, at.report.vehicle, was, here, table), weighed: true };
  },
  observe(at, table, episode, memory) {
    const { time } = at.report;
    const found = memory === null ? null : mostServed(memory.candidates, table.served);
    if (found === null) return episode === null ? null : OFF;
    if (found.at !== time) {
      return episode !== null && time - found.at > table.forgetS * 1000 ? OFF : null;
    }
    return {
      sign: 'on',
      flagged: false,
      measure: found.served,
      severity: 'P2',
      note: {
        run: found.trip,
        serviceDate: found.serviceDate,
        boundTo: found.owner,
        stopsServed: found.served,
      },
      movedM: at.movedM,
    };
  },
  proven: () => true,
  limits: (at, table) => ({
    exitS: 0,
    exitFixes: 1,
    rejoinS: 0,
    blindS: Math.max(2 * table.forgetS, at.intervalS),
    retellS: 60,
  }),
  evidence: ({ note }) => ({
    reason: 'other_run',
    run: note.run ?? null,
    serviceDate: note.serviceDate ?? null,
    boundTo: note.boundTo ?? null,
    stopsServed: note.stopsServed ?? null,
    proposal: 'rebind',
    law: '校车安全管理条例 Art. 14, 28',
  }),
  explain: ({ note }) => ({
    zh: `该车未经调度，按时在班次 ${note.run} 的前几个站点停靠 ${note.stopsServed} 处，该班次由 ${note.boundTo} 执行；请核实是否临时换车并补办调度（《校车安全管理条例》第十四、二十八条）。`,
    en: `Without being dispatched the bus served ${note.stopsServed} of the first stops of run ${note.run}, to which ${note.boundTo} is bound, at their time. If it is a substitute, say so in the dispatch (School Bus Safety Regulation Art. 14, 28).`,
  }),
};

/** A bus of the register that is not seen on a run of its own. */
function mayDriveAnother({ plan, report, run }: Situation): boolean {
  if (run?.joined || !plan.registers.duties || !plan.registers.vehicles) return false;
  return plan.vehicles.has(report.vehicle);
}

function mostServed(candidates: readonly Candidate[], least: number): Candidate | null {
  let most: Candidate | null = null;
  for (const one of candidates) if (one.served >= least && one.served > (most?.served ?? 0)) most = one;
  return most;
}

function serve(
  plan: Plan,
  vehicle: string,
  was: Following,
  here: BelievedFix,
  table: OtherRunTable,
): Following {
  const { time } = here;
  // A stop of a run of its own, early or late, is its own business.
  const own = plan.dutiesAt(vehicle, time, table.lateS);
  if (own.some((run) => stopServed(plan, run, here, table) >= 0)) return { ...was, candidates: [] };
  const candidates = new Map<string, Candidate>();
  for (const one of was.candidates) {
    if (time - one.at <= table.forgetS * 1000) candidates.set(`${one.trip} ${one.serviceDate}`, one);
  }
  for (const run of plan.runsAt(time, table.lateS)) {
    if (run.vehicleId === null || run.vehicleId === vehicle) continue;
    const stop = stopServed(plan, run, here, table);
    if (stop < 0) continue;
    const { serviceDate, vehicleId: owner } = run;
    const key = `${run.trip.id} ${serviceDate}`;
    const before = candidates.get(key);
    if (before !== undefined && stop <= before.stop) continue;
    candidates.delete(key);
    const served = (before?.served ?? 0) + 1;
    candidates.set(key, { trip: run.trip.id, serviceDate, owner, stop, served, at: time });
  }
  return { ...was, candidates: [...candidates.values()].slice(-MOST_CANDIDATES) };
}

/** Index of the run's early stop that is served here and now, or -1. The school's own gate says nothing: all wait there. */
function stopServed(plan: Plan, run: Run, here: BelievedFix, table: OtherRunTable): number {
  const { trip } = run;
  const most = Math.min(table.firstStops, trip.stopTimes.length - 1);
  for (let i = 0; i < most; i++) {
    const planned = trip.stopTimes[i]!;
    const at = run.start + (planned.arrivalS - trip.startS) * 1000;
    if (here.time < at - table.earlyS * 1000 || here.time > at + table.lateS * 1000) continue;
    const stop = plan.stops.get(planned.stopId);
    if (!stop || stop.locationType === 1 || stop.parent !== null) continue;
    if (distanceM([stop.lon, stop.lat], [here.lon, here.lat]) <= table.stopM) return i;
  }
  return -1;
}
