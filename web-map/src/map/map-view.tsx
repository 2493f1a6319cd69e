import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import {
  AttributionControl,
  Map as MapLibreMap,
  ScaleControl,
  setWorkerCount,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { serverNow } from '../clock.ts';
import { lookOf } from '../fleet/bus-state.ts';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from '../i18n/language.ts';
import { alerts } from '../state/alerts.ts';
import { buses } from '../state/fleet.ts';
import { fleetLoaded } from '../state/monitor.ts';
import { showBus } from '../state/open-bus.ts';
import { plan } from '../state/plan.ts';
import { selection } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { useNarrow, usePalette } from '../theme/theme.ts';
import { findBaseMap, ground } from './base-map.ts';
import { BaseNotice } from './base-notice.tsx';
import { styleInForce, watchBaseMap } from './base-watch.ts';
import { type Bounds, fitAll, type Insets, obeyWishes } from './camera.ts';
import { busesInView } from './in-view.ts';
import { listenToKeys } from './keyboard.ts';
import { drawnHere } from './label-fonts.ts';
import { mapConfig } from './map-config.ts';
import { MapControls } from './map-controls.tsx';
import { listenToMeasure } from './measure.ts';
import { MeasurePanel } from './measure-panel.tsx';
import { listenToPointer } from './pointing.ts';
import { buildScene } from './scene.ts';

setWorkerUrl(workerUrl);
// One for the buses that never rest, one for all that stands still.
setWorkerCount(2);

/** Shown until the plan or the first bus says where to look. */
const WHOLE_LAND: Bounds = [73, 18, 135, 54];

// Asked for while the rest is still on its way.
void mapConfig();

export interface MapViewProps {
  insets: Insets;
  onFail(): void;
}

export function MapView({ insets, onFail }: MapViewProps) {
  const { words, language } = useWords();
  const palette = usePalette();
  const narrow = useNarrow();
  const { geometry } = useStore(plan);
  const loaded = useStore(fleetLoaded);
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibreMap | null>(null);
  const [ready, setReady] = useState(false);
  const [base, setBase] = useState<'wanted' | 'missing' | 'done without'>('wanted');
  const [pointed, setPointed] = useState<Pointed | 'none' | null>(null);
  const planBounds = useRef<Bounds | null>(null);
  const latestInsets = useRef(insets);
  latestInsets.current = insets;

  // The map lives as long as this component, whatever theme and language do.
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; later changes have effects of their own
  useEffect(() => {
    let made: MapLibreMap;
    try {
      made = new MapLibreMap({
        container: container.current!,
        style: ground(palette).style,
        bounds: WHOLE_LAND,
        attributionControl: false,
        fadeDuration: 120,
        maxPitch: 0,
        pitchWithRotate: false,
        localIdeographFontFamily: '"Noto Sans SC"',
        transformRequest: drawnHere,
        locale: { 'Map.Title': words.map.label },
      });
    } catch (error) {
      console.error(error);
      onFail();
      return;
    }
    made.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
    // Tiles and pictures of a base map that do not come are its own affair, told by the notice.
    made.on('error', (event) => console.warn(event.error));
    const ends = [
      // First, since while a way is measured its keys come before the others.
      listenToMeasure(made),
      listenToPointer(made),
      listenToKeys(made, busesInView, (told) => setPointed(told ?? 'none')),
      obeyWishes(
        made,
        () => planBounds.current,
        () => latestInsets.current,
      ),
    ];
    setMap(made);
    return () => {
      for (const end of ends) end();
      made.remove();
    };
  }, []);

  useEffect(() => {
    map?.getCanvas().setAttribute('aria-label', `${words.map.label} ${words.fleet.keys.hint}`);
  }, [map, words]);

  // A style is ours to fill anew after each change of theme, language or plan.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new plan version is what calls for a new scene
  useEffect(() => {
    if (!map || !geometry) return;
    let wanted = true;
    const ends: (() => void)[] = [];
    const build = async () => {
      const config = await mapConfig();
      if (config.ok) planBounds.current = config.value.bounds;
      const configured = config.ok && base === 'wanted' ? config.value.basemap : null;
      const { style, ownBase } = configured
        ? await findBaseMap(configured, palette, language)
        : ground(palette);
      if (!wanted) return;
      if (!ownBase) ends.push(watchBaseMap(map, baseFailed));
      map.setStyle(style, { diff: false });
      await styleInForce(map);
      if (!wanted) return;
      if (!ownBase) ends.push(addAttribution(map));
      const canvas = map.getCanvas();
      const end = await buildScene(
        {
          map,
          palette,
          words,
          ownBase,
          drawn: (buses, clusters) => {
            canvas.dataset.buses = String(buses);
            canvas.dataset.clusters = String(clusters);
          },
        },
        () => wanted,
      );
      if (!wanted) return end();
      ends.push(end);
      canvas.dataset.base = configured?.kind ?? 'offline';
      setReady(true);
    };
    const baseFailed = (why: unknown) => {
      if (!wanted) return;
      console.warn('the base map cannot be drawn; the plan’s own layer stands in for it', why);
      setBase('missing');
    };
    build().catch((error) => {
      if (base !== 'wanted') throw error;
      baseFailed(error);
    });
    return () => {
      wanted = false;
      for (const end of ends) end();
    };
  }, [map, palette, language, geometry, base !== 'wanted']);

  // Look at all buses once they are known; after that the view is the user's own.
  const fitted = useRef(false);
  useEffect(() => {
    if (!map || !ready || !loaded || fitted.current) return;
    fitted.current = true;
    fitAll(map, planBounds.current, latestInsets.current, true);
    // Whoever came by a link to a bus wants to see that.
    const { bus } = selection.get();
    if (bus !== null) showBus(bus);
  }, [map, ready, loaded]);

  return (
    <div className="map">
      <div ref={container} className="map-canvas" />
      <MeasurePanel />
      <p className="unseen" role="status" data-testid="pointed">
        {pointed === 'none' ? words.fleet.keys.none : pointed && pointedText(pointed, words)}
      </p>
      {map && <MapControls map={map} narrow={narrow} insets={insets} />}
      {base === 'missing' && (
        <BaseNotice onRetry={() => setBase('wanted')} onClose={() => setBase('done without')} />
      )}
      {!ready && (
        <div className="map-wait" role="status">
          {words.loading.map}
        </div>
      )}
    </div>
  );
}

interface Pointed {
  vehicle: string;
  index: number;
  count: number;
}

function pointedText({ vehicle, index, count }: Pointed, words: Dictionary): string {
  const bus = buses.get(vehicle);
  if (!bus) return '';
  const { state } = lookOf(bus.view, alerts.get().byBus.get(vehicle) ?? null, serverNow(), bus.timeMs);
  return words.fleet.keys.pointed(bus.view.plate ?? vehicle, words.busState[state], index + 1, count);
}

function addAttribution(map: MapLibreMap): () => void {
  const attribution = new AttributionControl({ compact: true });
  map.addControl(attribution, 'bottom-left');
  return () => {
    if (map.hasControl(attribution)) map.removeControl(attribution);
  };
}
