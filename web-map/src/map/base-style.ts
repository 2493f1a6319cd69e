import type { StyleSpecification } from 'maplibre-gl';
import type { MapConfig } from '../../../services/api/contract.ts';
import type { Palette } from '../theme/palette.ts';

/** The empty ground that the plan's own base layer is drawn on. No glyphs: text comes from the page's own font. */
export function groundStyle(palette: Palette): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': palette.map.land } }],
  };
}

/** What the map stands on: an operator's own style or tile file, or the plan's base layer over plain ground. */
export async function baseStyle(
  basemap: MapConfig['basemap'],
  palette: Palette,
): Promise<StyleSpecification | string> {
  if (basemap.kind === 'style') return basemap.url;
  if (basemap.kind === 'offline') return groundStyle(palette);
  const { pmtilesStyle } = await import('./pmtiles-style.ts');
  return pmtilesStyle(basemap.url, palette);
}
