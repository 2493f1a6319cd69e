import { gzipSync } from 'node:zlib';
import { zxyToTileId } from 'pmtiles';
import { type Feature, tilesFrom, varint, vectorTile } from './vector-tile.ts';

const HEADER_BYTES = 127;
const GZIP = 2;
const MVT = 1;

/** A PMTiles archive (specification 3) of vector tiles with the features, from zoom 0 to `maxZoom`. */
export function pmtilesArchive(features: readonly Feature[], maxZoom: number): Uint8Array {
  const corners = features.flatMap((feature) => feature.corners);
  const [lons, lats] = [corners.map(([lon]) => lon), corners.map(([, lat]) => lat)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const tiles: { id: number; bytes: Uint8Array }[] = [];
  for (let z = 0; z <= maxZoom; z++) {
    const [left, top] = tilesFrom([west, north], z).map(Math.floor);
    const [right, bottom] = tilesFrom([east, south], z).map(Math.floor);
    for (let x = left!; x <= right!; x++) {
      for (let y = top!; y <= bottom!; y++) {
        const tile = vectorTile(features, z, x, y);
        if (tile) tiles.push({ id: zxyToTileId(z, x, y), bytes: gzipSync(tile) });
      }
    }
  }
  tiles.sort((a, b) => a.id - b.id);
  const directory = gzipSync(directoryOf(tiles));
  const metadata = gzipSync(JSON.stringify({ vector_layers: layersOf(features) }));
  const data = Buffer.concat(tiles.map((tile) => tile.bytes));

  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const bytesAt = (at: number, bytes: Iterable<number>) => {
    for (const byte of bytes) header.setUint8(at++, byte);
  };
  bytesAt(0, [...new TextEncoder().encode('PMTiles'), 3]);
  const metadataAt = HEADER_BYTES + directory.length;
  const dataAt = metadataAt + metadata.length;
  // Where each part begins and how long it is; the directories of leaves are none.
  const places = [
    HEADER_BYTES,
    directory.length,
    metadataAt,
    metadata.length,
    dataAt,
    0,
    dataAt,
    data.length,
  ];
  const counts = [tiles.length, tiles.length, tiles.length];
  for (const [i, value] of [...places, ...counts].entries())
    header.setBigUint64(8 + i * 8, BigInt(value), true);
  bytesAt(96, [1, GZIP, GZIP, MVT, 0, maxZoom]);
  const e7 = (degrees: number) => Math.round(degrees * 1e7);
  for (const [i, value] of [west, south, east, north].entries())
    header.setInt32(102 + i * 4, e7(value), true);
  header.setUint8(118, maxZoom);
  header.setInt32(119, e7((west + east) / 2), true);
  header.setInt32(123, e7((south + north) / 2), true);
  return Buffer.concat([new Uint8Array(header.buffer), directory, metadata, data]);
}

/** Ids as steps, runs of one, lengths, and places of which all but the first follow the one before (section 4). */
function directoryOf(tiles: readonly { id: number; bytes: Uint8Array }[]): Uint8Array {
  const steps = tiles.map((tile, i) => tile.id - (tiles[i - 1]?.id ?? 0));
  const columns = [
    steps,
    tiles.map(() => 1),
    tiles.map((tile) => tile.bytes.length),
    tiles.map((_, i) => (i === 0 ? 1 : 0)),
  ];
  return Uint8Array.from([...varint(tiles.length), ...columns.flat().flatMap(varint)]);
}

const layersOf = (features: readonly Feature[]) =>
  [...new Set(features.map((feature) => feature.layer))].map((id) => ({ id, fields: {} }));
