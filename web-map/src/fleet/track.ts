import type { TrackPoint } from '../../../services/api/contract.ts';

/** A longer silence is drawn as a gap, not as a straight drive. */
const GAP_MS = 180_000;

/** The day's track as stretches without gaps; what was uploaded later from the terminal's memory apart. */
export function trackStretches(
  points: readonly TrackPoint[],
): { line: [number, number][]; backfill: boolean }[] {
  const stretches: { line: [number, number][]; backfill: boolean }[] = [];
  let before: TrackPoint | null = null;
  for (const point of points) {
    if (!point.positioned) continue;
    const place: [number, number] = [point.lon, point.lat];
    const current = stretches.at(-1);
    const gap = before !== null && Date.parse(point.time) - Date.parse(before.time) > GAP_MS;
    if (!current || before === null || gap) {
      stretches.push({ line: [place], backfill: point.backfill });
    } else if (current.backfill === point.backfill) {
      current.line.push(place);
    } else {
      stretches.push({ line: [[before.lon, before.lat], place], backfill: point.backfill });
    }
    before = point;
  }
  return stretches.filter((stretch) => stretch.line.length > 1);
}

export interface SpeedSample {
  readonly time: number;
  readonly kmh: number;
}

/** At most `count` samples for a chart, each the fastest of its share of the time, so that no peak is lost. */
export function speedSamples(points: readonly TrackPoint[], count: number): SpeedSample[] {
  const all = points
    .filter((point) => point.speedKmh !== null)
    .map((point) => ({ time: Date.parse(point.time), kmh: point.speedKmh! }));
  if (all.length <= count) return all;
  const [from, to] = [all[0]!.time, all.at(-1)!.time];
  const share = (to - from) / count || 1;
  const best = new Map<number, SpeedSample>();
  for (const sample of all) {
    const bin = Math.min(count - 1, Math.floor((sample.time - from) / share));
    const kept = best.get(bin);
    if (!kept || sample.kmh > kept.kmh) best.set(bin, sample);
  }
  return [...best.values()];
}
