/** [longitude, latitude] in WGS-84 degrees, in GeoJSON's order. */
export type LonLat = readonly [number, number];

/** A longitude or a difference of longitudes brought into [-180, 180), so that the date line is no wall. */
export function wrapLongitude(degrees: number): number {
  if (degrees >= -180 && degrees < 180) return degrees;
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** A direction brought into [0, 360). */
export function wrapBearing(degrees: number): number {
  const bearing = ((degrees % 360) + 360) % 360;
  return bearing === 360 ? 0 : bearing;
}

/** The smaller angle between two directions, 0 to 180. */
export function angleBetween(aDeg: number, bDeg: number): number {
  const difference = wrapBearing(aDeg - bDeg);
  return difference > 180 ? 360 - difference : difference;
}
