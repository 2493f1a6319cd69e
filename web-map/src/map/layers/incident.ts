import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../../theme/palette.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

/** Where the chosen alert began. */
export function addIncident(map: MapLibreMap, palette: Palette): SceneLayer {
  const colour = [
    'match',
    ['get', 'severity'],
    'P1',
    palette.bus.alertP1,
    'P2',
    palette.bus.alertP2,
    palette.bus.alertP3,
  ];
  return addSceneLayer(map, 'incident', [
    {
      id: 'incident-glow',
      type: 'circle',
      paint: { 'circle-radius': 30, 'circle-color': colour, 'circle-opacity': 0.16 },
    },
    {
      id: 'incident-dot',
      type: 'circle',
      paint: {
        'circle-radius': 6,
        'circle-color': colour,
        'circle-stroke-color': palette.map.halo,
        'circle-stroke-width': 2.5,
      },
    },
  ]);
}
