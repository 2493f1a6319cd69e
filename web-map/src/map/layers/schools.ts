import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { SCHOOL_ICON } from '../icons.ts';
import { LABEL_FONT_BOLD } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

export function addSchools(map: MapLibreMap, palette: Palette, data: GeoJSON.FeatureCollection): SceneLayer {
  return addSceneLayer(
    map,
    'schools',
    [
      {
        id: 'school',
        type: 'symbol',
        layout: {
          'icon-image': SCHOOL_ICON,
          'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.55, 14, 0.95],
          'icon-allow-overlap': true,
          'text-field': ['step', ['zoom'], '', 11.5, ['get', 'name']],
          'text-font': LABEL_FONT_BOLD,
          'text-size': 12.5,
          'text-anchor': 'top',
          'text-offset': [0, 1.05],
          'text-optional': true,
        },
        paint: {
          'text-color': palette.map.school,
          'text-halo-color': palette.map.halo,
          'text-halo-width': 1.6,
        },
      },
    ],
    data,
  );
}
