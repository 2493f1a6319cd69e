import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { Palette } from '../theme/palette.ts';

/** A style that has not come by then is as good as none. */
const TIMEOUT_MS = 15_000;
/** How much of the dark ground covers a light style at night. */
const VEIL = 0.62;

/**
 * The style of an operator, fetched here so that one that is broken is known before the map is given up for it. Of
 * what a style may have, it keeps what is drawn flat.
 */
export async function operatorStyle(url: string, palette: Palette): Promise<StyleSpecification> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the style of the base map: ${response.status}`);
  const style = (await response.json()) as Partial<StyleSpecification> | null;
  if (style?.version !== 8 || !Array.isArray(style.layers) || typeof style.sources !== 'object')
    throw new Error('the style of the base map is none of MapLibre');
  const { glyphs, sprite } = style;
  return {
    version: 8,
    sources: Object.fromEntries(
      Object.entries(style.sources).map(([name, source]) => [name, withAddresses(source, url)]),
    ),
    layers: [...style.layers, ...veil(style.layers, palette)],
    ...(glyphs !== undefined && { glyphs: address(glyphs, url) }),
    ...(sprite !== undefined && {
      sprite:
        typeof sprite === 'string'
          ? address(sprite, url)
          : sprite.map((one) => ({ ...one, url: address(one.url, url) })),
    }),
    ...(style['font-faces'] !== undefined && { 'font-faces': style['font-faces'] }),
  };
}

/** A style is made for one theme, mostly the light one: at night the dark ground is laid over it, thinly. */
function veil(layers: readonly LayerSpecification[], palette: Palette): LayerSpecification[] {
  if (palette.name === 'light' || isDark(layers)) return [];
  const paint = { 'background-color': palette.map.land, 'background-opacity': VEIL };
  return [{ id: 'veil', type: 'background', paint }];
}

function isDark(layers: readonly LayerSpecification[]): boolean {
  const background = layers.find((layer) => layer.type === 'background');
  const colour = background?.type === 'background' ? background.paint?.['background-color'] : undefined;
  const context = document.createElement('canvas').getContext('2d');
  if (typeof colour !== 'string' || !context) return false;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 100;
}

function withAddresses(source: SourceSpecification, from: string): SourceSpecification {
  const read = { ...source } as { url?: unknown; tiles?: unknown };
  if (typeof read.url === 'string') read.url = address(read.url, from);
  if (Array.isArray(read.tiles)) read.tiles = read.tiles.map((tile) => address(String(tile), from));
  return read as SourceSpecification;
}

/** An address as the map takes it: whole, its `{z}` and the like left as they are. */
function address(given: string, from: string): string {
  if (/^[a-z][a-z\d+.-]*:/i.test(given)) return given;
  return new URL(given, from).href.replace(/%7B/gi, '{').replace(/%7D/gi, '}');
}
