import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { LABEL_FONT_BOLD } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

/** Buses too close together to be told apart at this zoom; `count` of them. */
export function addClusters(map: MapLibreMap, palette: Palette): SceneLayer {
  return addSceneLayer(map, 'clusters', [
    {
      id: 'cluster',
      type: 'circle',
      paint: {
        'circle-radius': ['step', ['get', 'count'], 15, 10, 18, 50, 22, 200, 27],
        'circle-color': palette.name === 'light' ? '#ffffff' : palette.raised,
        'circle-stroke-color': palette.bus.onRoute,
        'circle-stroke-width': 3.5,
      },
    },
    {
      id: 'cluster-count',
      type: 'symbol',
      layout: {
        'text-field': ['to-string', ['get', 'count']],
        'text-font': LABEL_FONT_BOLD,
        'text-size': 13,
        'text-allow-overlap': true,
        'text-padding': 12,
      },
      paint: { 'text-color': palette.text },
    },
  ]);
}
