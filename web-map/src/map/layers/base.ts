import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { LABEL_FONT, LABEL_FONT_BOLD } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

const is = (...classes: string[]) => ['in', ['get', 'class'], ['literal', classes]];
const isLine = ['==', ['geometry-type'], 'LineString'];
const isArea = ['==', ['geometry-type'], 'Polygon'];

const ROADS = [
  {
    id: 'minor',
    classes: ['residential', 'service', 'unclassified', 'living_street', 'path', 'minor'],
    px: 4.5,
  },
  { id: 'middle', classes: ['secondary', 'tertiary'], px: 7 },
  { id: 'primary', classes: ['primary'], px: 9 },
  { id: 'major', classes: ['motorway', 'trunk'], px: 10 },
] as const;

/** Doubling with each zoom step near the ground, slower further off, as roads are read on paper maps. */
const width = (px: number, extra: number) => [
  'interpolate',
  ['exponential', 1.55],
  ['zoom'],
  10,
  px * 0.16 + extra * 0.4,
  14,
  px * 0.62 + extra,
  18,
  px * 2.6 + extra * 1.6,
];

/** Roads by class, water, green and places: the plan's own base layer, drawn quietly under everything. */
export function addBase(map: MapLibreMap, palette: Palette, data: GeoJSON.FeatureCollection): SceneLayer {
  const { map: colours } = palette;
  const roadColour = {
    minor: colours.roadMinor,
    middle: colours.roadMiddle,
    primary: colours.roadMiddle,
    major: colours.roadMajor,
  };
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  const named = (id: string, filter: unknown, layout: object, paint: object, minzoom: number) => ({
    id,
    type: 'symbol',
    minzoom,
    filter,
    layout: { 'text-field': ['coalesce', ['get', 'name'], ''], 'text-font': LABEL_FONT, ...layout },
    paint: { 'text-halo-color': colours.halo, 'text-halo-width': 1.3, ...paint },
  });
  return addSceneLayer(
    map,
    'base',
    [
      {
        id: 'base-built',
        type: 'fill',
        filter: ['all', isArea, is('building', 'residential')],
        paint: { 'fill-color': colours.built },
      },
      {
        id: 'base-park',
        type: 'fill',
        filter: ['all', isArea, is('park', 'wood', 'forest', 'grass')],
        paint: { 'fill-color': colours.park },
      },
      {
        id: 'base-water',
        type: 'fill',
        filter: ['all', isArea, is('water', 'river', 'lake')],
        paint: { 'fill-color': colours.water },
      },
      {
        id: 'base-stream',
        type: 'line',
        filter: ['all', isLine, is('water', 'river', 'canal', 'stream')],
        layout: round,
        paint: { 'line-color': colours.water, 'line-width': width(7, 0) },
      },
      {
        id: 'base-rail',
        type: 'line',
        filter: ['all', isLine, is('rail', 'railway')],
        paint: { 'line-color': colours.rail, 'line-width': 1.4, 'line-dasharray': [4, 2] },
      },
      ...ROADS.map(({ id, classes, px }) => ({
        id: `base-case-${id}`,
        type: 'line',
        filter: ['all', isLine, is(...classes)],
        layout: round,
        paint: { 'line-color': colours.roadCase, 'line-width': width(px, 1.6) },
      })),
      ...ROADS.map(({ id, classes, px }) => ({
        id: `base-road-${id}`,
        type: 'line',
        filter: ['all', isLine, is(...classes)],
        layout: round,
        paint: { 'line-color': roadColour[id], 'line-width': width(px, 0) },
      })),
      named(
        'base-water-name',
        ['all', isArea, is('water', 'park', 'river', 'lake')],
        { 'text-size': 12 },
        { 'text-color': colours.waterText },
        12.5,
      ),
      named(
        'base-road-name',
        ['all', isLine, is(...ROADS.flatMap((road) => [...road.classes]))],
        { 'text-size': 11, 'symbol-placement': 'line', 'symbol-spacing': 420 },
        { 'text-color': palette.quiet },
        13,
      ),
      named(
        'base-place-name',
        ['==', ['geometry-type'], 'Point'],
        {
          'text-size': ['interpolate', ['linear'], ['zoom'], 9, 12, 14, 15],
          'text-font': LABEL_FONT_BOLD,
          'text-letter-spacing': 0.06,
        },
        { 'text-color': colours.place },
        8,
      ),
    ],
    data,
  );
}
