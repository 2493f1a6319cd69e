import { degreeScale } from '../geometry/distance.ts';
import type { Fence } from '../plan/plan.ts';
import { holds, LINE_FENCE_M } from './fence-index.ts';

/** Metres from the fence's edge to a place outside of it; 0 inside. */
export function fenceDistanceM(fence: Fence, lat: number, lon: number): number {
  if (holds(fence, lat, lon)) return 0;
  const { geometry } = fence;
  switch (geometry.type) {
    case 'Polygon':
      return fromLinesM(geometry.coordinates, lat, lon);
    case 'MultiPolygon':
      return fromLinesM(geometry.coordinates.flat(), lat, lon);
    case 'LineString':
      return Math.max(0, fromLinesM([geometry.coordinates], lat, lon) - LINE_FENCE_M);
    case 'MultiLineString':
      return Math.max(0, fromLinesM(geometry.coordinates, lat, lon) - LINE_FENCE_M);
  }
}

function fromLinesM(lines: readonly (readonly (readonly number[])[])[], lat: number, lon: number): number {
  const { lonM, latM } = degreeScale(lat);
  let nearest = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const ax = (line[i - 1]![0]! - lon) * lonM;
      const ay = (line[i - 1]![1]! - lat) * latM;
      const dx = (line[i]![0]! - line[i - 1]![0]!) * lonM;
      const dy = (line[i]![1]! - line[i - 1]![1]!) * latM;
      const squared = dx * dx + dy * dy;
      const t = squared > 0 ? Math.min(Math.max(-(ax * dx + ay * dy) / squared, 0), 1) : 0;
      nearest = Math.min(nearest, Math.hypot(ax + dx * t, ay + dy * t));
    }
  }
  return nearest;
}
