import { simpleRingFault } from './ring.ts';

/**
 * The rings of a WKT `POLYGON ((lon lat, ...), (hole...))`, with or without `SRID=4326;` before it; a string says why
 * there are none.
 */
export function parseWktPolygon(text: string): (readonly [number, number])[][] | string {
  const match = /^\s*(?:SRID=(\d+);)?\s*POLYGON\s*(?:Z|M|ZM)?\s*\(([\s\S]*)\)\s*$/i.exec(text);
  if (!match)
    return 'is not a WKT polygon: POLYGON ((119.95 31.78, 119.96 31.78, 119.96 31.79, 119.95 31.78))';
  if (match[1] !== undefined && match[1] !== '4326')
    return `is in SRID ${match[1]}; it takes WGS-84, SRID 4326`;
  const body = match[2]!.trim();
  if (!/^\([^()]*\)(\s*,\s*\([^()]*\))*$/.test(body)) return 'has brackets that do not pair';
  const rings: (readonly [number, number])[][] = [];
  for (const [, ringText] of body.matchAll(/\(([^()]*)\)/g)) {
    const ring = parsePoints(ringText!);
    if (typeof ring === 'string') return ring;
    const fault = simpleRingFault(ring);
    if (fault) return fault;
    rings.push(ring);
  }
  return rings;
}

/** The points of a WKT `LINESTRING (lon lat, ...)`; a string says why there are none. */
export function parseWktLine(text: string): (readonly [number, number])[] | string {
  const match = /^\s*(?:SRID=(\d+);)?\s*LINESTRING\s*(?:Z|M|ZM)?\s*\(([^()]*)\)\s*$/i.exec(text);
  if (!match) return 'is not a WKT line: LINESTRING (119.95 31.78, 119.96 31.79)';
  if (match[1] !== undefined && match[1] !== '4326')
    return `is in SRID ${match[1]}; it takes WGS-84, SRID 4326`;
  const points = parsePoints(match[2]!);
  if (typeof points !== 'string' && points.length < 2) return 'has fewer than two points';
  return points;
}

function parsePoints(text: string): (readonly [number, number])[] | string {
  const points: (readonly [number, number])[] = [];
  for (const pair of text.split(',')) {
    const [lonText, latText] = pair.trim().split(/\s+/);
    const [lon, lat] = [Number(lonText || Number.NaN), Number(latText || Number.NaN)];
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) {
      return `has a point that is not longitude and latitude in degrees: ${JSON.stringify(pair.trim())}`;
    }
    points.push([lon, lat]);
  }
  return points;
}
