import { addProtocol, type LayerSpecification, type StyleSpecification } from 'maplibre-gl';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import type { Language } from '../../../services/api/contract.ts';
import type { Palette } from '../theme/palette.ts';
import { LABEL_FONT, LABEL_FONT_BOLD } from './label-fonts.ts';

const SOURCE = 'tiles';
const ATTRIBUTION = '© OpenStreetMap';

const protocol = new Protocol();
let registered = false;

/** A plain style over one tile file: pictures, or vectors in the Protomaps schema. Rejects where it cannot be read. */
export async function pmtilesStyle(
  path: string,
  palette: Palette,
  language: Language,
): Promise<StyleSpecification> {
  if (!registered) {
    addProtocol('pmtiles', protocol.tile);
    registered = true;
  }
  const address = new URL(path, window.location.href).href;
  const archive = new PMTiles(address);
  const { tileType } = await archive.getHeader();
  protocol.add(archive);
  const url = `pmtiles://${address}`;
  const style = { version: 8 } as const;
  if (tileType === TileType.Mvt) {
    const source = { type: 'vector', url, attribution: ATTRIBUTION } as const;
    return { ...style, sources: { [SOURCE]: source }, layers: vectorLayers(palette, language) };
  }
  const source = { type: 'raster', url, tileSize: 256, attribution: ATTRIBUTION } as const;
  return { ...style, sources: { [SOURCE]: source }, layers: pictureLayers(palette) };
}

/** Pictures are made for daylight; at night they are dimmed. */
function pictureLayers(palette: Palette): LayerSpecification[] {
  const paint = palette.name === 'dark' ? { 'raster-brightness-max': 0.42, 'raster-saturation': -0.3 } : {};
  return [groundLayer(palette), { id: 'pictures', type: 'raster', source: SOURCE, paint }];
}

const groundLayer = ({ map }: Palette): LayerSpecification => ({
  id: 'ground',
  type: 'background',
  paint: { 'background-color': map.land },
});

const GREEN = [
  'park',
  'forest',
  'wood',
  'grass',
  'grassland',
  'nature_reserve',
  'garden',
  'golf_course',
  'cemetery',
];

/** Kinds of road from the least to the greatest, each drawn over those before. */
const ROADS = [
  { id: 'road-path', kinds: ['path', 'other'], colour: 'roadMinor', px: 1.5, from: 14 },
  { id: 'road-minor', kinds: ['minor_road'], colour: 'roadMinor', px: 4, from: 12 },
  { id: 'road-major', kinds: ['major_road', 'medium_road'], colour: 'roadMiddle', px: 6, from: 6 },
  { id: 'road-highway', kinds: ['highway'], colour: 'roadMajor', px: 7, from: 4 },
] as const;

function vectorLayers(palette: Palette, language: Language): LayerSpecification[] {
  const { map } = palette;
  const of = { source: SOURCE } as const;
  const isKind = (kinds: readonly string[]) => ['in', ['get', 'kind'], ['literal', [...kinds]]];
  const isArea = ['==', ['geometry-type'], 'Polygon'];
  const isLine = ['==', ['geometry-type'], 'LineString'];
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  const width = (px: number, extra: number) => [
    'interpolate',
    ['exponential', 1.6],
    ['zoom'],
    8,
    px / 8 + extra / 4,
    13,
    px / 1.6 + extra,
    18,
    px * 4 + extra * 1.6,
  ];
  const local =
    language === 'zh'
      ? [
          ['get', 'name:zh-Hans'],
          ['get', 'name:zh'],
        ]
      : [['get', 'name:en']];
  const name = ['coalesce', ...local, ['get', 'name'], ''];
  const text = (id: string, layer: string, filter: unknown[], minzoom: number, more: Labels) => ({
    ...of,
    id,
    type: 'symbol',
    'source-layer': layer,
    filter,
    minzoom,
    layout: { 'text-field': name, 'text-font': LABEL_FONT, ...more.layout },
    paint: { 'text-color': more.colour, 'text-halo-color': map.halo, 'text-halo-width': 1.4 },
  });
  const area = (id: string, layer: string, filter: unknown[], colour: string, minzoom = 0) => ({
    ...of,
    id,
    type: 'fill',
    'source-layer': layer,
    minzoom,
    filter: ['all', isArea, ...filter],
    paint: { 'fill-color': colour },
  });
  const layers = [
    groundLayer(palette),
    area('green', 'landuse', [isKind(GREEN)], map.park),
    area('water', 'water', [], map.water),
    {
      ...of,
      id: 'stream',
      type: 'line',
      'source-layer': 'water',
      filter: isLine,
      minzoom: 9,
      layout: round,
      paint: { 'line-color': map.water, 'line-width': width(3, 0) },
    },
    area('buildings', 'buildings', [], map.built, 14),
    ...ROADS.map(({ id, kinds, px, from }) => ({
      ...of,
      id: `${id}-case`,
      type: 'line',
      'source-layer': 'roads',
      minzoom: Math.max(from, 12),
      filter: isKind(kinds),
      layout: round,
      paint: { 'line-color': map.roadCase, 'line-width': width(px, 1.4) },
    })),
    ...ROADS.map(({ id, kinds, colour, px, from }) => ({
      ...of,
      id,
      type: 'line',
      'source-layer': 'roads',
      minzoom: from,
      filter: isKind(kinds),
      layout: round,
      paint: { 'line-color': map[colour], 'line-width': width(px, 0) },
    })),
    {
      ...of,
      id: 'rail',
      type: 'line',
      'source-layer': 'roads',
      filter: isKind(['rail']),
      paint: { 'line-color': map.rail, 'line-width': 1.4, 'line-dasharray': [3, 2] },
    },
    text('water-name', 'water', [...isPoint], 11, { colour: map.waterText, layout: { 'text-size': 12 } }),
    text('road-name', 'roads', isLine, 13, {
      colour: palette.quiet,
      layout: { 'text-size': 11, 'symbol-placement': 'line', 'symbol-spacing': 420 },
    }),
    text('places', 'places', [...isPoint], 0, {
      colour: map.place,
      layout: {
        'text-size': ['interpolate', ['linear'], ['zoom'], 9, 12, 14, 15],
        'text-font': LABEL_FONT_BOLD,
      },
    }),
  ];
  // Put together from parts, which the library's own types cannot follow; the library checks them when it loads.
  return layers as unknown as LayerSpecification[];
}

const isPoint = ['==', ['geometry-type'], 'Point'] as const;

interface Labels {
  readonly colour: string;
  readonly layout: object;
}
