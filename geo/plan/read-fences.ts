import { parseList, parseWindow, SECONDS_PER_DAY } from './cells.ts';
import type { Fence } from './plan.ts';
import { quoted } from './problems.ts';
import { type CheckedFeature, readFeatures } from './read-geojson.ts';
import { simpleRingFault } from './ring.ts';
import type { PlanSource } from './table.ts';

export const FENCES_FILE = 'fences.geojson';
export const BASE_FILE = 'base.geojson';

const KINDS: readonly Fence['kind'][] = ['school', 'depot', 'forbidden', 'danger_section', 'speed_zone'];
const HIGHEST_LIMIT_KMH = 130;

/** Polygons and lines with `kind`, `name`, `speed_limit_kmh`, `windows`, `road_class` among their properties. */
export function readFences(source: PlanSource): Fence[] {
  const features = readFeatures(
    source,
    FENCES_FILE,
    ['Polygon', 'MultiPolygon', 'LineString', 'MultiLineString'],
    simpleRingFault,
  );
  const ids = new Set<string>();
  return features.map((feature) => {
    const { line, number, properties } = feature;
    const fail = (column: string, reason: string) =>
      source.problems.add(FENCES_FILE, line, column, `feature ${number}: ${reason}`);
    const kind = KINDS.find((known) => known === properties.kind);
    if (!kind) fail('kind', `${shown(properties.kind)} is not one of ${KINDS.join(', ')}`);
    const id = fenceId(feature);
    if (ids.has(id)) fail('id', `${quoted(id)} is in the file twice`);
    ids.add(id);
    const speedLimitKmh = limitOf(properties.speed_limit_kmh);
    if (speedLimitKmh === undefined) {
      fail(
        'speed_limit_kmh',
        `${shown(properties.speed_limit_kmh)} is not a number from 1 to ${HIGHEST_LIMIT_KMH}`,
      );
    }
    if (kind === 'speed_zone' && speedLimitKmh === null) fail('speed_limit_kmh', 'a speed zone needs one');
    const windows = windowsOf(properties.windows);
    if (windows === null)
      fail('windows', `${shown(properties.windows)} is not windows such as "06:30-08:00;16:00-18:00"`);
    return {
      id,
      name: typeof properties.name === 'string' ? properties.name : '',
      kind: kind ?? 'school',
      // Its type was checked by `readFeatures`.
      geometry: feature.geometry as Fence['geometry'],
      speedLimitKmh: speedLimitKmh ?? null,
      motorway: properties.road_class === 'motorway',
      windows: windows ?? [],
    };
  });
}

/** The offline base map (roads, water, places) is drawn, never judged by: any sound GeoJSON will do. */
export function checkBaseMap(source: PlanSource): void {
  readFeatures(source, BASE_FILE, [
    'Point',
    'MultiPoint',
    'LineString',
    'MultiLineString',
    'Polygon',
    'MultiPolygon',
  ]);
}

function fenceId({ id, properties, number }: CheckedFeature): string {
  const given = properties.id ?? properties.fence_id ?? id;
  return typeof given === 'string' || typeof given === 'number' ? String(given) : `fence-${number}`;
}

/** Null where absent, undefined where it is no limit. */
function limitOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  const kmh = typeof value === 'string' ? Number(value) : value;
  return typeof kmh === 'number' && kmh >= 1 && kmh <= HIGHEST_LIMIT_KMH ? kmh : undefined;
}

/** `"06:30-08:00;16:00-18:00"` or a list of such; one that passes midnight becomes two. Null where it is neither. */
function windowsOf(value: unknown): (readonly [number, number])[] | null {
  if (value === undefined || value === null) return [];
  const texts = Array.isArray(value) ? value : [value];
  const windows: (readonly [number, number])[] = [];
  for (const text of texts.flatMap((t: unknown) =>
    typeof t === 'string' ? parseList(t.replaceAll(',', ';')) : [t],
  )) {
    const window = typeof text === 'string' ? parseWindow(text) : null;
    if (window === null) return null;
    if (window[0] < window[1]) windows.push(window);
    else {
      windows.push([window[0], SECONDS_PER_DAY]);
      if (window[1] > 0) windows.push([0, window[1]]);
    }
  }
  return windows;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : quoted(typeof value === 'string' ? value : JSON.stringify(value));
}
