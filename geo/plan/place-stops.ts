import { distanceM } from '../geometry/distance.ts';
import type { Line } from '../geometry/line.ts';
import { passesOf } from '../geometry/passes.ts';
import type { LonLat } from '../geometry/point.ts';
import { projectOnLine } from '../geometry/project.ts';

/** A stop's pass counts if it is no farther from the line than the nearest one by this. */
const FARTHER_M = 150;
/** Of very many passes (a car park driven around) the nearest so many are weighed. */
const PASSES_WEIGHED = 24;
const PASSES_WEIGHED_OUT_OF_ORDER = 200;
/** Two stops face to face may project some metres in the wrong order; they then share a place. */
const BACKWARD_M = 30;
/** A pass that the timetable puts this far away costs as much as one that is 1 m farther from the line... */
const TIMETABLE_M_PER_M = 50;
/** ...but no more than this many: the timetable decides between the two sides of a street, not against the map. */
const TIMETABLE_AT_MOST_M = 20;

interface Pass {
  readonly alongM: number;
  readonly distanceM: number;
}

/**
 * How far along its line each stop of a trip lies, never falling. Where the line comes by a stop more than once, the
 * passes of all stops are chosen together: in order, near the stops, and in keeping with the timetable. A stop by stop
 * choice of the nearest would put a loop's first stop at its end.
 */
export function placeStops(line: Line, stops: readonly LonLat[], timesS: readonly number[]): Float64Array {
  const chosen =
    choosePasses(
      stops.map((stop) => passesNear(line, stop)),
      line.lengthM,
      timesS,
    ) ??
    // The stops are not in the order of the line: any place in order that is as near as can be.
    choosePasses(
      stops.map((stop) => anyPasses(line, stop)),
      line.lengthM,
      timesS,
    )!;
  const alongM = Float64Array.from(chosen);
  for (let i = 1; i < alongM.length; i++) alongM[i] = Math.max(alongM[i]!, alongM[i - 1]!);
  return alongM;
}

function passesNear(line: Line, stop: LonLat): readonly Pass[] {
  const nearestM = projectOnLine(line, stop)?.distanceM ?? 0;
  return nearestOf(passesOf(line, stop, nearestM + FARTHER_M), PASSES_WEIGHED);
}

/** Both ends of the line and many passes however far: there is always an order among these. */
function anyPasses(line: Line, stop: LonLat): Pass[] {
  const start = { alongM: 0, distanceM: distanceM(stop, line.points[0]!) };
  const end = { alongM: line.lengthM, distanceM: distanceM(stop, line.points.at(-1)!) };
  return [start, ...nearestOf(passesOf(line, stop, Infinity), PASSES_WEIGHED_OUT_OF_ORDER), end];
}

function nearestOf(passes: readonly Pass[], count: number): readonly Pass[] {
  if (passes.length <= count) return passes;
  const nearest = [...passes].sort((a, b) => a.distanceM - b.distanceM).slice(0, count);
  return nearest.sort((a, b) => a.alongM - b.alongM);
}

/** The cheapest choice of one pass for each stop; null where none keeps their order. Dynamic programming, stop by stop. */
function choosePasses(
  passesOfStop: readonly (readonly Pass[])[],
  lengthM: number,
  timesS: readonly number[],
): number[] | null {
  const rideS = timesS.at(-1)! - timesS[0]!;
  const metresPerSecond = rideS > 0 ? lengthM / rideS : 0;
  const cameFrom: Int32Array[] = [];
  let costs = Float64Array.from(passesOfStop[0]!, (pass) => pass.distanceM ** 2);
  for (let i = 1; i < passesOfStop.length; i++) {
    const before = passesOfStop[i - 1]!;
    const passes = passesOfStop[i]!;
    const expectedM = (timesS[i]! - timesS[i - 1]!) * metresPerSecond;
    const next = new Float64Array(passes.length).fill(Infinity);
    const from = new Int32Array(passes.length).fill(-1);
    for (let k = 0; k < passes.length; k++) {
      const pass = passes[k]!;
      for (let j = 0; j < before.length; j++) {
        const movedM = pass.alongM - before[j]!.alongM;
        if (movedM < -BACKWARD_M || costs[j] === Infinity) continue;
        const cost =
          costs[j]! + pass.distanceM ** 2 + orderCost(movedM, metresPerSecond > 0 ? expectedM : movedM);
        if (cost < next[k]!) {
          next[k] = cost;
          from[k] = j;
        }
      }
    }
    costs = next;
    cameFrom.push(from);
  }
  let best = 0;
  for (let k = 1; k < costs.length; k++) if (costs[k]! < costs[best]!) best = k;
  if (costs[best] === undefined || costs[best] === Infinity) return null;
  const alongM: number[] = [];
  for (let i = passesOfStop.length - 1; i >= 0; i--) {
    alongM.push(passesOfStop[i]![best]!.alongM);
    if (i > 0) best = cameFrom[i - 1]![best]!;
  }
  return alongM.reverse();
}

function orderCost(movedM: number, expectedM: number): number {
  const offM = Math.abs(movedM - expectedM) / TIMETABLE_M_PER_M;
  const backwardM = Math.min(movedM, 0);
  return Math.min(offM, TIMETABLE_AT_MOST_M) ** 2 + backwardM ** 2;
}
