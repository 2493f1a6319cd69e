import type { ExpressionSpecification, Map as MapLibreMap } from 'maplibre-gl';
import type { PlanGeometry } from '../../../../services/api/contract.ts';
import type { Palette } from '../../theme/palette.ts';
import { LABEL_FONT } from '../label-fonts.ts';
import { addSceneLayer, type SceneLayer } from '../scene-layer.ts';

export interface RoutesLayer extends SceneLayer {
  /** Brings one route forward and lets the others step back. */
  highlight(route: string | null): void;
}

/** The planned lines, each in its own colour. */
export function addRoutes(map: MapLibreMap, palette: Palette, routes: PlanGeometry['routes']): RoutesLayer {
  const layer = addSceneLayer(
    map,
    'routes',
    [
      {
        id: 'route-case',
        type: 'line',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': palette.map.halo,
          'line-opacity': 0.75,
          'line-width': ['interpolate', ['linear'], ['zoom'], 9, 2.4, 14, 6, 18, 11],
        },
      },
      {
        id: 'route-line',
        type: 'line',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': ['get', 'colour'],
          'line-width': ['interpolate', ['linear'], ['zoom'], 9, 1.4, 14, 3.4, 18, 7],
        },
      },
      {
        id: 'route-name',
        type: 'symbol',
        minzoom: 12.5,
        layout: {
          'symbol-placement': 'line',
          'symbol-spacing': 360,
          'text-field': ['get', 'shortName'],
          'text-font': LABEL_FONT,
          'text-size': 11,
          'text-offset': [0, 0.9],
        },
        paint: {
          'text-color': ['get', 'colour'],
          'text-halo-color': palette.map.halo,
          'text-halo-width': 1.5,
        },
      },
    ],
    coloured(routes, palette),
  );
  const highlight = (route: string | null) => {
    const opacity: ExpressionSpecification = ['case', ['==', ['get', 'id'], route ?? ''], 1, 0.22];
    map.setPaintProperty('route-line', 'line-opacity', route === null ? 0.8 : opacity);
    map.setPaintProperty('route-name', 'text-opacity', route === null ? 1 : opacity);
    map.setPaintProperty('route-case', 'line-opacity', route === null ? 0.75 : 0.35);
  };
  highlight(null);
  return { ...layer, highlight };
}

/** A route that the plan gives no colour takes one by its place in the list. */
function coloured(routes: PlanGeometry['routes'], palette: Palette): GeoJSON.FeatureCollection {
  const ids = [...new Set(routes.features.map((feature) => feature.properties.id))].sort();
  const own = new Map(ids.map((id, i) => [id, palette.map.route[i % palette.map.route.length]!]));
  return {
    type: 'FeatureCollection',
    features: routes.features.map((feature) => ({
      ...feature,
      properties: {
        ...feature.properties,
        colour: usable(feature.properties.colour, palette) ?? own.get(feature.properties.id)!,
      },
    })),
  };
}

/** GTFS feeds often say white or black for want of a colour; those vanish into the ground. */
function usable(colour: string | null, palette: Palette): string | null {
  if (colour === null || !/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const channels = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
  const brightness = (channels[0]! * 299 + channels[1]! * 587 + channels[2]! * 114) / 255_000;
  return palette.name === 'light' ? (brightness > 0.85 ? null : colour) : brightness < 0.25 ? null : colour;
}
