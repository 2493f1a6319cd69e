import { booleanPointInPolygon } from '@turf/turf';
import type { Fence } from '../../../geo/plan/plan.ts';

/** Is the point inside the fence, by somebody else's arithmetic than the simulator's? */
export function polygonsHold(geometry: Fence['geometry'], lon: number, lat: number): boolean {
  return (
    (geometry.type === 'Polygon' || geometry.type === 'MultiPolygon') &&
    booleanPointInPolygon([lon, lat], geometry)
  );
}
