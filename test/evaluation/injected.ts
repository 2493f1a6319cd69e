import type { RuleName } from '../../geo/finding.ts';
import { bearingDeg, destination, distanceM } from '../../geo/geometry/distance.ts';
import { pointAlong } from '../../geo/geometry/line.ts';
import type { LonLat } from '../../geo/geometry/point.ts';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import type { JudgeState } from '../../geo/judge.ts';
import { findOnLine, followLine } from '../../geo/matching/follow-line.ts';
import { MATCHING } from '../../geo/matching/settings.ts';
import { offLine } from '../../geo/matching/track-line.ts';
import { tripLines } from '../../geo/matching/trip-line.ts';
import type { Plan, Shape } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { rowReport } from '../../services/replay/track-row.ts';
import type { RecordedDay } from './recorded-day.ts';

/** A recorded run as its progress along its shape over time: real pace, stops and waits, laid on any interval. */
export interface Pace {
  readonly vehicle: string;
  readonly trip: string;
  readonly shape: Shape;
  /** [milliseconds, metres], both rising. */
  readonly points: readonly (readonly [number, number])[];
}

interface Case {
  readonly rule: RuleName;
  readonly reports: readonly Report[];
  readonly from: number;
  readonly to: number;
  /** By the documented thresholds, on the reports as they are. */
  readonly expected: boolean;
}

const EVERY_S = 5;
const NOISE_M = 5;
const SHORTEST_RUN_M = 4_000;

const DETOURS_M = [150, 300, 600, 1_000, 2_000, 3_000];
const EXCESSES_KMH = [3, 5, 10, 20, 30];
const LASTING_S = [10, 20, 30, 60, 120];

/** Rows of the table: detours and speeding put into every recorded run, in the middle of it. */
export function injectedRuns(day: RecordedDay): (string | number)[][] {
  const paces = pacesOf(day);
  const rows: (string | number)[][] = [];
  for (const everyS of [EVERY_S, 30]) {
    for (const sideM of DETOURS_M) {
      const cases = paces.map((pace, i) => detour(pace, sideM, everyS, i));
      rows.push(rowOf(day.plan, `detour of ${2 * sideM + 300} m, every ${everyS} s`, cases));
    }
  }
  for (const excessKmh of EXCESSES_KMH) {
    const cases = LASTING_S.flatMap((lastingS) =>
      paces.map((pace, i) => speeding(pace, excessKmh, lastingS, i)),
    );
    rows.push(rowOf(day.plan, `${excessKmh} km/h over for 10 to 120 s, every ${EVERY_S} s`, cases));
  }
  const nothing = paces.map((pace, i) => untouched(pace, EVERY_S, i));
  rows.push(rowOf(day.plan, `nothing, every ${EVERY_S} s`, nothing));
  return rows;
}

function rowOf(plan: Plan, name: string, cases: readonly Case[]): (string | number)[] {
  let [above, found, below] = [0, 0, 0];
  const delays: number[] = [];
  for (const one of cases) {
    const told = toldAt(plan, one);
    if (one.expected) above++;
    if (told !== null && one.expected) {
      found++;
      delays.push((told - one.from) / 1000);
    }
    if (told !== null && !one.expected) below++;
  }
  delays.sort((a, b) => a - b);
  const recall = above === 0 ? '-' : `${Math.round((found / above) * 1_000) / 10} %`;
  return [name, cases.length, above, found, recall, delays[delays.length >> 1] ?? '-', below];
}

/** When the rule first told of something that overlaps what was put in, or null. */
function toldAt(plan: Plan, one: Case): number | null {
  const judge = makeJudge(plan);
  let state: JudgeState | null = null;
  for (const report of one.reports) {
    const step = judge.judge(state, report);
    state = step.state;
    for (const { kind, finding } of step.changes) {
      if (finding.rule === one.rule && kind === 'opened' && finding.start <= one.to) return report.time;
    }
  }
  return null;
}

export function pacesOf(day: RecordedDay): Pace[] {
  const lines = tripLines(day.plan);
  const runs = new Map<string, Report[]>();
  for (const [report, trip] of day.tripOf) {
    const key = `${report.vehicle} ${trip}`;
    runs.set(key, [...(runs.get(key) ?? []), report]);
  }
  const paces: Pace[] = [];
  for (const [key, reports] of runs) {
    const [vehicle, trip] = key.split(' ') as [string, string];
    const tripLine = lines.ofTrip(trip);
    if (!tripLine) continue;
    let pose = null as ReturnType<typeof findOnLine>;
    const points: [number, number][] = [];
    for (const report of reports.sort((a, b) => a.time - b.time)) {
      const fix = { ...report, headX: 0, headY: 0, corridorM: 30, standing: false };
      const near =
        pose === null
          ? findOnLine(tripLine.line, fix, 0, 0.01, MATCHING)
          : followLine(tripLine.line, pose, fix, MATCHING);
      const next = near === null ? null : 'pose' in near ? (near.offM <= 30 ? near.pose : null) : near;
      if (next === null || (points.length > 0 && next.alongM < points.at(-1)![1])) continue;
      pose = next;
      if (points.length === 0 || report.time > points.at(-1)![0]) points.push([report.time, next.alongM]);
    }
    const drivenM = (points.at(-1)?.[1] ?? 0) - (points[0]?.[1] ?? 0);
    if (points.length > 20 && drivenM > SHORTEST_RUN_M)
      paces.push({ vehicle, trip, shape: day.plan.shapes.get(tripLine.trip.shapeId)!, points });
  }
  return paces;
}

/** What is driven instead of the shape: places with the milliseconds at which the bus is there. */
type Way = readonly (readonly [number, LonLat])[];

function untouched(pace: Pace, everyS: number, seed: number): Case {
  const reports = sample(pace, everyS, seed, null, 0);
  return { rule: 'route_deviation', reports, from: 0, to: Number.POSITIVE_INFINITY, expected: false };
}

/** Out sideways, 300 m on, and back to the line 300 m further, at 30 km/h; everything after that is so much later. */
function detour(pace: Pace, sideM: number, everyS: number, seed: number): Case {
  const aheadM = 300;
  const speed = 30 / 3.6;
  const [fromMs, fromM] = middle(pace);
  const start = pointAlong(pace.shape, fromM);
  const back = pointAlong(pace.shape, fromM + aheadM);
  const side = start.bearingDeg + (seed % 2 ? 90 : -90);
  const a: LonLat = [start.lon, start.lat];
  const d: LonLat = [back.lon, back.lat];
  const corners: LonLat[] = [a, destination(a, sideM, side), destination(d, sideM, side), d];
  const way: [number, LonLat][] = [];
  let at = fromMs;
  for (const [i, corner] of corners.entries()) {
    if (i > 0) at += (distanceM(corners[i - 1]!, corner) / speed) * 1000;
    way.push([at, corner]);
  }
  const reports = sample(pace, everyS, seed, way, fromM + aheadM);
  const line = tripLineOf(pace);
  const off = reports.filter(
    (r) => r.time >= fromMs && r.time <= at + 60_000 && offLine(line, r.lat, r.lon, 1e6) > 60,
  );
  const far = off.filter((r) => offLine(line, r.lat, r.lon, 1e6) > 300);
  const wayM = off
    .slice(1)
    .reduce((sum, r, i) => sum + distanceM([off[i]!.lon, off[i]!.lat], [r.lon, r.lat]), 0);
  const lastsS = off.length > 1 ? (off.at(-1)!.time - off[0]!.time) / 1000 : 0;
  const expected = far.length >= 2 || (off.length >= 3 && lastsS >= 30 && wayM >= 150);
  return { rule: 'route_deviation', reports, from: off[0]?.time ?? fromMs, to: at, expected };
}

/** So much above 60 km/h along the line for so long; everything after that is so much earlier. */
function speeding(pace: Pace, excessKmh: number, lastingS: number, seed: number): Case {
  const [fromMs, fromM] = middle(pace);
  const kmh = 60 + excessKmh;
  const wayM = (kmh / 3.6) * lastingS;
  const way: [number, LonLat][] = [];
  const toM = Math.min(fromM + wayM, pace.shape.lengthM - 300);
  for (let s = 0; s <= lastingS; s++) {
    const alongM = fromM + (kmh / 3.6) * s;
    if (alongM > toM) break;
    const { lon, lat } = pointAlong(pace.shape, alongM);
    way.push([fromMs + s * 1000, [lon, lat]]);
  }
  const reports = sample(pace, EVERY_S, seed, way, toM, kmh);
  const end = way.at(-1)![0];
  const fast = reports.filter((r) => r.time >= fromMs && r.time <= end && (r.speedKmh ?? 0) > 63);
  const expected = fast.length >= 3 && fast.at(-1)!.time - fast[0]!.time >= 10_000;
  return { rule: 'speeding', reports, from: fast[0]?.time ?? fromMs, to: end, expected };
}

/** Where the bus is at a third of its way: far from either end, and moving. */
function middle(pace: Pace): readonly [number, number] {
  const [, firstM] = pace.points[0]!;
  const [, lastM] = pace.points.at(-1)!;
  const wanted = firstM + (lastM - firstM) / 3;
  return pace.points.find(([, m]) => m >= wanted)!;
}

/** Reports at an interval, with noise that wanders as GNSS does. Behind `way` the recorded pace goes on from `backM`. */
function sample(
  pace: Pace,
  everyS: number,
  seed: number,
  way: Way | null,
  backM: number,
  wayKmh = 30,
): Report[] {
  const noise = noiseOf(seed + 1);
  const { points } = pace;
  const shiftMs = way === null ? 0 : way.at(-1)![0] - timeAt(points, backM);
  const reports: Report[] = [];
  const end = points.at(-1)![0] + shiftMs;
  for (let time = points[0]![0]; time <= end; time += everyS * 1000) {
    const onWay = way !== null && time >= way[0]![0] && time <= way.at(-1)![0];
    const after = way !== null && time > way.at(-1)![0];
    const own = after ? time - shiftMs : time;
    const along = metresAt(points, own);
    const speedKmh = onWay ? wayKmh : Math.max(0, (metresAt(points, own + 1_000) - along) * 3.6);
    const at = onWay ? onWayAt(way, time) : pointAlong(pace.shape, along);
    const next = onWay ? onWayAt(way, Math.min(time + 1_000, way.at(-1)![0])) : null;
    const heading = next
      ? bearingDeg([at.lon, at.lat], [next.lon, next.lat])
      : 'bearingDeg' in at
        ? Number(at.bearingDeg)
        : 0;
    const [lon, lat] = destination(destination([at.lon, at.lat], noise(), 0), noise(), 90);
    reports.push(
      rowReport({
        vehicle: pace.vehicle,
        time,
        lat,
        lon,
        speedKmh: Math.round(speedKmh * 10) / 10,
        directionDeg: speedKmh > 3 ? heading : null,
      }),
    );
  }
  return reports;
}

/** Reports of a drive along the pace's line, forward or back, as [milliseconds, metres] have it. */
export function reportsAlong(pace: Pace, points: Pace['points'], everyS: number, seed: number): Report[] {
  const noise = noiseOf(seed + 1);
  const reports: Report[] = [];
  for (let time = points[0]![0]; time <= points.at(-1)![0]; time += everyS * 1000) {
    const along = metresAt(points, time);
    const wayM = metresAt(points, time + 1_000) - along;
    const at = pointAlong(pace.shape, along);
    const [lon, lat] = destination(destination([at.lon, at.lat], noise(), 0), noise(), 90);
    const speedKmh = Math.round(Math.abs(wayM) * 36) / 10;
    const heading = wayM < 0 ? (at.bearingDeg + 180) % 360 : at.bearingDeg;
    const directionDeg = speedKmh > 3 ? heading : null;
    reports.push(rowReport({ vehicle: pace.vehicle, time, lat, lon, speedKmh, directionDeg }));
  }
  return reports;
}

function onWayAt(way: Way, time: number): { lon: number; lat: number } {
  const i = Math.max(
    1,
    way.findIndex(([at]) => at >= time),
  );
  const [t0, a] = way[i - 1]!;
  const [t1, b] = way[i] ?? way[i - 1]!;
  const share = t1 > t0 ? (time - t0) / (t1 - t0) : 0;
  return { lon: a[0] + (b[0] - a[0]) * share, lat: a[1] + (b[1] - a[1]) * share };
}

function metresAt(points: Pace['points'], time: number): number {
  const i = points.findIndex(([at]) => at > time);
  if (i < 0) return points.at(-1)![1];
  if (i === 0) return points[0]![1];
  const [[t0, m0], [t1, m1]] = [points[i - 1]!, points[i]!];
  return m0 + ((m1 - m0) * (time - t0)) / (t1 - t0);
}

function timeAt(points: Pace['points'], metres: number): number {
  const i = points.findIndex(([, m]) => m > metres);
  if (i <= 0) return points.at(-1)![0];
  const [[t0, m0], [t1, m1]] = [points[i - 1]!, points[i]!];
  return t0 + ((t1 - t0) * (metres - m0)) / (m1 - m0);
}

function tripLineOf(pace: Pace) {
  const lines = tripLines({ shapes: new Map([[pace.shape.id, pace.shape]]) } as unknown as Plan);
  return lines.ofShape(pace.shape.id)!;
}

/** Wandering noise of about `NOISE_M`, the same for the same seed. */
function noiseOf(seed: number): () => number {
  let random = seed * 7919 + 1;
  let value = 0;
  return () => {
    random = (random * 48_271) % 2_147_483_647;
    value = 0.8 * value + (random / 2_147_483_647 - 0.5) * 2 * NOISE_M;
    return value;
  };
}
