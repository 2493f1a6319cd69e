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
import { useWords } from '../i18n/language.ts';
import { fleetLoaded } from '../state/monitor.ts';
import { plan } from '../state/plan.ts';
import { useStore } from '../state/store.ts';
import { useNarrow, usePalette } from '../theme/theme.ts';
import { baseStyle, groundStyle } from './base-style.ts';
import { type Bounds, fitAll, type Insets, obeyWishes } from './camera.ts';
import { mapConfig } from './map-config.ts';
import { MapControls } from './map-controls.tsx';
import { listenToPointer } from './pointing.ts';
import { buildScene } from './scene.ts';

setWorkerUrl(workerUrl);
// One for the buses that never rest, one for all that stands still.
setWorkerCount(2);

/** Shown until the plan or the first bus says where to look. */
const WHOLE_LAND: Bounds = [73, 18, 135, 54];

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
        style: groundStyle(palette),
        bounds: WHOLE_LAND,
        attributionControl: false,
        fadeDuration: 120,
        maxPitch: 0,
        pitchWithRotate: false,
        localIdeographFontFamily: '"Noto Sans SC"',
        locale: { 'Map.Title': words.map.label },
      });
    } catch (error) {
      console.error(error);
      onFail();
      return;
    }
    made.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
    made.on('error', (event) => console.error(event.error));
    const ends = [
      listenToPointer(made),
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
    map?.getCanvas().setAttribute('aria-label', words.map.label);
  }, [map, words]);

  // A style is ours to fill anew after each change of theme, language or plan.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new plan version is what calls for a new scene
  useEffect(() => {
    if (!map || !geometry) return;
    let wanted = true;
    let end: () => void = () => undefined;
    const attribution = new AttributionControl({ compact: true });
    const build = async () => {
      const config = await mapConfig();
      const basemap = config.ok ? config.value.basemap : ({ kind: 'offline' } as const);
      if (config.ok) planBounds.current = config.value.bounds;
      const style = await baseStyle(basemap, palette);
      if (!wanted) return;
      map.setStyle(style, { diff: false });
      await new Promise<void>((resolve) => map.once('style.load', () => resolve()));
      if (!wanted) return;
      if (basemap.kind !== 'offline') map.addControl(attribution, 'bottom-right');
      const canvas = map.getCanvas();
      end = await buildScene(
        {
          map,
          palette,
          words,
          ownBase: basemap.kind === 'offline',
          drawn: (buses, clusters) => {
            canvas.dataset.buses = String(buses);
            canvas.dataset.clusters = String(clusters);
          },
        },
        () => wanted,
      );
      if (!wanted) end();
      setReady(true);
    };
    void build();
    return () => {
      wanted = false;
      end();
      if (map.hasControl(attribution)) map.removeControl(attribution);
    };
  }, [map, palette, language, geometry]);

  // Look at all buses once they are known; after that the view is the user's own.
  const fitted = useRef(false);
  useEffect(() => {
    if (!map || !ready || !loaded || fitted.current) return;
    fitted.current = true;
    fitAll(map, planBounds.current, latestInsets.current, true);
  }, [map, ready, loaded]);

  return (
    <div className="map">
      <div ref={container} className="map-canvas" />
      {map && <MapControls map={map} narrow={narrow} insets={insets} />}
      {!ready && (
        <div className="map-wait" role="status">
          {words.loading.map}
        </div>
      )}
    </div>
  );
}
