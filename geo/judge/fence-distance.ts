import { metresToLine } from '../geometry/distance.ts';
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
  return Math.min(...lines.map((line) => metresToLine(line, lat, lon)));
}
