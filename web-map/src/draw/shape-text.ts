export type Shape = GeoJSON.Polygon | GeoJSON.LineString | GeoJSON.MultiPolygon | GeoJSON.MultiLineString;
export type ShapeKind = 'polygon' | 'line';
/** How a shape is written down: well-known text, or the geometry of GeoJSON. */
export type ShapeForm = 'wkt' | 'geojson';

/** About 0.1 m; more is nobody's to see. */
const DECIMALS = 6;

/** The shape that a text describes, or null. */
export function shapeOf(text: string): Shape | null {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? ofGeoJson(trimmed) : ofWkt(trimmed);
}

export function textOfShape(shape: Shape, form: ShapeForm): string {
  if (form === 'geojson') return JSON.stringify(rounded(shape));
  const ring = (points: readonly GeoJSON.Position[]) =>
    `(${points.map((point) => point.slice(0, 2).map(round).join(' ')).join(', ')})`;
  if (shape.type === 'LineString') return `LINESTRING ${ring(shape.coordinates)}`;
  if (shape.type === 'Polygon') return `POLYGON (${shape.coordinates.map(ring).join(', ')})`;
  return '';
}

/** With so many decimals that drawing takes it. */
export function rounded<T extends Shape>(shape: T): T {
  const each = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(each) : typeof value === 'number' ? round(value) : value;
  return { ...shape, coordinates: each(shape.coordinates) } as T;
}

/** [west, south, east, north] */
export function boundsOf(shape: Shape): [number, number, number, number] | null {
  const points = (shape.coordinates as unknown[]).flat(3) as number[];
  let box: [number, number, number, number] | null = null;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [lon, lat] = [points[i]!, points[i + 1]!];
    box = box
      ? [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)]
      : [lon, lat, lon, lat];
  }
  return box;
}

function ofGeoJson(text: string): Shape | null {
  try {
    const read = JSON.parse(text) as { type?: unknown; coordinates?: unknown };
    const known = ['Polygon', 'LineString', 'MultiPolygon', 'MultiLineString'];
    return known.includes(String(read.type)) && Array.isArray(read.coordinates) ? (read as Shape) : null;
  } catch {
    // Somebody is still typing.
    return null;
  }
}

function ofWkt(text: string): Shape | null {
  const [, kind, body] = /^(?:SRID=4326;)?\s*(POLYGON|LINESTRING)\s*(\([\s\S]*\))\s*$/i.exec(text) ?? [];
  if (kind === undefined || body === undefined) return null;
  const rings = [...body.matchAll(/\(([^()]+)\)/g)].map(([, points]) =>
    (points ?? '').split(',').map((pair) => pair.trim().split(/\s+/).map(Number)),
  );
  const sound = rings.every((ring) =>
    ring.every(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat)),
  );
  if (!sound || rings.length === 0) return null;
  return kind.toUpperCase() === 'POLYGON'
    ? { type: 'Polygon', coordinates: rings }
    : { type: 'LineString', coordinates: rings[0]! };
}

const round = (value: number): number => Number(value.toFixed(DECIMALS));
