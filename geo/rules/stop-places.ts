import { distanceM } from '../geometry/distance.ts';
import { pointInRings } from '../geometry/polygon.ts';
import { cellIndex } from '../matching/cell-index.ts';
import { keptFor } from '../plan/kept-for.ts';
import type { Fence, Plan } from '../plan/plan.ts';

/** Where a bus may stand with pupils aboard, and why. */
export type StopPlace = 'stop' | 'platform' | 'school' | 'depot' | 'queue_area';

/** What allows to stand at a place: approved stops and schools near it, the fences that hold it. */
export type StopPlaceAt = (lat: number, lon: number, fencesHere: readonly Fence[]) => StopPlace | null;

interface Point {
  readonly lat: number;
  readonly lon: number;
  readonly withinM: number;
  readonly place: StopPlace;
}

const OF_FENCE: { readonly [kind in Fence['kind']]?: StopPlace } = {
  platform: 'platform',
  school: 'school',
  depot: 'depot',
  queue_area: 'queue_area',
};

/** `withinM` of a stop and `schoolM` of a school count as at it. */
export function stopPlaces(plan: Plan, withinM: number, schoolM: number): StopPlaceAt {
  const known = placesOf(plan);
  const key = `${withinM} ${schoolM}`;
  let places = known.get(key);
  if (places === undefined) {
    places = index(plan, withinM, schoolM);
    known.set(key, places);
  }
  return places;
}

const placesOf = keptFor<Plan, Map<string, StopPlaceAt>>(
  ({ stops, schools }) => [stops, schools],
  () => new Map(),
);

function index(plan: Plan, withinM: number, schoolM: number): StopPlaceAt {
  const points: Point[] = [
    ...[...plan.stops.values()].map(({ lat, lon }): Point => ({ lat, lon, withinM, place: 'stop' })),
    ...[...plan.schools.values()].map(
      ({ lat, lon }): Point => ({ lat, lon, withinM: schoolM, place: 'school' }),
    ),
  ];
  const near = cellIndex(points, (point) => {
    const latDeg = point.withinM / 110_000;
    const lonDeg = latDeg / Math.max(Math.cos((point.lat * Math.PI) / 180), 0.1);
    return [[point.lon - lonDeg, point.lat - latDeg, point.lon + lonDeg, point.lat + latDeg]];
  });
  const grounds = [...plan.schools.values()].flatMap(({ geofence }) => (geofence === null ? [] : [geofence]));
  return (lat, lon, fencesHere) => {
    for (const point of near.at(lat, lon)) {
      if (distanceM([lon, lat], [point.lon, point.lat]) <= point.withinM) return point.place;
    }
    for (const { kind } of fencesHere) {
      const place = OF_FENCE[kind];
      if (place !== undefined) return place;
    }
    return grounds.some((rings) => pointInRings([lon, lat], rings)) ? 'school' : null;
  };
}
