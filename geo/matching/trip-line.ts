import type { LonLat } from '../geometry/point.ts';
import { keptFor } from '../plan/kept-for.ts';
import type { Plan, Trip } from '../plan/plan.ts';
import { type TrackLine, trackLine } from './track-line.ts';

/** A trip with its line laid flat and the stretch on which pupils are aboard. */
export interface TripLine {
  readonly trip: Trip;
  readonly line: TrackLine;
  /** Past this pupils are aboard: the first stop where any boards. */
  readonly boardM: number;
  /** Here it ends. */
  readonly lastStopM: number;
  readonly lastLat: number;
  readonly lastLon: number;
  /** Its route is declared rural. */
  readonly rural: boolean;
  /** It begins at a school: pupils get on there and off at the stops. */
  readonly fromSchool: boolean;
  /** [lon, lat] of each stop. */
  readonly stopPlaces: readonly LonLat[];
}

/** Looks trips up with their lines; what was laid out once is kept, since the plan never changes. */
export interface TripLines {
  ofTrip(tripId: string): TripLine | null;
  ofShape(shapeId: string): TrackLine | null;
}

export const tripLines = keptFor<Plan, TripLines>(
  ({ trips, shapes, stops, routes, ridersByTrip }) => [trips, shapes, stops, routes, ridersByTrip],
  layTrips,
);

function layTrips(plan: Plan): TripLines {
  const lines = new Map<string, TrackLine | null>();
  const trips = new Map<string, TripLine | null>();
  const ofShape = (id: string): TrackLine | null => {
    let line = lines.get(id);
    if (line === undefined) {
      const shape = plan.shapes.get(id);
      line = shape && shape.points.length > 1 ? trackLine(id, shape, shape.drawn) : null;
      lines.set(id, line);
    }
    return line;
  };
  const ofTrip = (id: string): TripLine | null => {
    let found = trips.get(id);
    if (found === undefined) {
      const trip = plan.trips.get(id);
      const line = trip ? ofShape(trip.shapeId) : null;
      found = trip && line && trip.stopTimes.length > 0 ? describe(plan, trip, line) : null;
      trips.set(id, found);
    }
    return found;
  };
  return { ofTrip, ofShape };
}

/** Of a stop that the plan does not place: no bus comes near. */
const NOWHERE: LonLat = [0, -90];

function describe(plan: Plan, trip: Trip, line: TrackLine): TripLine {
  const last = trip.stopTimes.at(-1)!;
  const riders = plan.ridersByTrip.get(trip.id);
  const lastStop = plan.stops.get(last.stopId);
  const first =
    // On the way to school nobody is aboard before the first stop where a pupil lives; from school all are at once.
    trip.stopTimes.find((stop) => (riders?.get(stop.stopId) ?? 0) > 0) ?? trip.stopTimes[0]!;
  const fromSchool = plan.stops.get(trip.stopTimes[0]!.stopId);
  const startsAtSchool = fromSchool?.locationType === 1 || fromSchool?.parent != null;
  return {
    trip,
    line,
    boardM: startsAtSchool ? trip.stopTimes[0]!.alongM : first.alongM,
    rural: plan.routes.get(trip.routeId)?.rural === true,
    fromSchool: startsAtSchool,
    lastStopM: last.alongM,
    lastLat: lastStop?.lat ?? line.lat0 + line.y.at(-1)! / line.latM,
    lastLon: lastStop?.lon ?? line.lon0 + line.x.at(-1)! / line.lonM,
    stopPlaces: trip.stopTimes.map(({ stopId }): LonLat => {
      const stop = plan.stops.get(stopId);
      return stop ? [stop.lon, stop.lat] : NOWHERE;
    }),
  };
}
