import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Language, MapConfig } from '../../../services/api/contract.ts';
import type { Palette } from '../theme/palette.ts';

/** What lies under everything of ours, as a style of its own. */
export interface BaseMap {
  readonly style: StyleSpecification;
  /** Is the plan's own base layer to be drawn on it? */
  readonly ownBase: boolean;
}

/** Before the names of the base's sources and layers, so that none of them is also one of ours. */
const PREFIX = 'basemap:';

export const isOfBaseMap = (source: string): boolean => source.startsWith(PREFIX);

/** The empty ground that the plan's own base layer is drawn on. No glyphs: text comes from the page's own font. */
export function ground(palette: Palette): BaseMap {
  return {
    ownBase: true,
    style: {
      version: 8,
      sources: {},
      layers: [{ id: 'ground', type: 'background', paint: { 'background-color': palette.map.land } }],
    },
  };
}

/** An operator's own style or tile file, or plain ground. Rejects where what is configured cannot be had. */
export async function findBaseMap(
  basemap: MapConfig['basemap'],
  palette: Palette,
  language: Language,
): Promise<BaseMap> {
  if (basemap.kind === 'offline') return ground(palette);
  const style =
    basemap.kind === 'style'
      ? await (await import('./operator-style.ts')).operatorStyle(basemap.url, palette)
      : await (await import('./pmtiles-style.ts')).pmtilesStyle(basemap.url, palette, language);
  return { ownBase: false, style: withNamesApart(style) };
}

function withNamesApart(style: StyleSpecification): StyleSpecification {
  const sources = Object.entries(style.sources).map(([name, source]) => [PREFIX + name, source]);
  return {
    ...style,
    sources: Object.fromEntries(sources),
    layers: style.layers.map((layer) => {
      const named = { ...layer, id: PREFIX + layer.id } as LayerSpecification & { ref?: string };
      if ('source' in named && typeof named.source === 'string') named.source = PREFIX + named.source;
      // Of older styles: a layer that takes its source from another.
      if (named.ref !== undefined) named.ref = PREFIX + named.ref;
      return named;
    }),
  };
}
