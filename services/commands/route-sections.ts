import type { FencesAt } from '../../geo/judge/fence-index.ts';
import type { Run, Shape } from '../../geo/plan/plan.ts';
import { speedLimitAt } from '../../geo/rules/speed-limit.ts';
import { speeding } from '../../geo/rules/speeding.ts';
import { simplifyLine } from '../api/views/simplify-line.ts';

/** A point of a route on the terminal, and the limit from it to the next. */
export interface RouteSection {
  readonly lat: number;
  readonly lon: number;
  readonly maxSpeedKmh: number;
}

/** How finely a line is looked at for where its limit changes. */
const STEP_M = 20;
/** A limit that holds for less is no section of its own: terminals see a fix every few seconds. */
const SHORTEST_SECTION_M = 40;
/** How far the terminal's line may lie from the planned one; more, until it has room for it. */
const FIRST_TOLERANCE_M = 5;
const TOLERANCE_GROWTH = 1.25;

type Point = readonly [number, number];
interface Stretch {
  kmh: number;
  points: Point[];
}

/** The run's line as a terminal takes it: few points, and a limit for each section, the lowest that holds on it. */
export function routeSections(run: Run, shape: Shape, fencesAt: FencesAt, maxPoints: number): RouteSection[] {
  const stretches = joinShort(stretchesOf(run, shape, fencesAt));
  for (let toleranceM = FIRST_TOLERANCE_M; ; toleranceM *= TOLERANCE_GROWTH) {
    const sections = stretches.flatMap(({ kmh, points }, i) => {
      const kept = simplifyLine(points, toleranceM);
      // The last point of a stretch is the first of the next.
      return (i < stretches.length - 1 ? kept.slice(0, -1) : kept).map(([lon, lat]) => ({
        lat: round(lat),
        lon: round(lon),
        maxSpeedKmh: kmh,
      }));
    });
    if (sections.length <= maxPoints || toleranceM > 1_000) return sections.slice(0, maxPoints);
  }
}

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

function stretchesOf(run: Run, shape: Shape, fencesAt: FencesAt): Stretch[] {
  const stretches: Stretch[] = [];
  const limitAt = ([lon, lat]: Point, alongM: number): number => {
    // What a zone's windows say depends on when the bus comes by.
    const share = shape.lengthM > 0 ? alongM / shape.lengthM : 0;
    const time = run.start + share * (run.end - run.start);
    const limit = speedLimitAt(fencesAt(lat, lon, time), true, speeding.defaults);
    return limit?.kmh ?? speeding.defaults.otherRoadKmh;
  };
  for (const [point, alongM] of pointsOf(shape)) {
    const kmh = limitAt(point, alongM);
    const last = stretches.at(-1);
    last?.points.push(point);
    if (!last || last.kmh !== kmh) stretches.push({ kmh, points: [point] });
  }
  // A limit that begins at the very end has no way to hold on.
  if (stretches.length > 1 && stretches.at(-1)?.points.length === 1) stretches.pop();
  return stretches;
}

/** The shape's own points, and points between those that lie far apart. */
function* pointsOf(shape: Shape): Generator<[Point, number]> {
  for (const [i, point] of shape.points.entries()) {
    const at = shape.alongM[i] ?? 0;
    const before = shape.points[i - 1];
    if (before) {
      const from = shape.alongM[i - 1] ?? 0;
      const steps = Math.ceil((at - from) / STEP_M);
      for (let step = 1; step < steps; step++) {
        const t = step / steps;
        yield [
          [before[0] + (point[0] - before[0]) * t, before[1] + (point[1] - before[1]) * t],
          from + (at - from) * t,
        ];
      }
    }
    yield [point, at];
  }
}

/** A short stretch takes the lower limit of its own and its neighbour's. */
function joinShort(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    const short = stretch.points.length * STEP_M < SHORTEST_SECTION_M;
    if (last && (short || last.kmh === stretch.kmh)) {
      last.kmh = Math.min(last.kmh, stretch.kmh);
      last.points.push(...stretch.points.slice(1));
    } else joined.push({ kmh: stretch.kmh, points: [...stretch.points] });
  }
  return joined;
}
