import { parseList, parseWindow, SECONDS_PER_DAY } from './cells.ts';
import type { Fence, RoadClass } from './plan.ts';
import { quoted } from './problems.ts';
import { type CheckedFeature, readFeatures } from './read-geojson.ts';
import { simpleRingFault } from './ring.ts';
import type { PlanSource } from './table.ts';

export const FENCES_FILE = 'fences.geojson';
export const BASE_FILE = 'base.geojson';

const KINDS: readonly Fence['kind'][] = [
  'school',
  'depot',
  'forbidden',
  'danger_section',
  'speed_zone',
  'fuel_station',
  'queue_area',
  'platform',
  'tunnel',
  'no_signal',
];
const KEEPS: readonly NonNullable<Fence['keep']>[] = ['never_inside', 'only_inside'];
const ROAD_CLASSES: readonly RoadClass[] = [
  'city_no_centre_line',
  'highway_no_centre_line',
  'city_one_lane',
  'highway_one_lane',
];
const LONGEST_GAP_S = 3_600;
const HIGHEST_LIMIT_KMH = 130;

/**
 * Polygons and lines with `kind`, `name`, `speed_limit_kmh`, `windows`, `weekdays`, `road_class`, `keep` and
 * `vehicle_ids` among their properties. `vehicles` is null where the plan has no such file.
 */
export function readFences(source: PlanSource, vehicles: ReadonlyMap<string, unknown> | null): Fence[] {
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
    const roadClass = ROAD_CLASSES.find((known) => known === properties.road_class);
    if (kind === 'speed_zone' && speedLimitKmh === null && roadClass === undefined)
      fail('speed_limit_kmh', `a speed zone needs one, or a road_class of ${ROAD_CLASSES.join(', ')}`);
    const usualGapS = gapOf(properties.usual_gap_s);
    if (usualGapS === undefined)
      fail(
        'usual_gap_s',
        `${shown(properties.usual_gap_s)} is not a number of seconds up to ${LONGEST_GAP_S}`,
      );
    const windows = windowsOf(properties.windows);
    if (windows === null)
      fail('windows', `${shown(properties.windows)} is not windows such as "06:30-08:00;16:00-18:00"`);
    const keep = keepOf(properties.keep, kind);
    if (keep === null) fail('keep', `${shown(properties.keep)} is not one of ${KEEPS.join(', ')}`);
    if (keep === 'only_inside' && !feature.geometry.type.endsWith('Polygon'))
      fail('keep', 'nothing can be kept inside a line');
    const weekdays = weekdaysOf(properties.weekdays);
    if (weekdays === null)
      fail('weekdays', `${shown(properties.weekdays)} is not weekdays such as "1-5" or "6;7" (1 is Monday)`);
    const only = idsOf(properties.vehicle_ids);
    if (only === null) fail('vehicle_ids', `${shown(properties.vehicle_ids)} is not a list of ids`);
    for (const vehicle of only ?? []) {
      if (vehicles && !vehicles.has(vehicle))
        fail('vehicle_ids', `${quoted(vehicle)} is not in vehicles.csv`);
    }
    return {
      id,
      name: typeof properties.name === 'string' ? properties.name : '',
      kind: kind ?? 'school',
      // Its type was checked by `readFeatures`.
      geometry: feature.geometry as Fence['geometry'],
      speedLimitKmh: speedLimitKmh ?? null,
      motorway: properties.road_class === 'motorway',
      ...(roadClass === undefined ? {} : { roadClass }),
      ...(usualGapS == null ? {} : { usualGapS }),
      windows: windows ?? [],
      ...(keep ? { keep } : {}),
      ...(weekdays && weekdays.length > 0 ? { weekdays } : {}),
      ...(only && only.length > 0 ? { vehicles: only } : {}),
    };
  });
}

/** Undefined where nothing is to be kept to, null where the property says something else. */
function keepOf(value: unknown, kind: Fence['kind'] | undefined): Fence['keep'] | null {
  if (value === undefined || value === null || value === '') {
    return kind === 'forbidden' ? 'never_inside' : undefined;
  }
  return KEEPS.find((known) => known === value) ?? null;
}

/** `"1-5"`, `"6;7"`, `[1, 3]`; empty where absent, null where it is none of these. */
function weekdaysOf(value: unknown): readonly number[] | null {
  if (value === undefined || value === null || value === '') return [];
  const days = new Set<number>();
  for (const part of Array.isArray(value) ? value : parseList(String(value).replaceAll(',', ';'))) {
    const span = /^([1-7])(?:-([1-7]))?$/.exec(String(part).trim());
    if (span === null) return null;
    const [from, to] = [Number(span[1]), Number(span[2] ?? span[1])];
    if (to < from) return null;
    for (let day = from; day <= to; day++) days.add(day);
  }
  return [...days].sort();
}

/** A list or `;` separated text; empty where absent, null where it is neither. */
function idsOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return parseList(value.replaceAll(',', ';'));
  return Array.isArray(value) && value.every((id) => typeof id === 'string') ? (value as string[]) : null;
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

/** Null where absent, undefined where it is no length of time. */
function gapOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  const seconds = typeof value === 'string' ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_GAP_S ? seconds : undefined;
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
