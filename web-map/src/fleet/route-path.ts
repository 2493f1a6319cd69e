import { distanceM, type LonLat, offsetM, type Path, pathThrough, placeAt } from './path.ts';

/** How far off its line a bus may report and still be drawn as driving along it: a wide street and GNSS error. */
const ON_LINE_M = 30;
/** The line may take this much longer than the crow; more, and the bus did not drive it. */
const LONGEST_DETOUR = 1.6;
const DETOUR_ALLOWANCE_M = 40;

/**
 * The way from one report to the next along the first of the lines that fits, so that a bus turns the corner instead
 * of cutting it; straight where none does.
 */
export function pathBetween(from: LonLat, to: LonLat, lines: readonly Path[]): Path {
  const straight = distanceM(from, to);
  const longest = straight * LONGEST_DETOUR + DETOUR_ALLOWANCE_M;
  if (straight >= 1) {
    for (const line of lines) {
      const start = nearest(line, from, 0, line.lengthM);
      if (start.offM > ON_LINE_M) continue;
      const end = nearest(line, to, start.alongM, start.alongM + longest);
      if (end.offM > ON_LINE_M || end.alongM - start.alongM < straight * 0.5) continue;
      return pathThrough([from, ...between(line, start.alongM, end.alongM), to]);
    }
  }
  return pathThrough([from, to]);
}

/** The line's own points strictly between two distances along it. */
function between(line: Path, fromM: number, toM: number): LonLat[] {
  return line.points.filter((_, i) => line.alongM[i]! > fromM + 1 && line.alongM[i]! < toM - 1);
}

/** The place on the part of the line nearest to the point: how far along, and how far off. */
function nearest(line: Path, point: LonLat, fromM: number, toM: number): { alongM: number; offM: number } {
  let best = { alongM: fromM, offM: distanceM(placeAt(line, fromM).at, point) };
  for (let i = 1; i < line.points.length; i++) {
    const [startM, endM] = [line.alongM[i - 1]!, line.alongM[i]!];
    if (endM < fromM) continue;
    if (startM > toM) break;
    const a = offsetM(point, line.points[i - 1]!);
    const b = offsetM(point, line.points[i]!);
    const [east, north] = [b.east - a.east, b.north - a.north];
    const square = east * east + north * north;
    const part = square === 0 ? 0 : Math.min(1, Math.max(0, -(a.east * east + a.north * north) / square));
    const alongM = startM + (endM - startM) * part;
    const offM = Math.hypot(a.east + east * part, a.north + north * part);
    if (offM < best.offM && alongM >= fromM && alongM <= toM) best = { alongM, offM };
  }
  return best;
}
