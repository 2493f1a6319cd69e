type Point = readonly [number, number];

const METRES_PER_DEGREE = 111_320;

/**
 * Fewer points for a line that is only looked at: no point of the original lies farther than `toleranceM` from what is
 * left (Douglas and Peucker, 1973). Points are [lon, lat]; the first and the last stay.
 */
export function simplifyLine(points: readonly Point[], toleranceM: number): Point[] {
  if (points.length <= 2) return [...points];
  const scale = Math.cos(((points[0]?.[1] ?? 0) * Math.PI) / 180);
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let farthest = -1;
    let distance = toleranceM / METRES_PER_DEGREE;
    for (let i = from + 1; i < to; i++) {
      const d = distanceToSpan(points[i]!, points[from]!, points[to]!, scale);
      if (d > distance) [farthest, distance] = [i, d];
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    spans.push([from, farthest], [farthest, to]);
  }
  return points.filter((_point, i) => keep[i] === 1);
}

/** In degrees of latitude, on a plane that is true enough within a city. */
function distanceToSpan(p: Point, a: Point, b: Point, scale: number): number {
  const dx = (b[0] - a[0]) * scale;
  const dy = b[1] - a[1];
  const px = (p[0] - a[0]) * scale;
  const py = p[1] - a[1];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
  return Math.hypot(px - t * dx, py - t * dy);
}
