import { type Line, measureLine } from '../geometry/line.ts';
import type { LonLat } from '../geometry/point.ts';
import { alongFromFeed, distanceThereM } from './feed-distances.ts';
import { placeStops } from './place-stops.ts';
import type { Shape, Stop, StopTime, Trip } from './plan.ts';
import type { DrawnShape } from './read-network.ts';
import { TRIPS, type TripRow } from './read-trips.ts';
import { BLANK, STOP_TIMES, type StopTimeRows } from './stop-time-rows.ts';
import type { PlanSource, Steps } from './table.ts';

/** A stop farther from its trip's line than this is worth a look. */
const FAR_FROM_SHAPE_M = 300;

/** Trips built in one step: some milliseconds. */
const TRIPS_A_STEP = 100;

/** A trip without the schools it serves, which the registers say. */
export type TimedTrip = Omit<Trip, 'schoolIds'>;

/** Joins trips, stop times and shapes; also makes the straight lines of trips that have no shape. */
export function* buildTrips(
  source: PlanSource,
  tripRows: readonly TripRow[],
  stops: readonly Stop[],
  drawnShapes: ReadonlyMap<string, DrawnShape>,
  rows: StopTimeRows,
): Steps<{ trips: Map<string, TimedTrip>; shapes: Map<string, Shape> }> {
  const trips = new Map<string, TimedTrip>();
  const shapes = new Map<string, Shape>();
  /** By line and stops: trips of one pattern share the places of their stops. */
  const placesOfPattern = new Map<string, Float64Array>();
  const shapeOfStops = new Map<string, Shape>();

  for (const [t, trip] of tripRows.entries()) {
    if (t % TRIPS_A_STEP === 0) yield;
    const order = rows.order.subarray(rows.firstOf[t], rows.firstOf[t + 1]);
    if (rows.faulty.has(t) || (order.length >= 2 && !hasSoundTimes(source, rows, order))) {
      // There will be no plan; it stands in so that what refers to it is not complained of too.
      trips.set(trip.id, { ...trip, shapeId: '', stopTimes: [], startS: 0, endS: 0 });
      continue;
    }
    if (order.length < 2) {
      const reason = `has ${order.length === 0 ? 'no stops' : 'one stop'} in stop_times.txt and is left out`;
      source.warnings.add(TRIPS.file, trip.line, 'trip_id', reason);
      continue;
    }
    const stopIndexes = Array.from(order, (row) => rows.stop[row]!);
    const stopsKey = stopIndexes.join(',');
    const shape =
      trip.shapeId === null ? straightShape(stopsKey, stopIndexes, trip.id) : drawnShape(trip.shapeId);
    const alongM = places(shape, trip, stopsKey, stopIndexes, order);
    const stopTimes = timedStops(rows, order, alongM, stops);
    trips.set(trip.id, {
      id: trip.id,
      routeId: trip.routeId,
      serviceId: trip.serviceId,
      headsign: trip.headsign,
      direction: trip.direction,
      shapeId: shape.id,
      stopTimes,
      startS: stopTimes[0]!.departureS,
      endS: stopTimes.at(-1)!.arrivalS,
    });
  }
  return { trips, shapes };

  function drawnShape(id: string): Shape {
    return shapes.get(id) ?? keepShape(id, measureLine(drawnShapes.get(id)!.points), true);
  }

  function straightShape(stopsKey: string, stopIndexes: readonly number[], tripId: string): Shape {
    const known = shapeOfStops.get(stopsKey);
    if (known) return known;
    let id = `stops-of:${tripId}`;
    while (drawnShapes.has(id)) id += '+';
    const shape = keepShape(id, measureLine(stopIndexes.map((stop) => lonLat(stops[stop]!))), false);
    shapeOfStops.set(stopsKey, shape);
    return shape;
  }

  function keepShape(id: string, line: Line, drawn: boolean): Shape {
    const shape: Shape = { id, points: line.points, alongM: line.alongM, lengthM: line.lengthM, drawn };
    shapes.set(id, shape);
    return shape;
  }

  function places(
    shape: Shape,
    trip: TripRow,
    stopsKey: string,
    stopIndexes: readonly number[],
    order: Int32Array,
  ): Float64Array {
    if (!shape.drawn) return shape.alongM;
    const feedDistances = drawnShapes.get(shape.id)!.feedDistances;
    const ofStops = feedDistances === null ? null : Array.from(order, (row) => rows.feedDistance[row]!);
    const key = `${shape.id}\n${stopsKey}\n${ofStops?.join(',') ?? ''}`;
    const known = placesOfPattern.get(key);
    if (known) return known;
    const points = stopIndexes.map((stop) => lonLat(stops[stop]!));
    const alongM =
      (feedDistances && ofStops && alongFromFeed(shape, feedDistances, points, ofStops)) ??
      placeStops(shape, points, evenlyTimed(rows, order));
    placesOfPattern.set(key, alongM);
    warnOfFarStops(source, shape, points, alongM, trip);
    return alongM;
  }
}

const lonLat = (stop: Stop): LonLat => [stop.lon, stop.lat];

/** Every fault of the trip's times is said; true if there is none. */
function hasSoundTimes(source: PlanSource, rows: StopTimeRows, order: Int32Array): boolean {
  let sound = true;
  const fail = (row: number, column: string, reason: string) => {
    sound = false;
    source.problems.add(STOP_TIMES.file, rows.line[row]!, column, reason);
  };
  let latestS = BLANK;
  for (let k = 0; k < order.length; k++) {
    const row = order[k]!;
    const arrivalS = rows.arrivalS[row]!;
    if (k > 0 && rows.sequence[row] === rows.sequence[order[k - 1]!]) {
      fail(row, 'stop_sequence', `${rows.sequence[row]} is in the trip twice`);
    }
    if (arrivalS === BLANK) {
      if (k === 0 || k === order.length - 1) {
        fail(row, 'arrival_time', `is blank at the ${k === 0 ? 'first' : 'last'} stop of the trip`);
      }
      continue;
    }
    if (arrivalS < latestS) fail(row, 'arrival_time', 'is before the departure from the stop before');
    latestS = Math.max(latestS, rows.departureS[row]!);
  }
  return sound;
}

/** Arrival of each stop, blank ones spread evenly by their number: near enough to tell the passes of a loop apart. */
function evenlyTimed(rows: StopTimeRows, order: Int32Array): number[] {
  return interpolated(
    Array.from(order, (row) => rows.arrivalS[row]!),
    Array.from(order, (row) => rows.departureS[row]!),
    Array.from(order, (_, k) => k),
  );
}

function timedStops(
  rows: StopTimeRows,
  order: Int32Array,
  alongM: Float64Array,
  stops: readonly Stop[],
): StopTime[] {
  let timesS: number[] | null = null;
  return Array.from(order, (row, k) => {
    let arrivalS = rows.arrivalS[row]!;
    let departureS = rows.departureS[row]!;
    if (arrivalS === BLANK) {
      timesS ??= interpolated(
        Array.from(order, (r) => rows.arrivalS[r]!),
        Array.from(order, (r) => rows.departureS[r]!),
        alongM,
      );
      arrivalS = departureS = Math.round(timesS[k]!);
    }
    return {
      stopId: stops[rows.stop[row]!]!.id,
      sequence: rows.sequence[row]!,
      arrivalS,
      departureS,
      alongM: alongM[k]!,
      timepoint: rows.timepoint[row] === 1,
    };
  });
}

/** Arrivals with the blank ones filled in proportion to `measure`; the first and the last are never blank. */
function interpolated(arrivalsS: number[], departuresS: number[], measure: ArrayLike<number>): number[] {
  const timesS = [...arrivalsS];
  let before = 0;
  for (let k = 1; k < timesS.length; k++) {
    if (arrivalsS[k] === BLANK) continue;
    const fromS = departuresS[before]!;
    const span = measure[k]! - measure[before]!;
    for (let i = before + 1; i < k; i++) {
      const part = span > 0 ? (measure[i]! - measure[before]!) / span : (i - before) / (k - before);
      timesS[i] = fromS + (arrivalsS[k]! - fromS) * part;
    }
    before = k;
  }
  return timesS;
}

function warnOfFarStops(
  source: PlanSource,
  shape: Shape,
  points: readonly LonLat[],
  alongM: Float64Array,
  trip: TripRow,
): void {
  const distancesM = points.map((point, i) => distanceThereM(shape, point, alongM[i]!));
  const far = distancesM.filter((metres) => metres > FAR_FROM_SHAPE_M);
  if (far.length === 0) return;
  const reason =
    `${far.length} of ${points.length} stops lie over ${FAR_FROM_SHAPE_M} m from where they are reached ` +
    `on shape ${shape.id}, the farthest ${Math.round(Math.max(...far))} m`;
  source.warnings.add(TRIPS.file, trip.line, 'shape_id', reason);
}
