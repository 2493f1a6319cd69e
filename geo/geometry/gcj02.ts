import type { LonLat } from './point.ts';

/**
 * GCJ-02, the shifted datum that maps published in China use. Everything inside is WGS-84; this is for the edge: a
 * base map or a peer that needs it. The shift has no official publication; the series below is the one that the
 * mapping community recovered and that every open implementation agrees on.
 */

/** Krasovsky 1940, the ellipsoid that the shift is scaled by. */
const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943;

/** Outside this rectangle the two datums are the same. */
const SHIFTED = { west: 72.004, east: 137.8347, south: 0.8293, north: 55.8271 };

/** Below a tenth of a millimetre on the ground. */
const INVERSE_TOLERANCE_DEG = 1e-10;
const INVERSE_STEPS = 12;

const { PI, sin, cos, sqrt, abs } = Math;

/** WGS-84 to GCJ-02, both [lon, lat]. */
export function wgs84ToGcj02(wgs: LonLat): LonLat {
  if (!isShifted(wgs)) return wgs;
  const [dLon, dLat] = shiftAt(wgs);
  return [wgs[0] + dLon, wgs[1] + dLat];
}

/** GCJ-02 to WGS-84, both [lon, lat]: the point whose shift ends here, found by iteration. */
export function gcj02ToWgs84(gcj: LonLat): LonLat {
  if (!isShifted(gcj)) return gcj;
  let [lon, lat] = gcj;
  for (let step = 0; step < INVERSE_STEPS; step++) {
    const [dLon, dLat] = shiftAt([lon, lat]);
    const errorLon = gcj[0] - (lon + dLon);
    const errorLat = gcj[1] - (lat + dLat);
    lon += errorLon;
    lat += errorLat;
    if (abs(errorLon) < INVERSE_TOLERANCE_DEG && abs(errorLat) < INVERSE_TOLERANCE_DEG) break;
  }
  return [lon, lat];
}

function isShifted([lon, lat]: LonLat): boolean {
  return lon >= SHIFTED.west && lon <= SHIFTED.east && lat >= SHIFTED.south && lat <= SHIFTED.north;
}

function shiftAt([lon, lat]: LonLat): LonLat {
  const x = lon - 105;
  const y = lat - 35;
  const common = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * (2 / 3);
  const northM =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * sqrt(abs(x)) +
    common +
    (20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * (2 / 3) +
    (160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * (2 / 3);
  const eastM =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * sqrt(abs(x)) +
    common +
    (20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * (2 / 3) +
    (150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * (2 / 3);

  const phi = (lat * PI) / 180;
  const w2 = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2;
  const meridianRadiusM = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (w2 * sqrt(w2));
  const parallelRadiusM = (SEMI_MAJOR_M / sqrt(w2)) * cos(phi);
  return [((eastM / parallelRadiusM) * 180) / PI, ((northM / meridianRadiusM) * 180) / PI];
}
