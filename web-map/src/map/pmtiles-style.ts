import { addProtocol, type LayerSpecification, type StyleSpecification } from 'maplibre-gl';
import { Protocol } from 'pmtiles';
import type { Palette } from '../theme/palette.ts';
import { groundStyle } from './base-style.ts';
import { LABEL_FONT } from './label-fonts.ts';

let registered = false;

/** A plain style over one tile file in the Protomaps schema. */
export function pmtilesStyle(url: string, palette: Palette): StyleSpecification {
  if (!registered) {
    addProtocol('pmtiles', new Protocol().tile);
    registered = true;
  }
  const ground = groundStyle(palette);
  const absolute = new URL(url, window.location.href).href;
  return {
    ...ground,
    sources: { base: { type: 'vector', url: `pmtiles://${absolute}`, attribution: '© OpenStreetMap' } },
    layers: [...ground.layers, ...layers(palette)],
  };
}

function layers({ map }: Palette): LayerSpecification[] {
  const of = { source: 'base' } as const;
  const road = (kinds: string[], colour: string, width: number): LayerSpecification => ({
    ...of,
    id: `road-${kinds[0]}`,
    type: 'line',
    'source-layer': 'roads',
    filter: ['in', ['get', 'kind'], ['literal', kinds]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': colour,
      'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 8, width / 8, 18, width * 4],
    },
  });
  return [
    {
      ...of,
      id: 'green',
      type: 'fill',
      'source-layer': 'landuse',
      filter: [
        'in',
        ['get', 'kind'],
        ['literal', ['park', 'forest', 'wood', 'grass', 'nature_reserve', 'garden']],
      ],
      paint: { 'fill-color': map.park },
    },
    { ...of, id: 'water', type: 'fill', 'source-layer': 'water', paint: { 'fill-color': map.water } },
    {
      ...of,
      id: 'buildings',
      type: 'fill',
      'source-layer': 'buildings',
      minzoom: 14,
      paint: { 'fill-color': map.built },
    },
    road(['path', 'other'], map.roadMinor, 1.5),
    road(['minor_road'], map.roadMinor, 4),
    road(['major_road', 'medium_road'], map.roadMiddle, 6),
    road(['highway'], map.roadMajor, 7),
    {
      ...of,
      id: 'rail',
      type: 'line',
      'source-layer': 'roads',
      filter: ['==', ['get', 'kind'], 'rail'],
      paint: { 'line-color': map.rail, 'line-dasharray': [3, 2] },
    },
    {
      ...of,
      id: 'places',
      type: 'symbol',
      'source-layer': 'places',
      layout: {
        'text-field': ['coalesce', ['get', 'name:zh'], ['get', 'name']],
        'text-font': LABEL_FONT,
        'text-size': 13,
      },
      paint: { 'text-color': map.place, 'text-halo-color': map.halo, 'text-halo-width': 1.4 },
    },
  ];
}
