import type { RunTrack } from '../matching/run-track.ts';
import { logEnd, type StopVisit, stopVisits, visitsBehind } from '../matching/stop-visits.ts';
import { isAvoided } from '../plan/amendments/detours-of.ts';
import { ALWAYS, NEVER } from './news.ts';
import { ridersAt } from './roster.ts';
import type { Situation, Spot, SpotRule } from './rule.ts';

/** R05: a stop with pupils that the bus did not stand at. */
export interface SkippedStopTable {
  /** Sure once the bus is this far past it. RULES R05. */
  readonly pastM: number;
  /** A gap between fixes over the stop: longer than this, and than so many usual intervals. RULES 1 (re-acquisition), [D]. */
  readonly gapS: number;
  readonly gapIntervals: number;
  /** Absences filed are remembered so many seconds. [D] */
  readonly absenceS: number;
}

/** Up to where in the log of which run stops were looked at, those that the bus is not far enough past, and absences. */
interface Looked {
  readonly run: number;
  readonly position: number;
  readonly waiting: readonly Waiting[];
  readonly absent: readonly string[];
  /** When the first of them was filed. */
  readonly absentAt: number;
}

type Waiting = Pick<StopVisit, 'stop' | 'kind' | 'arrival' | 'betweenS'>;

const NOTHING: Looked = { run: 0, position: 0, waiting: [], absent: [], absentAt: 0 };
const NO_SPOTS: readonly Spot[] = [];
const NOBODY_WAITS: readonly Waiting[] = [];
/** More than any bus carries. */
const MOST_ABSENT = 64;

export const skippedStop: SpotRule<SkippedStopTable, Looked> = {
  name: 'skipped_stop',
  version: 'R05/1',
  defaults: { pastM: 200, gapS: 60, gapIntervals: 3, absenceS: 18 * 3_600 },
  wakes: (_table, { plan }) => (plan.registers.riders ? ALWAYS : NEVER),
  spot(at, table, memory) {
    // Who expects nobody misses nobody.
    if (!at.plan.registers.riders) return null;
    const kept = at.events.length === 0 ? memory : withAbsences(at, table, memory);
    const { run, tripLine } = at;
    if (run === null || tripLine === null || !run.duty) return said(kept, memory, NO_SPOTS);
    const same = kept !== null && kept.run === run.visits.from;
    const position = same ? kept.position : 0;
    const end = logEnd(run);
    const before = same ? kept.waiting : NOBODY_WAITS;
    const due = before.length > 0 && before.some(({ stop }) => isPast(at, run, stop, table));
    if (position === end && !due) return said(kept, memory, NO_SPOTS);
    const waiting = [...before];
    for (const visit of position === end ? [] : visitsBehind(run, tripLine.trip, position)) {
      const { stop, kind, arrival, betweenS } = visit;
      if (kind !== 'stood') waiting.push({ stop, kind, arrival, betweenS });
    }
    const spots: Spot[] = [];
    const still = waiting.filter((one) => {
      if (!isPast(at, run, one.stop, table)) return true;
      const spot = missed(at, run, table, one, absentOn(at, table, kept));
      if (spot !== null) spots.push(spot);
      return false;
    });
    const next: Looked = { ...(kept ?? NOTHING), run: run.visits.from, position: end, waiting: still };
    return said(next, memory, spots);
  },
};

const said = (now: Looked | null, was: Looked | null, spots: readonly Spot[]) =>
  now === was && spots.length === 0 ? null : { memory: now, spots };

/** Far enough past the stop, or at the end of the run, behind which nothing comes. */
function isPast({ tripLine }: Situation, run: RunTrack, stop: number, table: SkippedStopTable): boolean {
  if (run.arrivedAt > 0) return true;
  const there = tripLine!.trip.stopTimes[stop];
  return there === undefined || (run.pose !== null && run.pose.bestM > there.alongM + table.pastM);
}

function withAbsences(at: Situation, table: SkippedStopTable, memory: Looked | null): Looked | null {
  let kept = memory;
  for (const event of at.events) {
    if (event.kind === 'taken_back' && event.was === 'absent' && kept !== null) {
      const wrong = [event.rider, excuseOf(event.rider, event.trip)];
      kept = { ...kept, absent: kept.absent.filter((one) => !wrong.includes(one)) };
    }
    if (event.kind !== 'absent') continue;
    const old = kept === null || at.report.time - kept.absentAt > table.absenceS * 1000;
    const absent = old ? [] : kept!.absent;
    const excuse = excuseOf(event.rider, event.trip);
    if (absent.includes(excuse) || absent.length >= MOST_ABSENT) continue;
    kept = {
      ...(kept ?? NOTHING),
      absent: [...absent, excuse],
      absentAt: old ? at.report.time : kept!.absentAt,
    };
  }
  return kept;
}

/** A child excused from one trip rides on the others of the day. */
const excuseOf = (rider: string, trip: string | undefined): string =>
  trip === undefined ? rider : `${rider} ${trip}`;

const absentOn = ({ report }: Situation, table: SkippedStopTable, kept: Looked | null): readonly string[] =>
  kept !== null && report.time - kept.absentAt <= table.absenceS * 1000 ? kept.absent : [];

/** What is to be said of a stop that the bus is surely past, or null. */
function missed(
  { plan, tripLine, intervalS, report, matching }: Situation,
  run: RunTrack,
  table: SkippedStopTable,
  visit: Waiting,
  absent: readonly string[],
): Spot | null {
  const stops = tripLine!.trip.stopTimes;
  const there = stops[visit.stop];
  if (there === undefined) return null;
  // Until two reports have come nobody knows what is usual.
  const gap = intervalS > 0 && visit.betweenS > Math.max(table.gapS, table.gapIntervals * intervalS);
  // Reports that come too slowly to show a stop are no gap: then nothing can be said at all.
  if (visit.kind === 'unsure' && !gap) return null;
  const riders = ridersAt(plan, run, there.stopId);
  const excused = (rider: string) => absent.includes(rider) || absent.includes(excuseOf(rider, run.trip));
  const expected = riders.filter((rider) => !excused(rider)).length;
  if (expected === 0) return null;
  // A declared detour goes around it: the pupils there were told.
  if (isAvoided(plan, tripLine!.trip, run.serviceDate, there, visit.arrival, matching.arriveM)) return null;
  // Come to before or after all, or another time still to come on this run.
  if (stops.some((one, i) => i > visit.stop && one.stopId === there.stopId)) return null;
  const came = stopVisits(run, tripLine!.trip).some(
    (one) => one.kind === 'stood' && stops[one.stop]?.stopId === there.stopId,
  );
  if (came) return null;
  const unverified = visit.kind === 'unsure';
  const place = plan.stops.get(there.stopId);
  const name = place?.name || there.stopId;
  return {
    key: `${run.trip} ${run.serviceDate} ${there.sequence}`,
    severity: unverified ? 'P3' : 'P2',
    start: visit.arrival,
    end: Math.max(visit.arrival, report.time),
    lat: place?.lat ?? null,
    lon: place?.lon ?? null,
    source: 'platform',
    evidence: {
      stop: there.stopId,
      stopSequence: there.sequence,
      how: visit.kind === 'away' ? 'went_another_way' : unverified ? 'no_fixes' : 'passed_by',
      expectedRiders: expected,
      absences: riders.length - expected,
      betweenFixesS: visit.betweenS,
      ...(unverified ? { unverified: true, ask: 'escort' } : {}),
      law: '校车安全管理条例 Art. 16, 32',
    },
    explain: unverified
      ? {
          zh: `经过站点“${name}”时有 ${visit.betweenS} 秒没有定位，无法确认是否停靠，请向照管人员核实（应有 ${expected} 名学生）。`,
          en: `No positions for ${visit.betweenS} s over the stop "${name}": whether the bus stopped is not known; ask the escort (${expected} pupils expected).`,
        }
      : {
          zh: `未停靠站点“${name}”，该站应有 ${expected} 名学生上下车，未报请假（《校车安全管理条例》第十六、三十二条）。`,
          en: `Did not stop at "${name}", where ${expected} pupils are expected and no absence was filed (School Bus Safety Regulation Art. 16, 32).`,
        },
  };
}
