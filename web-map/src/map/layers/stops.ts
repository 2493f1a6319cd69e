import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { LABEL_FONT } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

export function addStops(map: MapLibreMap, palette: Palette, data: GeoJSON.FeatureCollection): SceneLayer {
  return addSceneLayer(
    map,
    'stops',
    [
      {
        id: 'stop-dot',
        type: 'circle',
        minzoom: 11.5,
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 11.5, 2, 14, 4, 18, 7],
          'circle-color': palette.map.halo,
          'circle-stroke-color': palette.map.stop,
          'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11.5, 1, 15, 2.2],
        },
      },
      {
        id: 'stop-name',
        type: 'symbol',
        minzoom: 14,
        layout: {
          'text-field': ['get', 'name'],
          'text-font': LABEL_FONT,
          'text-size': 11.5,
          'text-anchor': 'left',
          'text-offset': [0.85, 0],
          'text-max-width': 9,
        },
        paint: {
          'text-color': palette.map.stop,
          'text-halo-color': palette.map.halo,
          'text-halo-width': 1.4,
        },
      },
    ],
    data,
  );
}
