import type { Map as MapLibreMap } from 'maplibre-gl';
import { serverNow } from '../clock.ts';
import { isFiltering } from '../fleet/fleet-filter.ts';
import { shownAt } from '../fleet/motion.ts';
import { alerts } from '../state/alerts.ts';
import { fleetFilter, isShown } from '../state/filter.ts';
import { type Bus, buses, fleetVersion } from '../state/fleet.ts';
import { shownPage } from '../state/place.ts';
import { pointedBus } from '../state/pointed.ts';
import { preferences } from '../state/preferences.ts';
import { selection } from '../state/selection.ts';
import { prefersStill } from '../theme/theme.ts';
import { drawFleet } from './bus-features.ts';
import { noteDrawn } from './in-view.ts';
import { isLabelReady, loadLabelFonts } from './label-fonts.ts';
import { probePaint } from './paint-probe.ts';
import type { SceneLayer } from './scene-layer.ts';

/** Draw anew once something would have moved this far: less is not seen, and far out it is seldom. */
const STEP_PX = 0.6;
const FASTEST_REDRAW_MS = 33;
const TURNING_REDRAW_MS = 50;
/** Ages and colours change without anything moving. */
const SLOWEST_REDRAW_MS = 1_000;
/** Share of the time that taking in one drawing took, to wait before the next. */
const REST = 1;
const VIEW_MARGIN = 0.15;
const EQUATOR_M = 40_075_016.686;
const TILE_PX = 512;

export interface BusLoop {
  /** Draw as soon as possible. */
  redraw(): void;
  stop(): void;
}

export interface BusLoopSinks {
  buses: SceneLayer;
  clusters: SceneLayer;
  /** The age that stands under the label of a stale bus. */
  ageText(ageMs: number): string;
  drawn(buses: number, clusters: number): void;
}

/**
 * The drawing loop: reads the fleet, moves every bus in view along, and gives the map the result. It draws as often as
 * the fastest bus on the screen needs, and never before the map has taken in what it was given last.
 */
export function startBusLoop(map: MapLibreMap, sinks: BusLoopSinks): BusLoop {
  let handle = 0;
  let busy = false;
  let nextAt = 0;
  let drawnAt = performance.now();
  let stopped = false;

  const redraw = () => {
    nextAt = 0;
  };
  const labelOf = (bus: Bus, stale: boolean, ageMs: number): string => {
    const name = bus.view.plate ?? bus.view.vehicle;
    const text = stale ? `${name}\n${sinks.ageText(ageMs)}` : name;
    if (isLabelReady(text)) return text;
    void loadLabelFonts([text]).then(redraw);
    return '';
  };

  function draw(screenNow: number): void {
    const still = prefersStill();
    follow(still ? Number.POSITIVE_INFINITY : screenNow);
    const { bus: chosen } = selection.get();
    const painted = probePaint();
    const drawing = drawFleet(buses.values(), {
      screenNow,
      elapsedMs: screenNow - drawnAt,
      serverNow: serverNow(),
      zoom: map.getZoom(),
      bounds: viewBounds(map),
      metresPerPixel: metresPerPixel(map),
      alertOf: alerts.get().byBus,
      chosen,
      pointed: pointedBus.get(),
      shows: isFiltering(fleetFilter.get()) ? isShown : null,
      still,
      labels: preferences.get().layers.labels,
      labelOf,
    });
    drawnAt = screenNow;
    noteDrawn(drawing.buses);
    const pace = drawing.fastestPxPerS > 0 ? (STEP_PX * 1_000) / drawing.fastestPxPerS : SLOWEST_REDRAW_MS;
    const wait = Math.min(SLOWEST_REDRAW_MS, Math.max(FASTEST_REDRAW_MS, pace));
    nextAt = screenNow + (drawing.turning ? Math.min(wait, TURNING_REDRAW_MS) : wait);
    busy = true;
    const taken = [sinks.buses.setData(drawing.buses), sinks.clusters.setData(drawing.clusters)];
    void Promise.all(taken).finally(() => {
      busy = false;
      const now = performance.now();
      // A slow machine gets as long a rest, so that the map's other work is done too.
      nextAt = Math.max(nextAt, now + (now - screenNow) * REST);
      painted();
      sinks.drawn(drawing.buses.features.length, drawing.clusters.features.length);
    });
  }

  function follow(screenNow: number): void {
    const { bus: chosen, follow: following } = selection.get();
    const bus = following && chosen !== null ? buses.get(chosen) : undefined;
    if (!bus || map.isZooming() || map.isRotating()) return;
    const { at } = shownAt(bus.motion, screenNow);
    map.jumpTo({ center: [at[0], at[1]] });
  }

  function frame(screenNow: number): void {
    if (stopped) return;
    handle = requestAnimationFrame(frame);
    // Behind the list nobody sees it.
    if (!busy && screenNow >= nextAt && shownPage.get() === 'map') draw(screenNow);
  }

  handle = requestAnimationFrame(frame);
  const subscriptions = [
    alerts,
    selection,
    preferences,
    fleetVersion,
    shownPage,
    fleetFilter,
    pointedBus,
  ].map((store) => store.subscribe(redraw));
  map.on('moveend', redraw);
  map.on('zoom', redraw);
  return {
    redraw,
    stop() {
      stopped = true;
      cancelAnimationFrame(handle);
      for (const end of subscriptions) end();
      map.off('moveend', redraw);
      map.off('zoom', redraw);
    },
  };
}

function viewBounds(map: MapLibreMap): [number, number, number, number] {
  const bounds = map.getBounds();
  const [west, south, east, north] = [
    bounds.getWest(),
    bounds.getSouth(),
    bounds.getEast(),
    bounds.getNorth(),
  ];
  const [wide, high] = [(east - west) * VIEW_MARGIN, (north - south) * VIEW_MARGIN];
  return [west - wide, south - high, east + wide, north + high];
}

function metresPerPixel(map: MapLibreMap): number {
  const shrink = Math.cos((map.getCenter().lat * Math.PI) / 180);
  return (EQUATOR_M * shrink) / (TILE_PX * 2 ** map.getZoom());
}
