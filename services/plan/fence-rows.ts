import type { PlanRow } from './plan-rows.ts';

/** Properties of a fence that are written as numbers. */
const NUMBERS = new Set(['speed_limit_kmh', 'usual_gap_s']);

/** What people say of a fence, each a column; `geometry` is GeoJSON, and `more` what else its properties hold. */
export const FENCE_COLUMNS = [
  'id',
  'kind',
  'name',
  'speed_limit_kmh',
  'road_class',
  'windows',
  'weekdays',
  'keep',
  'vehicle_ids',
  'usual_gap_s',
  'district',
  'geometry',
] as const;

interface Feature {
  readonly id?: unknown;
  readonly properties?: { readonly [name: string]: unknown } | null;
  readonly geometry?: unknown;
  readonly [member: string]: unknown;
}

interface Collection {
  readonly features: readonly Feature[];
  readonly [member: string]: unknown;
}

/** Each feature of fences.geojson as a row; the file was checked when it was imported. */
export function readFenceRows(text: string | undefined): PlanRow[] {
  if (text === undefined) return [];
  return (JSON.parse(withoutMark(text)) as Collection).features.map((feature, i) => {
    const properties = feature.properties ?? {};
    const row: { [column: string]: string } = { id: idOf(feature, i) };
    const more: { [name: string]: unknown } = {};
    for (const [name, value] of Object.entries(properties)) {
      if (name === 'id' || value === null || value === undefined) continue;
      if ((FENCE_COLUMNS as readonly string[]).includes(name)) row[name] = textOf(value);
      else more[name] = value;
    }
    row.geometry = JSON.stringify(feature.geometry);
    if (Object.keys(more).length > 0) row.more = JSON.stringify(more);
    return row;
  });
}

/** One feature a line, so that a fault in one is said of its line. */
export function writeFenceRows(rows: readonly PlanRow[], before: string | undefined): string {
  const members: Collection =
    before === undefined ? { type: 'FeatureCollection', features: [] } : JSON.parse(withoutMark(before));
  const { features: _, ...rest } = members;
  const head = JSON.stringify(rest).slice(0, -1);
  const features = rows.map((row) => JSON.stringify(featureOf(row)));
  return `${head},"features":[\n${features.join(',\n')}\n]}\n`;
}

function featureOf(row: PlanRow): unknown {
  const properties: { [name: string]: unknown } = {};
  for (const name of FENCE_COLUMNS) {
    const text = row[name];
    if (name === 'geometry' || text === undefined || text === '') continue;
    properties[name] = NUMBERS.has(name) && !Number.isNaN(Number(text)) ? Number(text) : text;
  }
  const more: unknown = row.more ? parsed(row.more) : {};
  const geometry = parsed(row.geometry ?? '');
  return {
    type: 'Feature',
    id: row.id,
    properties: { ...(typeof more === 'object' ? more : {}), ...properties },
    geometry,
  };
}

/** Null where it is no JSON: the reader of fences then says so of its line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** As `readFences` names a feature that has no id. */
function idOf({ id, properties }: Feature, i: number): string {
  const given = properties?.id ?? properties?.fence_id ?? id;
  return typeof given === 'string' || typeof given === 'number' ? String(given) : `fence-${i + 1}`;
}

/** A list becomes the text that the reader of fences takes as well. */
const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(';') : String(value));

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
