import { keptFor } from './kept-for.ts';
import type { Plan } from './plan.ts';

type Bounds = [number, number, number, number] | null;

/** [west, south, east, north] around every stop and line of the plan, WGS-84 degrees; null where it names no place. */
export const planBounds = keptFor<Plan, Bounds>(({ stops, shapes }) => [stops, shapes], measured);

function measured(plan: Plan): Bounds {
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
