import type { Plan } from '../plan/plan.ts';
import type { Box } from './fix-quality.ts';

/** The rectangle around all that the plan speaks of; the whole world where it names no place. */
export function serviceBox(plan: Plan, marginDeg: number): Box {
  let [west, south, east, north] = [180, 90, -180, -90];
  const add = (lon: number, lat: number): void => {
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  };
  for (const stop of plan.stops.values()) add(stop.lon, stop.lat);
  for (const shape of plan.shapes.values()) for (const [lon, lat] of shape.points) add(lon, lat);
  if (west > east) return [-180, -90, 180, 90];
  return [west - marginDeg, south - marginDeg, east + marginDeg, north + marginDeg];
}
