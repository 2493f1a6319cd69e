import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Severity } from '../../../../geo/finding.ts';
import type { BusState } from '../../fleet/bus-state.ts';
import type { Palette } from '../../theme/palette.ts';
import { LABEL_FONT_BOLD } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

/** Properties of a bus's point on the map. */
export interface BusProperties {
  id: string;
  icon: string;
  state: BusState;
  heading: number;
  /** Plate or id; a second line tells the age of a stale position. */
  label: string;
  alert: Severity | '';
  chosen: boolean;
  delayed: boolean;
  /** Lower matters more: its label is placed first, its icon lies on top. */
  order: number;
}

const iconSize = ['interpolate', ['linear'], ['zoom'], 9, 0.42, 12, 0.58, 14, 0.74, 17, 1.05];
const ring = (small: number, large: number) => ['interpolate', ['linear'], ['zoom'], 9, small, 17, large];

/** By ring: none, of an alert, of the chosen bus. A label stays clear of it. */
const clear = (none: number, alert: number, chosen: number) => [
  'case',
  ['get', 'chosen'],
  chosen,
  ['!=', ['get', 'alert'], ''],
  alert,
  none,
];

/** Buses: icon turned to the heading, ring of its alert, ring of the chosen one, label where there is room. */
export function addBuses(map: MapLibreMap, palette: Palette): SceneLayer {
  const alertColour = [
    'match',
    ['get', 'alert'],
    'P1',
    palette.bus.alertP1,
    'P2',
    palette.bus.alertP2,
    palette.bus.alertP3,
  ];
  return addSceneLayer(map, 'buses', [
    {
      id: 'bus-alert',
      type: 'circle',
      filter: ['!=', ['get', 'alert'], ''],
      paint: {
        'circle-radius': ring(13, 29),
        'circle-color': alertColour,
        'circle-opacity': 0.2,
        'circle-stroke-color': alertColour,
        'circle-stroke-width': ['match', ['get', 'alert'], 'P1', 2.5, 1.5],
        'circle-pitch-alignment': 'map',
      },
    },
    {
      id: 'bus-chosen',
      type: 'circle',
      filter: ['get', 'chosen'],
      paint: {
        'circle-radius': ring(16, 34),
        'circle-color': palette.primary,
        'circle-opacity': 0.14,
        'circle-stroke-color': palette.primary,
        'circle-stroke-width': 2.5,
        'circle-pitch-alignment': 'map',
      },
    },
    // Under the icons, and so placed after them: a label never covers a bus.
    {
      id: 'bus-label',
      type: 'symbol',
      layout: {
        'text-field': ['get', 'label'],
        'text-font': LABEL_FONT_BOLD,
        'text-size': ['interpolate', ['linear'], ['zoom'], 10, 10.5, 15, 12.5],
        'text-line-height': 1.15,
        'text-variable-anchor': ['top', 'left', 'right', 'bottom'],
        'text-radial-offset': [
          'interpolate',
          ['linear'],
          ['zoom'],
          10,
          clear(1.3, 1.5, 1.9),
          17,
          clear(2.1, 2.6, 3),
        ],
        'text-justify': 'auto',
        'text-padding': 1,
        'symbol-sort-key': ['get', 'order'],
      },
      paint: {
        'text-color': ['case', ['==', ['get', 'state'], 'stale'], palette.quiet, palette.map.label],
        'text-halo-color': palette.map.halo,
        'text-halo-width': 1.7,
      },
    },
    {
      id: 'bus',
      type: 'symbol',
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-size': iconSize,
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-padding': 0,
        // Where overlap is allowed a higher key lies on top; below, a lower one is placed first.
        'symbol-sort-key': ['-', 0, ['get', 'order']],
      },
      paint: { 'icon-opacity': ['case', ['get', 'delayed'], 0.72, 1] },
    },
  ]);
}
