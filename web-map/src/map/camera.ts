import type { Map as MapLibreMap } from 'maplibre-gl';
import { buses } from '../state/fleet.ts';
import { plan } from '../state/plan.ts';
import { cameraWish } from '../state/selection.ts';
import { prefersStill } from '../theme/theme.ts';

export type Bounds = [number, number, number, number];

/** Space that panels take from the map, pixels. */
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

const FLIGHT_MS = 900;
const CLOSEST_FIT_ZOOM = 15;

/** What holds all buses, and the routes if wished or there are no buses; without either, what the service says of its plan. */
function boundsOfAll(planBounds: Bounds | null, withRoutes: boolean): Bounds | null {
  const places: [number, number][] = [];
  for (const bus of buses.values()) if (bus.view.positioned) places.push([bus.view.lon, bus.view.lat]);
  if (withRoutes || places.length < 2) {
    for (const feature of plan.get().geometry?.routes.features ?? []) {
      for (const place of feature.geometry.coordinates) places.push([place[0]!, place[1]!]);
    }
  }
  if (places.length < 2) return planBounds;
  const bounds: Bounds = [180, 90, -180, -90];
  for (const [lon, lat] of places) {
    bounds[0] = Math.min(bounds[0], lon);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lon);
    bounds[3] = Math.max(bounds[3], lat);
  }
  return bounds;
}

/** Looks at everything: at once and with the routes when the page opens, in a glide at the buses when asked to. */
export function fitAll(map: MapLibreMap, planBounds: Bounds | null, insets: Insets, opening: boolean): void {
  const bounds = boundsOfAll(planBounds, opening);
  if (!bounds) return;
  map.fitBounds(bounds, {
    padding: insets,
    maxZoom: CLOSEST_FIT_ZOOM,
    animate: !opening && !prefersStill(),
    duration: FLIGHT_MS,
  });
}

/** Does what panels wish of the map. Returns what ends it. */
export function obeyWishes(
  map: MapLibreMap,
  planBounds: () => Bounds | null,
  insets: () => Insets,
): () => void {
  return cameraWish.subscribe(() => {
    const wish = cameraWish.get()?.wish;
    if (!wish) return;
    if (wish.kind === 'fitAll') {
      fitAll(map, planBounds(), insets(), false);
      return;
    }
    const { top, right, bottom, left } = insets();
    map.easeTo({
      center: [wish.lon, wish.lat],
      zoom: Math.max(map.getZoom(), wish.zoom),
      offset: [(left - right) / 2, (top - bottom) / 2],
      duration: prefersStill() ? 0 : FLIGHT_MS,
    });
  });
}
