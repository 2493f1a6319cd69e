import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

/** Today's way of the chosen bus; what came later from its terminal's memory is dashed. A point marks the chart's cursor. */
export function addTrack(map: MapLibreMap, palette: Palette): SceneLayer {
  const width = ['interpolate', ['linear'], ['zoom'], 9, 2.5, 15, 5];
  const isLine = ['==', ['geometry-type'], 'LineString'];
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  return addSceneLayer(map, 'track', [
    {
      id: 'track-case',
      type: 'line',
      filter: isLine,
      layout: round,
      paint: {
        'line-color': palette.map.halo,
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, 5, 15, 9],
        'line-opacity': 0.85,
      },
    },
    {
      id: 'track-line',
      type: 'line',
      filter: ['all', isLine, ['!', ['get', 'backfill']]],
      layout: round,
      paint: { 'line-color': palette.map.track, 'line-width': width },
    },
    {
      id: 'track-backfill',
      type: 'line',
      filter: ['all', isLine, ['get', 'backfill']],
      paint: { 'line-color': palette.map.track, 'line-width': width, 'line-dasharray': [1.4, 1.2] },
    },
    {
      id: 'track-cursor',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 6,
        'circle-color': palette.map.halo,
        'circle-stroke-color': palette.map.track,
        'circle-stroke-width': 3,
      },
    },
  ]);
}
