import type { Map as MapLibreMap } from 'maplibre-gl';
import { trackStretches } from '../fleet/track.ts';
import type { Dictionary } from '../i18n/en.ts';
import { alerts } from '../state/alerts.ts';
import { buses } from '../state/fleet.ts';
import { plan } from '../state/plan.ts';
import { LAYER_NAMES, preferences } from '../state/preferences.ts';
import { selection } from '../state/selection.ts';
import { track, trackCursor } from '../state/track.ts';
import { ageOf } from '../text/age.ts';
import type { Palette } from '../theme/palette.ts';
import { type BusLoop, startBusLoop } from './bus-loop.ts';
import { addIcons } from './icons.ts';
import { loadLabelFonts } from './label-fonts.ts';
import { addBase } from './layers/base.ts';
import { addBuses } from './layers/buses.ts';
import { addClusters } from './layers/clusters.ts';
import { addFences } from './layers/fences.ts';
import { addIncident } from './layers/incident.ts';
import { addRoutes } from './layers/routes.ts';
import { addSchools } from './layers/schools.ts';
import { addStops } from './layers/stops.ts';
import { addTrack } from './layers/track.ts';
import { addMeasure, measured, measureFeatures } from './measure.ts';
import { NOTHING } from './scene-layer.ts';

export interface SceneOptions {
  map: MapLibreMap;
  palette: Palette;
  words: Dictionary;
  /** Does the map lack a base of its own, so that the plan's is drawn? */
  ownBase: boolean;
  drawn(buses: number, clusters: number): void;
}

/** Everything of ours on the map, kept in step with the stores. Built anew for each style; returns what ends it. */
export async function buildScene(options: SceneOptions, isWanted: () => boolean): Promise<() => void> {
  const { map, palette, words } = options;
  const { geometry } = plan.get();
  await loadLabelFonts(labelTexts());
  if (!isWanted()) return () => undefined;

  addIcons(map, palette);
  if (options.ownBase) addBase(map, palette, geometry?.base ?? NOTHING);
  const fences = addFences(map, palette, geometry?.fences ?? NOTHING);
  const routes = addRoutes(map, palette, geometry?.routes ?? { type: 'FeatureCollection', features: [] });
  const trackLayer = addTrack(map, palette);
  const stops = addStops(map, palette, geometry?.stops ?? NOTHING);
  const schools = addSchools(map, palette, geometry?.schools ?? NOTHING);
  const incident = addIncident(map, palette);
  const clusters = addClusters(map, palette);
  const busLayer = addBuses(map, palette);
  const measureLayer = addMeasure(map, palette);
  // Labels make way for clusters as they do for buses; buses in alarm lie over both.
  map.moveLayer('bus-label', 'cluster');
  const switchable = { routes, stops, schools, fences };

  const showLayers = () => {
    const { layers } = preferences.get();
    for (const name of LAYER_NAMES) if (name !== 'labels') switchable[name].setShown(layers[name]);
  };
  const showSelection = () => {
    const { bus, alert } = selection.get();
    routes.highlight((bus !== null && buses.get(bus)?.view.run?.route) || null);
    const chosen = alert === null ? undefined : alerts.get().byId.get(alert);
    void incident.setData(
      chosen && chosen.lat !== null && chosen.lon !== null
        ? points([{ at: [chosen.lon, chosen.lat], severity: chosen.severity }])
        : NOTHING,
    );
  };
  const showTrack = () => {
    const { points: trail } = track.get();
    const cursor = trackCursor.get();
    const marked = cursor === null ? undefined : trail[cursor];
    void trackLayer.setData({
      type: 'FeatureCollection',
      features: [
        ...trackStretches(trail).map(
          ({ line, backfill }): GeoJSON.Feature => ({
            type: 'Feature',
            properties: { backfill },
            geometry: { type: 'LineString', coordinates: line },
          }),
        ),
        ...(marked ? points([{ at: [marked.lon, marked.lat] }]).features : []),
      ],
    });
  };
  const showMeasured = () => void measureLayer.setData(measureFeatures(measured.get() ?? []));
  showLayers();
  showMeasured();
  showSelection();
  showTrack();
  const loop: BusLoop = startBusLoop(map, {
    buses: busLayer,
    clusters,
    ageText: (ageMs) => words.age.short(ageOf(ageMs)),
    drawn: options.drawn,
  });
  const subscriptions = [
    preferences.subscribe(showLayers),
    selection.subscribe(showSelection),
    track.subscribe(showTrack),
    measured.subscribe(showMeasured),
    trackCursor.subscribe(showTrack),
  ];
  return () => {
    loop.stop();
    for (const end of subscriptions) end();
  };
}

function points(
  places: readonly { at: [number, number]; [key: string]: unknown }[],
): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: places.map(({ at, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry: { type: 'Point', coordinates: at },
    })),
  };
}

/** Every text that the plan puts on the map. */
function labelTexts(): string[] {
  const { geometry } = plan.get();
  const texts = new Set<string>(['0123456789']);
  if (!geometry) return [...texts];
  for (const set of [geometry.base, geometry.routes, geometry.stops, geometry.schools, geometry.fences]) {
    for (const feature of set.features) {
      const named: { name?: unknown; shortName?: unknown } = feature.properties ?? {};
      for (const name of [named.name, named.shortName]) if (typeof name === 'string') texts.add(name);
    }
  }
  return [...texts];
}
