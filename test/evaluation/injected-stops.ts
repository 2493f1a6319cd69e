import type { Finding, RuleName } from '../../geo/finding.ts';
import { pointAlong } from '../../geo/geometry/line.ts';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import type { JudgeState } from '../../geo/judge.ts';
import type { Plan, StopTime } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { type Pace, pacesOf, reportsAlong } from './injected.ts';
import type { RecordedDay } from './recorded-day.ts';

/** A drive as places along a line over time: [milliseconds, metres], the time rising; metres fall where it goes back. */
type Way = (readonly [number, number])[];

interface Case {
  readonly rule: RuleName;
  readonly reason: string | null;
  readonly plan: Plan;
  readonly reports: readonly Report[];
  /** From when it is a violation by the documented numbers; null where it is none. */
  readonly from: number | null;
}

const EVERY_S = 5;
/** How long buses stand at stops, seconds, in turn. */
const DWELLS_S = [10, 15, 20, 30];
const CRUISE_MS = 30 / 3.6;
/** A stop is put in where the next one is so far away, metres. */
const FREE_M = 260;

/** Rows of the table: what buses do at stops, put into every recorded run, with pupils at every one of its stops. */
export function injectedStops(day: RecordedDay): (string | number)[][] {
  // A recording that begins in the middle of a run has not its first stops.
  const paces = pacesOf(day).filter(
    (pace) => pace.points[0]![1] < (day.plan.trips.get(pace.trip)!.stopTimes[0]?.alongM ?? 0) + 300,
  );
  const rows: (string | number)[][] = [];
  const row = (
    name: string,
    make: (pace: Pace, stops: readonly StopTime[], seed: number, plan: Plan) => Case | null,
  ): void => {
    const cases = paces.flatMap((pace, i) => {
      const stops = stopsAlong(day.plan, pace);
      return make(pace, stops, i, timed(day.plan, pace, served(pace, stops), 0)) ?? [];
    });
    rows.push(rowOf(name, cases));
  };
  row('every stop served', (pace, stops, i, plan) =>
    caseOf(plan, pace, i, 'skipped_stop', null, served(pace, stops), null),
  );
  row('every stop served', (pace, stops, i, plan) =>
    caseOf(plan, pace, i, 'wrong_stop_order', null, served(pace, stops), null),
  );
  row('every stop served', (pace, stops, i, plan) =>
    caseOf(plan, pace, i, 'unplanned_stop', 'unplanned', served(pace, stops), null),
  );
  row('one stop driven by at 30 km/h', (pace, stops, i, plan) => {
    const skipped = middleStop(stops, i);
    const way = served(pace, stops, skipped);
    return caseOf(plan, pace, i, 'skipped_stop', null, way, timeAtM(way, stops[skipped]!.alongM + 200));
  });
  row('back to the stop before, then on', (pace, stops, i, plan) => {
    const late = middleStop(stops, i);
    const way = swapped(pace, stops, late);
    return way === null ? null : caseOf(plan, pace, i, 'wrong_stop_order', null, way.way, way.from);
  });
  for (const m of [150, 300, 600]) {
    row(`${m} m back along the line`, (pace, stops, i, plan) => {
      const { way, from } = drivenBack(pace, stops, middleStop(stops, i), m);
      return caseOf(plan, pace, i, 'wrong_stop_order', 'against_direction', way, m > 200 ? from : null);
    });
  }
  for (const standS of [60, 120, 200]) {
    row(`standing ${standS} s where no stop is`, (pace, stops, i, plan) => {
      const free = freePlace(plan, pace, stops, i);
      if (free === null) return null;
      const way = served(pace, stops, -1, [free, standS]);
      const from = timeAtM(way, free) + 90_000;
      return caseOf(plan, pace, i, 'unplanned_stop', 'unplanned', way, standS >= 90 + EVERY_S ? from : null);
    });
  }
  row('a stop left 3 min early', (pace, stops, i) => early(day.plan, pace, stops, i, 180));
  row('a stop left 30 s early', (pace, stops, i) => early(day.plan, pace, stops, i, 30));
  row('15 min late', (pace, stops, i, plan) => {
    const way = served(pace, stops).map(([t, m]) => [t + 900_000, m] as const);
    return caseOf(plan, pace, i, 'off_schedule', 'late', way, way[0]![0] + 60_000);
  });
  return rows;
}

function rowOf(name: string, cases: readonly Case[]): (string | number)[] {
  let [above, found, below] = [0, 0, 0];
  const delays: number[] = [];
  for (const one of cases) {
    const at = toldAt(one);
    if (one.from !== null) above++;
    if (at !== null && one.from !== null) {
      found++;
      delays.push((at - one.from) / 1000);
    }
    if (at !== null && one.from === null) below++;
  }
  delays.sort((a, b) => a - b);
  const recall = above === 0 ? '-' : `${Math.round((found / above) * 1_000) / 10} %`;
  const median = delays.length === 0 ? '-' : Math.round(delays[delays.length >> 1]!);
  return [`${name}: ${cases[0]?.rule ?? ''}`, cases.length, above, found, recall, median, below];
}

function toldAt({ plan, reports, rule, reason }: Case): number | null {
  const judge = makeJudge(plan);
  let state: JudgeState | null = null;
  const isIt = ({ rule: own, evidence }: Finding): boolean =>
    own === rule && (reason === null || evidence.reason === reason);
  for (const report of reports) {
    const step = judge.judge(state, report);
    state = step.state;
    if (step.changes.some(({ kind, finding }) => kind === 'opened' && isIt(finding))) return report.time;
  }
  return null;
}

function caseOf(
  plan: Plan,
  pace: Pace,
  seed: number,
  rule: RuleName,
  reason: string | null,
  way: Way,
  from: number | null,
): Case {
  return {
    rule,
    reason,
    plan: withRoster(plan, pace.trip),
    reports: reportsAlong(pace, way, EVERY_S, seed),
    from,
  };
}

/** A pupil at every stop of the trip. */
function withRoster(plan: Plan, trip: string): Plan {
  const stops = plan.trips.get(trip)!.stopTimes.map(({ stopId }) => stopId);
  const roster = new Map(stops.map((stop) => [`rider of ${stop}`, stop]));
  return {
    ...plan,
    registers: { ...plan.registers, riders: true },
    rosterByTrip: new Map([[trip, roster]]),
    ridersByTrip: new Map([[trip, new Map(stops.map((stop) => [stop, 1]))]]),
  };
}

/** The stops that the recorded pace passes. */
function stopsAlong(plan: Plan, { trip, points }: Pace): StopTime[] {
  const [fromM, toM] = [points[0]![1], points.at(-1)![1]];
  return plan.trips.get(trip)!.stopTimes.filter(({ alongM }) => alongM > fromM + 100 && alongM < toM - 100);
}

/** One of the middle stops whose neighbours are not within its zone. */
function middleStop(stops: readonly StopTime[], seed: number): number {
  const lone = stops.flatMap((stop, i) => {
    const before = stops[i - 1]?.alongM ?? Number.NEGATIVE_INFINITY;
    const after = stops[i + 1]?.alongM ?? Number.POSITIVE_INFINITY;
    return i > 1 && i < stops.length - 2 && stop.alongM - before > 150 && after - stop.alongM > 150
      ? [i]
      : [];
  });
  return lone[Math.floor(lone.length / 3) + (seed % Math.max(1, Math.floor(lone.length / 3)))] ?? 2;
}

/**
 * The way along the line at the pace of a bus, standing at every stop but `skipped`, where it does not stand. `stand`
 * puts one more stand in: at so many metres, for so many seconds.
 */
function served(
  pace: Pace,
  stops: readonly StopTime[],
  skipped = -1,
  stand: readonly [number, number] | null = null,
): Way {
  const [startMs, startM] = departure(pace);
  const endM = pace.points.at(-1)![1];
  const stands = stops.map(
    ({ alongM }, i) => [alongM, i === skipped ? 0 : DWELLS_S[i % DWELLS_S.length]!] as const,
  );
  if (stand !== null) stands.push(stand);
  return wayThrough(startMs, startM, [...stands.sort((a, b) => a[0] - b[0]), [endM, 60]]);
}

/** When and where the recorded bus set off: it waits at the first stop before, for a quarter of an hour and more. */
function departure({ points }: Pace): readonly [number, number] {
  const [, startM] = points[0]!;
  const moved = points.findIndex(([, m]) => m > startM + 50);
  return [points[Math.max(0, moved - 1)]![0], startM];
}

/** To each of these places in turn, forward or back, standing there for so long. */
function wayThrough(startMs: number, startM: number, places: readonly (readonly [number, number])[]): Way {
  const way: Way = [[startMs, startM]];
  let [t, m] = [startMs, startM];
  for (const [toM, standS] of places) {
    t += (Math.abs(toM - m) / CRUISE_MS) * 1000;
    m = toM;
    way.push([t, m]);
    if (standS > 0) {
      t += standS * 1000;
      way.push([t, m]);
    }
  }
  return way;
}

/** Stop `late` is driven by; behind the next one the bus goes back to it and then on. */
function swapped(pace: Pace, stops: readonly StopTime[], late: number): { way: Way; from: number } | null {
  const next = stops[late + 1];
  const own = stops[late];
  if (!next || !own) return null;
  const stand = (i: number) => DWELLS_S[i % DWELLS_S.length]!;
  const before = stops.slice(0, late).map(({ alongM }, i) => [alongM, stand(i)] as const);
  const after = stops.slice(late + 2).map(({ alongM }, i) => [alongM, stand(i)] as const);
  const places = [
    ...before,
    [next.alongM, 20],
    // Turned round behind it, back beyond the stop that was missed, and round again.
    [next.alongM + 60, 0],
    [own.alongM - 150, 0],
    [own.alongM, 20],
    [own.alongM + 1, 0],
    ...after,
    [pace.points.at(-1)![1], 60],
  ] as const;
  const way = wayThrough(...departure(pace), places);
  // Served wrongly once it has stood there for 8 s.
  const arrival = way.filter(([, m]) => Math.abs(m - own.alongM) < 0.5).at(-2)![0];
  return { way, from: arrival + 8_000 };
}

function drivenBack(
  pace: Pace,
  stops: readonly StopTime[],
  at: number,
  backM: number,
): { way: Way; from: number } {
  const turnM = stops[at]!.alongM + 60;
  const stand = (i: number) => DWELLS_S[i % DWELLS_S.length]!;
  const before = stops.slice(0, at + 1).map(({ alongM }, i) => [alongM, stand(i)] as const);
  const after = stops.slice(at + 1).map(({ alongM }, i) => [alongM, stand(i)] as const);
  const backTo = Math.max(turnM - backM, pace.points[0]![1]);
  const way = wayThrough(...departure(pace), [
    ...before,
    [turnM, 0],
    [backTo, 0],
    ...after,
    [pace.points.at(-1)![1], 60],
  ]);
  const turned = way.findIndex(([, m]) => m === turnM);
  return { way, from: way[turned]![0] + (200 / CRUISE_MS) * 1000 };
}

/** In the middle of a long way between two stops of the trip, away from those of all others. */
function freePlace(plan: Plan, pace: Pace, stops: readonly StopTime[], seed: number): number | null {
  const free = stops.flatMap(({ alongM }, i) => {
    const after = stops[i + 1]?.alongM;
    if (i < 2 || after === undefined || after - alongM < FREE_M) return [];
    const m = (alongM + after) / 2;
    const { lat, lon } = pointAlong(pace.shape, m);
    const near = [...plan.stops.values()].some(
      (stop) => Math.hypot((stop.lat - lat) * 111_000, (stop.lon - lon) * 86_000) < 95,
    );
    return near ? [] : [m];
  });
  return free.length === 0 ? null : free[(free.length >> 1) % free.length]! + (seed % 3);
}

/** The plan with this run alone, its timetable that of a way, `earlyS` later than the bus drives it. */
function timed(plan: Plan, pace: Pace, way: Way, earlyS: number): Plan {
  const trip = plan.trips.get(pace.trip)!;
  const run = plan.dutiesAt(pace.vehicle, pace.points[0]![0], 7_200).find((one) => one.trip.id === pace.trip);
  if (!run) throw new Error(`${pace.vehicle} has no duty on ${pace.trip}`);
  const dayStart = run.start - trip.startS * 1000;
  const stopTimes = trip.stopTimes.map((one) => {
    const inside = Math.min(Math.max(one.alongM, way[0]![1]), way.at(-1)![1]);
    const at = Math.round((timeAtM(way, inside, true) - dayStart) / 1000 + earlyS);
    return { ...one, arrivalS: at, departureS: at };
  });
  const [startS, endS] = [stopTimes[0]!.departureS, stopTimes.at(-1)!.arrivalS];
  const timedTrip = { ...trip, stopTimes, startS, endS };
  const only = { ...run, trip: timedTrip, start: dayStart + startS * 1000, end: dayStart + endS * 1000 };
  return {
    ...plan,
    trips: new Map([...plan.trips, [trip.id, timedTrip]]),
    dutiesAt: (vehicle, time, marginS) =>
      vehicle === pace.vehicle && time >= only.start - marginS * 1000 && time <= only.end + marginS * 1000
        ? [only]
        : [],
  };
}

function early(plan: Plan, pace: Pace, stops: readonly StopTime[], seed: number, earlyS: number): Case {
  const way = served(pace, stops);
  const on = timed(plan, pace, way, earlyS);
  // The first stop that it leaves too early is the first of all.
  const first = timeAtM(way, stops[0]!.alongM, true);
  return caseOf(
    on,
    pace,
    seed,
    'off_schedule',
    'early_departure',
    way,
    earlyS > 60 + 2 * EVERY_S ? first : null,
  );
}

/** When the way first comes to a place; `leaving`: when it is last there before going on. */
function timeAtM(way: Way, metres: number, leaving = false): number {
  for (let i = 1; i < way.length; i++) {
    const [[t0, m0], [t1, m1]] = [way[i - 1]!, way[i]!];
    if (m1 < metres || (leaving && m1 === metres && i + 1 < way.length)) continue;
    if (leaving && m0 === metres) return t0;
    return m1 === m0 ? t0 : t0 + ((t1 - t0) * (metres - m0)) / (m1 - m0);
  }
  return way.at(-1)![0];
}
