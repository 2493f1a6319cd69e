import { featureLines, lineAt } from './feature-lines.ts';
import { ringFault } from './ring.ts';

import type { PlanSource } from './table.ts';

/** A feature whose geometry was checked; its properties are as the file has them. */
export interface CheckedFeature {
  readonly line: number;
  readonly number: number;
  readonly id: string | number | undefined;
  readonly geometry: Exclude<GeoJSON.Geometry, GeoJSON.GeometryCollection>;
  readonly properties: { readonly [name: string]: unknown };
}

const DIMENSIONS = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
};

/**
 * The features of a GeoJSON file of the plan (RFC 7946), each with a sound geometry of one of the `types`. `faultOfRing`
 * says how much is asked of a polygon's rings.
 */
export function readFeatures(
  source: PlanSource,
  file: string,
  types: readonly (keyof typeof DIMENSIONS)[],
  faultOfRing: typeof ringFault = ringFault,
): CheckedFeature[] {
  const text = source.files.get(file);
  if (text === undefined) return [];
  const collection = parse(source, file, text);
  if (
    !isRecord(collection) ||
    collection.type !== 'FeatureCollection' ||
    !Array.isArray(collection.features)
  ) {
    if (collection !== undefined) source.problems.add(file, 1, '', 'is not a GeoJSON FeatureCollection');
    return [];
  }
  const lines = featureLines(text);
  return collection.features.flatMap((feature: unknown, i) => {
    const line = lines[i] ?? 1;
    const fault = featureFault(feature, types, faultOfRing);
    if (fault !== null) {
      source.problems.add(file, line, 'geometry', `feature ${i + 1} ${fault}`);
      return [];
    }
    // Checked just above.
    const { id, geometry, properties } = feature as Pick<CheckedFeature, 'id' | 'geometry'> & {
      properties?: CheckedFeature['properties'] | null;
    };
    return [{ line, number: i + 1, id, geometry, properties: properties ?? {} }];
  });
}

function parse(source: PlanSource, file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = /position (\d+)/.exec(error.message);
    const line = position ? lineAt(text, Number(position[1])) : lineAt(text, text.length);
    source.problems.add(file, line, '', `is not JSON: ${error.message}`);
    return undefined;
  }
}

function featureFault(
  feature: unknown,
  types: readonly string[],
  faultOfRing: typeof ringFault,
): string | null {
  if (!isRecord(feature) || feature.type !== 'Feature') return 'is not a GeoJSON Feature';
  if (feature.properties !== null && feature.properties !== undefined && !isRecord(feature.properties)) {
    return 'has properties that are not an object';
  }
  const geometry = feature.geometry;
  if (!isRecord(geometry) || typeof geometry.type !== 'string' || !types.includes(geometry.type)) {
    return `has no geometry of the kinds ${types.join(', ')}`;
  }
  const type = geometry.type as keyof typeof DIMENSIONS;
  return coordinatesFault(
    geometry.coordinates,
    DIMENSIONS[type],
    type.endsWith('Polygon') ? faultOfRing : null,
  );
}

/** `depth` 0 is one position, 1 a list of them, and so on. */
function coordinatesFault(
  coordinates: unknown,
  depth: number,
  faultOfRing: typeof ringFault | null,
): string | null {
  if (!Array.isArray(coordinates)) return 'has coordinates that are not lists of [longitude, latitude]';
  if (depth === 0) {
    const [lon, lat] = coordinates as unknown[];
    const sound =
      typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
    return sound
      ? null
      : `has a point that is not longitude and latitude in degrees: ${JSON.stringify(coordinates)}`;
  }
  if (coordinates.length === 0) return 'has an empty list of coordinates';
  for (const part of coordinates) {
    const fault = coordinatesFault(part, depth - 1, faultOfRing);
    if (fault) return fault;
  }
  return depth === 1 && faultOfRing ? faultOfRing(coordinates as number[][]) : null;
}

export function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
