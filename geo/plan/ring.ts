import { kinks } from '@turf/turf';

/** Why this ring of a polygon does not enclose anything; null where it does. */
export function ringFault(ring: readonly (readonly number[])[]): string | null {
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last || ring.length < 4) return `has a ring of ${ring.length} points; it takes at least 4`;
  if (first[0] !== last[0] || first[1] !== last[1]) return 'has a ring that does not end where it began';
  let twiceArea = 0;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1]!, ring[i]!];
    twiceArea += (a[0]! - first[0]!) * (b[1]! - first[1]!) - (b[0]! - first[0]!) * (a[1]! - first[1]!);
  }
  return twiceArea === 0 ? 'has a ring without area' : null;
}

/** As `ringFault`, and whether it crosses itself, so that its inside is not clear. Grows with the square of the points. */
export function simpleRingFault(ring: readonly (readonly number[])[]): string | null {
  const fault = ringFault(ring);
  if (fault) return fault;
  // A point given twice in a row is sloppy, not a crossing.
  const distinct = ring.filter((p, i) => i === 0 || p[0] !== ring[i - 1]![0] || p[1] !== ring[i - 1]![1]);
  const crossing = kinks({ type: 'Polygon', coordinates: [distinct.map((p) => [p[0]!, p[1]!])] }).features[0];
  return crossing ? `has a ring that crosses itself at [${crossing.geometry.coordinates.join(', ')}]` : null;
}
