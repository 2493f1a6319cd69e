import CheapRuler from 'cheap-ruler';
import { type LonLat, wrapBearing, wrapLongitude } from './point.ts';

/** Metres in one degree of longitude and of latitude around a place, on the WGS-84 ellipsoid. */
export interface DegreeScale {
  readonly lonM: number;
  readonly latM: number;
}

/** Holds within a city: 0.1 % over 100 km in the middle latitudes. */
export function degreeScale(lat: number): DegreeScale {
  const ruler = new CheapRuler(lat, 'meters');
  return { lonM: ruler.kx, latM: ruler.ky };
}

/** Metres between two points, measured at their middle latitude. */
export function distanceM(a: LonLat, b: LonLat): number {
  return new CheapRuler((a[1] + b[1]) / 2, 'meters').distance(a, b);
}

/** Metres from a place to the nearest point of a polyline of [lon, lat] positions, laid flat around the place. */
export function metresToLine(line: readonly (readonly number[])[], lat: number, lon: number): number {
  const { lonM, latM } = degreeScale(lat);
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const ax = (line[i - 1]![0]! - lon) * lonM;
    const ay = (line[i - 1]![1]! - lat) * latM;
    const dx = (line[i]![0]! - line[i - 1]![0]!) * lonM;
    const dy = (line[i]![1]! - line[i - 1]![1]!) * latM;
    const squared = dx * dx + dy * dy;
    const t = squared > 0 ? Math.min(Math.max(-(ax * dx + ay * dy) / squared, 0), 1) : 0;
    nearest = Math.min(nearest, Math.hypot(ax + dx * t, ay + dy * t));
  }
  return nearest;
}

/** Direction from `a` to `b`: 0 north, clockwise, below 360. Of two equal points it is 0. */
export function bearingDeg(a: LonLat, b: LonLat): number {
  return wrapBearing(new CheapRuler((a[1] + b[1]) / 2, 'meters').bearing(a, b));
}

/** The point that lies `metres` from `from` in the direction `bearing`. */
export function destination(from: LonLat, metres: number, bearing: number): LonLat {
  const { lonM, latM } = degreeScale(from[1]);
  const angle = (bearing * Math.PI) / 180;
  const lat = from[1] + (Math.cos(angle) * metres) / latM;
  return [wrapLongitude(from[0] + (Math.sin(angle) * metres) / lonM), lat];
}
