import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import { distanceM, type LonLat } from '../fleet/path.ts';
import { createStore } from '../state/store.ts';
import type { Palette } from '../theme/palette.ts';
import { addSceneLayer, type SceneLayer } from './scene-layer.ts';

/** The way being measured, [lon, lat] each; null while nothing is. */
export const measured = createStore<readonly LonLat[] | null>(null);

/** More parts than anybody clicks. */
const MOST_POINTS = 500;

export function addPoint(at: LonLat): void {
  measured.update((points) => (points === null || points.length >= MOST_POINTS ? points : [...points, at]));
}

export const lengthsM = (points: readonly LonLat[]): { total: number; last: number } => {
  let [total, last] = [0, 0];
  for (let i = 1; i < points.length; i++) {
    last = distanceM(points[i - 1]!, points[i]!);
    total += last;
  }
  return { total, last };
};

/** Takes clicks, and Enter for the middle of the map, for points of the way. Returns what ends it. */
export function listenToMeasure(map: MapLibreMap): () => void {
  const click = (event: MapMouseEvent) => addPoint([event.lngLat.lng, event.lngLat.lat]);
  const press = (event: KeyboardEvent) => {
    if (measured.get() === null) return;
    if (event.key === 'Escape') measured.set(null);
    else if (event.key === 'Backspace') measured.update((points) => points?.slice(0, -1) ?? null);
    else if (event.key === 'Enter') addPoint([map.getCenter().lng, map.getCenter().lat]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const zoom = () => {
    if (measured.get() === null) map.doubleClickZoom.enable();
    else map.doubleClickZoom.disable();
  };
  const canvas = map.getCanvas();
  map.on('click', click);
  canvas.addEventListener('keydown', press);
  const end = measured.subscribe(zoom);
  return () => {
    map.off('click', click);
    canvas.removeEventListener('keydown', press);
    end();
  };
}

/** The way being measured, over everything. */
export function addMeasure(map: MapLibreMap, palette: Palette): SceneLayer {
  return addSceneLayer(map, 'measure', [
    {
      id: 'measure-line',
      type: 'line',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': palette.text, 'line-width': 2.5, 'line-dasharray': [2, 1.2] },
    },
    {
      id: 'measure-point',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 5,
        'circle-color': palette.surface,
        'circle-stroke-color': palette.text,
        'circle-stroke-width': 2.5,
      },
    },
  ]);
}

export function measureFeatures(points: readonly LonLat[]): GeoJSON.FeatureCollection {
  const coordinates = points.map(([lon, lat]): [number, number] => [lon, lat]);
  const feature = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({
    type: 'Feature',
    properties: {},
    geometry,
  });
  return {
    type: 'FeatureCollection',
    features: [
      ...(coordinates.length > 1 ? [feature({ type: 'LineString', coordinates })] : []),
      ...coordinates.map((at) => feature({ type: 'Point', coordinates: at })),
    ],
  };
}
