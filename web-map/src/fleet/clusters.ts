/** A bus to be drawn, on the Web Mercator square (0 to 1 both ways). */
export interface Spot<T> {
  readonly item: T;
  readonly x: number;
  readonly y: number;
  /** Never put in a cluster: it has an alert, or is the one chosen. */
  readonly pinned: boolean;
}

export interface Cluster<T> {
  readonly x: number;
  readonly y: number;
  readonly items: readonly T[];
}

export interface ClusterOptions {
  /** From this zoom on every bus is drawn by itself, unless there are too many of them in view. */
  maxZoom: number;
  /** More than this in view are too many: where they lie close together they are clusters at any zoom. */
  crowd: number;
  cellPx: number;
  minCount: number;
}

export const CLUSTER_DEFAULTS: ClusterOptions = { maxZoom: 12.5, crowd: 600, cellPx: 56, minCount: 4 };

const TILE_PX = 512;
/** More cells than a row has at the closest zoom, so that row and column make one number. */
const ROW = 2 ** 26;

/**
 * Puts buses that would overlap into clusters. Cells lie on the earth, not on the screen, and only change with whole
 * zoom steps, so panning never makes a cluster flicker.
 */
export function clusterSpots<T>(
  spots: readonly Spot<T>[],
  zoom: number,
  options: ClusterOptions = CLUSTER_DEFAULTS,
): { singles: Spot<T>[]; clusters: Cluster<T>[] } {
  if (zoom >= options.maxZoom && spots.length <= options.crowd) return { singles: [...spots], clusters: [] };
  const cells = (2 ** Math.round(zoom) * TILE_PX) / options.cellPx;
  const byCell = new Map<number, Spot<T>[]>();
  const singles: Spot<T>[] = [];
  for (const spot of spots) {
    if (spot.pinned) {
      singles.push(spot);
      continue;
    }
    const key = Math.floor(spot.x * cells) * ROW + Math.floor(spot.y * cells);
    const cell = byCell.get(key);
    if (cell) cell.push(spot);
    else byCell.set(key, [spot]);
  }
  const clusters: Cluster<T>[] = [];
  for (const cell of byCell.values()) {
    if (cell.length < options.minCount) {
      singles.push(...cell);
      continue;
    }
    let [x, y] = [0, 0];
    for (const spot of cell) {
      x += spot.x;
      y += spot.y;
    }
    clusters.push({ x: x / cell.length, y: y / cell.length, items: cell.map((s) => s.item) });
  }
  return { singles, clusters };
}

/** Longitude and latitude on the Web Mercator square. */
export function mercator(lon: number, lat: number): { x: number; y: number } {
  const sin = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - (0.25 * Math.log((1 + sin) / (1 - sin))) / Math.PI };
}

export function unmercator(x: number, y: number): [number, number] {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}
