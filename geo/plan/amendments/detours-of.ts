import { measureLine } from '../../geometry/line.ts';
import type { LonLat } from '../../geometry/point.ts';
import { projectOnLine } from '../../geometry/project.ts';
import type { Plan, Trip } from '../plan.ts';
import { type Detour, holdsAt } from './amendments.ts';

/** A trip on its service date, as duties and tracks of runs name it. */
interface RunName {
  readonly trip: string;
  readonly serviceDate: string;
}

const NONE: readonly Detour[] = [];

/** The detours declared for a run at an instant. */
export function detoursOf(plan: Plan, run: RunName, time: number): readonly Detour[] {
  const { detours, dispatch } = plan.amendments;
  if (detours.length === 0) return NONE;
  const route = plan.trips.get(run.trip)?.routeId;
  return detours.filter((detour) => {
    if (!holdsAt(detour, time)) return false;
    if (detour.tripId === null ? detour.routeId !== route : detour.tripId !== run.trip) return false;
    if (!detour.onDispatch) return true;
    return dispatch.some(
      ({ action, value, tripId, serviceDate }) =>
        action === 'detour' && value === detour.id && tripId === run.trip && serviceDate === run.serviceDate,
    );
  });
}

/** Metres from the nearest detour of the run; infinite where none is declared. */
export function offDetourM(plan: Plan, run: RunName, time: number, lat: number, lon: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const { line } of detoursOf(plan, run, time)) nearest = Math.min(nearest, offLineM(line, [lon, lat]));
  return nearest;
}

/** Does a declared detour go around the stop, farther from it than `reachM`? Then nobody is expected to stop there. */
export function isAvoided(
  plan: Plan,
  trip: Trip,
  serviceDate: string,
  stop: { readonly stopId: string; readonly alongM: number },
  time: number,
  reachM: number,
): boolean {
  const detours = detoursOf(plan, { trip: trip.id, serviceDate }, time);
  const shape = plan.shapes.get(trip.shapeId);
  const place = plan.stops.get(stop.stopId);
  if (detours.length === 0 || !shape || !place) return false;
  return detours.some(({ line }) => {
    const leftM = projectOnLine(shape, line[0]!)?.alongM;
    const backM = projectOnLine(shape, line.at(-1)!)?.alongM;
    if (leftM === undefined || backM === undefined) return false;
    const between = stop.alongM > Math.min(leftM, backM) && stop.alongM < Math.max(leftM, backM);
    return between && offLineM(line, [place.lon, place.lat]) > reachM;
  });
}

function offLineM(line: readonly LonLat[], point: LonLat): number {
  return projectOnLine(measureLine(line), point)?.distanceM ?? Number.POSITIVE_INFINITY;
}
