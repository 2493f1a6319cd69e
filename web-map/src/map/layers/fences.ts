import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { LABEL_FONT } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

const isArea = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
const isLine = ['in', ['geometry-type'], ['literal', ['LineString', 'MultiLineString']]];

/** Zones, coloured by kind: areas with a dashed edge, sections of road as a band beside it. */
export function addFences(map: MapLibreMap, palette: Palette, data: GeoJSON.FeatureCollection): SceneLayer {
  const colour = ['match', ['get', 'kind'], ...Object.entries(palette.map.fence).flat(), palette.quiet];
  return addSceneLayer(
    map,
    'fences',
    [
      {
        id: 'fence-area',
        type: 'fill',
        filter: isArea,
        paint: { 'fill-color': colour, 'fill-opacity': palette.name === 'light' ? 0.1 : 0.16 },
      },
      {
        id: 'fence-edge',
        type: 'line',
        filter: isArea,
        paint: { 'line-color': colour, 'line-width': 1.4, 'line-dasharray': [3, 2], 'line-opacity': 0.85 },
      },
      {
        id: 'fence-section',
        type: 'line',
        filter: isLine,
        layout: { 'line-cap': 'butt' },
        paint: {
          'line-color': colour,
          'line-opacity': 0.35,
          'line-width': ['interpolate', ['linear'], ['zoom'], 9, 4, 15, 16],
        },
      },
      {
        id: 'fence-name',
        type: 'symbol',
        minzoom: 14,
        layout: { 'text-field': ['get', 'name'], 'text-font': LABEL_FONT, 'text-size': 11 },
        paint: { 'text-color': colour, 'text-halo-color': palette.map.halo, 'text-halo-width': 1.4 },
      },
    ],
    data,
  );
}
