import 'maplibre-gl/dist/maplibre-gl.css';
import { Map as MapLibreMap, Marker, setWorkerCount, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import type { FamilyRunView } from '../../../services/api/contract.ts';
import { api } from '../api/client.ts';
import { findBaseMap, ground } from '../map/base-map.ts';
import { drawnHere } from '../map/label-fonts.ts';
import { addBase } from '../map/layers/base.ts';
import { mapConfig } from '../map/map-config.ts';
import { light } from '../theme/palette.ts';
import { useFamilyWords } from './family-language.ts';

setWorkerUrl(workerUrl);
setWorkerCount(1);

type Place = { readonly lat: number; readonly lon: number };

/** The bus, our stop and the school, and nobody else's. */
export function FamilyMap({ run }: { run: FamilyRunView }) {
  const { words, language } = useFamilyWords();
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibreMap | null>(null);
  const [failed, setFailed] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes has effects of its own
  useEffect(() => {
    let made: MapLibreMap;
    try {
      made = new MapLibreMap({
        container: box.current!,
        style: ground(light).style,
        center: [run.stop.lon, run.stop.lat],
        zoom: 13,
        attributionControl: { compact: true },
        maxPitch: 0,
        pitchWithRotate: false,
        dragRotate: false,
        cooperativeGestures: false,
        localIdeographFontFamily: 'sans-serif',
        transformRequest: drawnHere,
        locale: { 'Map.Title': words.map },
      });
    } catch (error) {
      console.warn(error);
      setFailed(true);
      return;
    }
    made.on('error', (event) => console.warn(event.error));
    // What is drawn on it comes once its own ground stands.
    made.once('load', () => setMap(made));
    return () => made.remove();
  }, []);

  useEffect(() => {
    if (!map) return;
    let wanted = true;
    drawGround(map, language, () => wanted).catch((error: unknown) => console.warn(error));
    return () => {
      wanted = false;
    };
  }, [map, language]);

  useMarker(map, run.stop, 'pin pin-stop', words.ourStop);
  useMarker(map, run.school, 'pin pin-school', words.school);
  useMarker(map, run.position, 'pin pin-bus', run.plate ?? words.bus);

  // Looks at all three once; after that the view is the family's own.
  const fitted = useRef(false);
  useEffect(() => {
    if (!map || !run.position || fitted.current) return;
    fitted.current = true;
    const places: Place[] = [run.position, run.stop];
    const lons = places.map(({ lon }) => lon);
    const lats = places.map(({ lat }) => lat);
    map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
      padding: 56,
      maxZoom: 16,
      animate: false,
    });
  }, [map, run]);

  if (failed) return <p className="map-wait">{words.mapFailed}</p>;
  return <div ref={box} className="map" data-testid="family-map" />;
}

async function drawGround(map: MapLibreMap, language: 'zh' | 'en', wanted: () => boolean): Promise<void> {
  const config = await mapConfig();
  const base = config.ok ? config.value.basemap : ({ kind: 'offline' } as const);
  if (base.kind !== 'offline') {
    const { style } = await findBaseMap(base, light, language);
    if (wanted()) map.setStyle(style, { diff: false });
    return;
  }
  const plan = await api.planGeometry();
  if (!plan.ok || !wanted()) return;
  if (wanted() && !map.getSource('base')) addBase(map, light, plan.value.base);
}

function useMarker(map: MapLibreMap | null, place: Place | null, className: string, label: string): void {
  const marker = useRef<Marker | null>(null);
  const shown = place !== null;
  useEffect(() => {
    if (!map || !shown) return;
    const element = document.createElement('div');
    element.className = className;
    const text = document.createElement('span');
    element.append(text);
    marker.current = new Marker({ element }).setLngLat([0, 0]).addTo(map);
    return () => {
      marker.current?.remove();
      marker.current = null;
    };
  }, [map, shown, className]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a marker is there once the map is
  useEffect(() => {
    if (place) marker.current?.setLngLat([place.lon, place.lat]);
    const element = marker.current?.getElement();
    const text = element?.querySelector('span');
    if (text) text.textContent = label;
    element?.setAttribute('aria-label', label);
  }, [place, label, map]);
}
