import type { Plan } from './plan.ts';

/** [west, south, east, north] around every stop and line of the plan, WGS-84 degrees; null where it names no place. */
export function planBounds(plan: Plan): [number, number, number, number] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (lon: number, lat: number): void => {
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  };
  for (const stop of plan.stops.values()) add(stop.lon, stop.lat);
  for (const shape of plan.shapes.values()) for (const [lon, lat] of shape.points) add(lon, lat);
  return west <= east ? [west, south, east, north] : null;
}
