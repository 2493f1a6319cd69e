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
  /** How fast the fastest bus in view crosses the screen, pixels a second. */
  fastestPxPerS: number;
  turning: boolean;
}

interface Shown {
  bus: Bus;
  at: readonly [number, number];
}

const STILL_TURNING_DEG = 2;

/** What the map shows of the fleet at one moment: only what is in view, clustered where it would overlap. */
export function drawFleet(fleet: Iterable<Bus>, frame: Frame): Drawing {
  const spots: Spot<Shown>[] = [];
  let fastestPxPerS = 0;
  let turning = false;
  for (const bus of fleet) {
    const shown = shownAt(bus.motion, frame.still ? Number.POSITIVE_INFINITY : frame.screenNow);
    const heading = bus.shownHeadingDeg ?? shown.headingDeg;
    bus.shownHeadingDeg = frame.still
      ? shown.headingDeg
      : turnToward(heading, shown.headingDeg, frame.elapsedMs);
    const [lon, lat] = shown.at;
    const [west, south, east, north] = frame.bounds;
    if (lon < west || lon > east || lat < south || lat > north) continue;
    if (shown.moving && bus.motion.durationMs > 0) {
      const speed = bus.motion.path.lengthM / (bus.motion.durationMs / 1_000) / frame.metresPerPixel;
      fastestPxPerS = Math.max(fastestPxPerS, speed);
    }
    turning ||= Math.abs(((shown.headingDeg - bus.shownHeadingDeg + 540) % 360) - 180) > STILL_TURNING_DEG;
    const { vehicle } = bus.view;
    const pinned = frame.alertOf.has(vehicle) || vehicle === frame.chosen;
    spots.push({ item: { bus, at: shown.at }, ...mercator(lon, lat), pinned });
  }
  const { singles, clusters } = clusterSpots(spots, frame.zoom);
  return {
    buses: collection(singles.map(({ item }) => busFeature(item, frame))),
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

function busFeature({ bus, at }: Shown, frame: Frame): GeoJSON.Feature<GeoJSON.Point, BusProperties> {
  const { vehicle } = bus.view;
  const chosen = vehicle === frame.chosen;
  const look = lookOf(bus.view, frame.alertOf.get(vehicle) ?? null, frame.serverNow);
  const ageMs = frame.serverNow - Date.parse(bus.view.time);
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [at[0], at[1]] },
    properties: {
      id: vehicle,
      icon: busIconName(look.state),
      state: look.state,
      heading: Math.round(bus.shownHeadingDeg ?? 0),
      label: frame.labels || chosen ? frame.labelOf(bus, look.freshness === 'stale', ageMs) : '',
      alert: look.alert ?? '',
      chosen,
      delayed: look.freshness === 'delayed',
      order: chosen ? 0 : look.alert ? ORDER[`alert${look.alert}`] : ORDER[look.state],
    },
  };
}

function clusterFeature(cluster: Cluster<Shown>): Drawing['clusters']['features'][number] {
  const lons = cluster.items.map(({ at }) => at[0]);
  const lats = cluster.items.map(({ at }) => at[1]);
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: unmercator(cluster.x, cluster.y) },
    properties: {
      count: cluster.items.length,
      west: Math.min(...lons),
      south: Math.min(...lats),
      east: Math.max(...lons),
      north: Math.max(...lats),
    },
  };
}
