/** Vector tiles (Mapbox Vector Tile 2.1) of rectangles, straight lines and points: enough for the base map of a test. */

export interface Feature {
  readonly layer: string;
  readonly type: 'point' | 'line' | 'area';
  /** The only one of a point, the ends of a line along a meridian or parallel, or two corners. [lon, lat] */
  readonly corners: readonly (readonly [number, number])[];
  readonly properties: { readonly [name: string]: string };
}

const EXTENT = 4096;
/** Drawn beyond the tile's edge, so that no seam shows. */
const MARGIN = 128;
const GEOMETRY_TYPE = { point: 1, line: 2, area: 3 } as const;
/** Commands of a geometry, each with how many of it follow (4.3.1). */
const moveTo = 1 | (1 << 3);
const lineTo = (count: number) => 2 | (count << 3);
const closePath = 7 | (1 << 3);

/** The tile's bytes, not compressed; null where none of the features lies in it. */
export function vectorTile(features: readonly Feature[], z: number, x: number, y: number): Uint8Array | null {
  const bytes: number[] = [];
  for (const layer of new Set(features.map((feature) => feature.layer))) {
    const words: string[] = [];
    const written: number[] = [];
    for (const feature of features.filter((each) => each.layer === layer)) {
      const geometry = geometryIn(feature, z, x, y);
      if (!geometry) continue;
      const tags = Object.entries(feature.properties).flatMap(([key, value]) => [
        indexIn(words, key),
        indexIn(words, value),
      ]);
      const type = [...varint(3 << 3), GEOMETRY_TYPE[feature.type]];
      written.push(...sized(2, [...packed(2, tags), ...type, ...packed(4, geometry)]));
    }
    if (written.length === 0) continue;
    // One list serves for keys and values, so that an index is good for both.
    const keys = words.flatMap((word) => text(3, word));
    const values = words.flatMap((word) => sized(4, text(1, word)));
    const extent = [...varint(5 << 3), ...varint(EXTENT)];
    const version = [...varint(15 << 3), 2];
    bytes.push(...sized(3, [...text(1, layer), ...written, ...keys, ...values, ...extent, ...version]));
  }
  return bytes.length === 0 ? null : Uint8Array.from(bytes);
}

/** Where a place lies among the tiles of a zoom, in tiles (spherical Mercator). */
export function tilesFrom([lon, lat]: readonly [number, number], z: number): [number, number] {
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [(lon / 360 + 0.5) * 2 ** z, y * 2 ** z];
}

/** The commands that draw the feature in the tile, cut at its edges. */
function geometryIn(feature: Feature, z: number, x: number, y: number): number[] | null {
  const places = feature.corners.map((corner) => {
    const [column, row] = tilesFrom(corner, z);
    return [Math.round((column - x) * EXTENT), Math.round((row - y) * EXTENT)] as const;
  });
  const [xs, ys] = [places.map((place) => place[0]), places.map((place) => place[1])];
  const outside = (values: number[]) =>
    Math.max(...values) < -MARGIN || Math.min(...values) > EXTENT + MARGIN;
  if (outside(xs) || outside(ys)) return null;
  const cut = (value: number) => Math.min(EXTENT + MARGIN, Math.max(-MARGIN, value));
  const [west, east] = [cut(Math.min(...xs)), cut(Math.max(...xs))];
  const [north, south] = [cut(Math.min(...ys)), cut(Math.max(...ys))];
  const start = [moveTo, zigzag(west), zigzag(north)];
  const by = (dx: number, dy: number) => [zigzag(dx), zigzag(dy)];
  if (feature.type === 'point') return start;
  if (feature.type === 'line') return [...start, lineTo(1), ...by(east - west, south - north)];
  // Clockwise on the screen, as an outer ring is.
  const sides = [...by(east - west, 0), ...by(0, south - north), ...by(west - east, 0)];
  return [...start, lineTo(3), ...sides, closePath];
}

function indexIn(words: string[], word: string): number {
  const known = words.indexOf(word);
  return known >= 0 ? known : words.push(word) - 1;
}

const zigzag = (value: number): number => (value << 1) ^ (value >> 31);
const packed = (field: number, values: readonly number[]) => sized(field, values.flatMap(varint));
const text = (field: number, value: string) => sized(field, [...new TextEncoder().encode(value)]);
const sized = (field: number, bytes: readonly number[]) => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];

/** Whole numbers, seven bits a byte, the lowest first (protobuf.dev, "Encoding"). */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
