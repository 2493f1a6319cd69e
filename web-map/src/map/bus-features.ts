import type { Severity } from '../../../geo/finding.ts';
import { type BusState, lookOf } from '../fleet/bus-state.ts';
import { type Cluster, clusterSpots, mercator, type Spot, unmercator } from '../fleet/clusters.ts';
import { shownAt, turnToward } from '../fleet/motion.ts';
import type { Bus } from '../state/fleet.ts';
import { busIconName } from './icons.ts';
import type { BusProperties } from './layers/buses.ts';

export interface Frame {
  /** Of the screen's clock, and milliseconds since the frame before. */
  screenNow: number;
  elapsedMs: number;
  /** Of the service's clock. */
  serverNow: number;
  zoom: number;
  /** [west, south, east, north] of what is in view, with a margin. */
  bounds: readonly [number, number, number, number];
  metresPerPixel: number;
  alertOf: ReadonlyMap<string, Severity>;
  chosen: string | null;
  /** The bus that the keyboard points at. */
  pointed: string | null;
  /** Does the filter in force let it through? Null: there is none. */
  shows: ((bus: Bus, state: BusState, alert: Severity | null) => boolean) | null;
  /** Glide and turn, or show things where they are? */
  still: boolean;
  labels: boolean;
  labelOf(bus: Bus, stale: boolean, ageMs: number): string;
}

export interface Drawing {
  buses: GeoJSON.FeatureCollection<GeoJSON.Point, BusProperties>;
  clusters: GeoJSON.FeatureCollection<
    GeoJSON.Point,
    { count: number; west: number; south: number; east: number; north: number }
  >;
  /** How fast the fastest bus drawn by itself crosses the screen, pixels a second. */
  fastestPxPerS: number;
  turning: boolean;
}

const STILL_TURNING_DEG = 2;
/** Further out nobody sees which way a bus turns, nor whether it keeps to its street. */
const CLOSE_UP_ZOOM = 12;
/** Further out only buses that matter have room for their label. */
const LABEL_ZOOM = 11;

/**
 * What the map shows of the fleet at one moment: only what is in view, clustered where it would overlap. Of the
 * thousands out of view nothing is worked out, and of those in a cluster only where they last reported.
 */
export function drawFleet(fleet: Iterable<Bus>, frame: Frame): Drawing {
  const [west, south, east, north] = frame.bounds;
  const [low, high] = [mercator(west, north), mercator(east, south)];
  const spots: Spot<Bus>[] = [];
  for (const bus of fleet) {
    const { x, y } = bus;
    bus.closeUp = false;
    if (x < low.x || x > high.x || y < low.y || y > high.y) continue;
    const { vehicle } = bus.view;
    const alert = frame.alertOf.get(vehicle) ?? null;
    const pinned = alert !== null || vehicle === frame.chosen || vehicle === frame.pointed;
    if (frame.shows && vehicle !== frame.chosen) {
      const { state } = lookOf(bus.view, alert, frame.serverNow, bus.timeMs);
      if (!frame.shows(bus, state, alert)) continue;
    }
    spots.push({ item: bus, x, y, pinned });
  }
  const { singles, clusters } = clusterSpots(spots, frame.zoom);
  let fastestPxPerS = 0;
  let turning = false;
  const features = singles.map(({ item: bus }) => {
    const shown = shownAt(bus.motion, frame.still ? Number.POSITIVE_INFINITY : frame.screenNow);
    bus.closeUp = frame.zoom >= CLOSE_UP_ZOOM;
    bus.shownHeadingDeg =
      frame.still || !bus.closeUp
        ? shown.headingDeg
        : turnToward(bus.shownHeadingDeg ?? shown.headingDeg, shown.headingDeg, frame.elapsedMs);
    if (shown.moving && bus.motion.durationMs > 0) {
      const speed = bus.motion.path.lengthM / (bus.motion.durationMs / 1_000) / frame.metresPerPixel;
      fastestPxPerS = Math.max(fastestPxPerS, speed);
    }
    turning ||= Math.abs(((shown.headingDeg - bus.shownHeadingDeg + 540) % 360) - 180) > STILL_TURNING_DEG;
    return busFeature(bus, shown.at, frame);
  });
  return {
    buses: collection(features),
    clusters: collection(clusters.map(clusterFeature)),
    fastestPxPerS,
    turning,
  };
}

function collection<P>(
  features: GeoJSON.Feature<GeoJSON.Point, P>[],
): GeoJSON.FeatureCollection<GeoJSON.Point, P> {
  return { type: 'FeatureCollection', features };
}

const ORDER: Record<BusState, number> = {
  alertP1: 1,
  alertP2: 2,
  alertP3: 3,
  late: 4,
  onRoute: 5,
  stopped: 6,
  offDuty: 7,
  noFix: 8,
  stale: 9,
};

function busFeature(
  bus: Bus,
  at: readonly [number, number],
  frame: Frame,
): GeoJSON.Feature<GeoJSON.Point, BusProperties> {
  const { vehicle } = bus.view;
  const chosen = vehicle === frame.chosen || vehicle === frame.pointed;
  const look = lookOf(bus.view, frame.alertOf.get(vehicle) ?? null, frame.serverNow, bus.timeMs);
  const ageMs = frame.serverNow - bus.timeMs;
  const labelled = chosen || (frame.labels && (frame.zoom >= LABEL_ZOOM || look.alert !== null));
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [at[0], at[1]] },
    properties: {
      id: vehicle,
      icon: busIconName(look.state),
      state: look.state,
      heading: Math.round(bus.shownHeadingDeg ?? 0),
      label: labelled ? frame.labelOf(bus, look.freshness === 'stale', ageMs) : '',
      alert: look.alert ?? '',
      chosen,
      delayed: look.freshness === 'delayed',
      order: chosen ? 0 : look.alert ? ORDER[`alert${look.alert}`] : ORDER[look.state],
    },
  };
}

function clusterFeature(cluster: Cluster<Bus>): Drawing['clusters']['features'][number] {
  const box = { west: 180, south: 90, east: -180, north: -90 };
  for (const { view } of cluster.items) {
    box.west = Math.min(box.west, view.lon);
    box.south = Math.min(box.south, view.lat);
    box.east = Math.max(box.east, view.lon);
    box.north = Math.max(box.north, view.lat);
  }
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: unmercator(cluster.x, cluster.y) },
    properties: { count: cluster.items.length, ...box },
  };
}
