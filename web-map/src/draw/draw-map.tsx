import 'maplibre-gl/dist/maplibre-gl.css';
import { Button, Segmented } from 'antd';
import { LngLatBounds, Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPolygonMode, TerraDrawSelectMode } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import { useWords } from '../i18n/language.ts';
import { ground } from '../map/base-map.ts';
import { drawnHere, loadLabelFonts } from '../map/label-fonts.ts';
import { addBase } from '../map/layers/base.ts';
import { addRoutes } from '../map/layers/routes.ts';
import { NOTHING } from '../map/scene-layer.ts';
import { plan } from '../state/plan.ts';
import { useStore } from '../state/store.ts';
import { usePalette } from '../theme/theme.ts';
import { boundsOf, rounded, type Shape, type ShapeKind } from './shape-text.ts';

setWorkerUrl(workerUrl);

const WHOLE_LAND: [number, number, number, number] = [73, 18, 135, 54];

export interface DrawMapProps {
  /** What is drawn so far; another one given later is taken over. */
  shape: Shape | null;
  kinds: readonly ShapeKind[];
  onChange(shape: Shape | null): void;
}

/** A map to draw one line or area on, over the plan's own base and routes. What it says can be typed as well. */
export function DrawMap({ shape, kinds, onChange }: DrawMapProps) {
  const { words } = useWords();
  const palette = usePalette();
  const { geometry } = useStore(plan);
  const container = useRef<HTMLDivElement>(null);
  const draw = useRef<TerraDraw | null>(null);
  const [mode, setMode] = useState<ShapeKind | 'select'>(shape ? 'select' : (kinds[0] ?? 'polygon'));
  const said = useRef<string>('');
  const latest = useRef({ shape, mode, onChange });
  latest.current = { shape, mode, onChange };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the map is made anew with the theme and the plan alone
  useEffect(() => {
    if (!container.current) return;
    let map: MapLibreMap;
    const first = latest.current.shape;
    const box = first ? boundsOf(first) : null;
    try {
      map = new MapLibreMap({
        container: container.current,
        style: ground(palette).style,
        bounds: box ?? boundsOfPlan(geometry?.routes) ?? WHOLE_LAND,
        fitBoundsOptions: { padding: 50, maxZoom: 17 },
        attributionControl: false,
        localIdeographFontFamily: '"Noto Sans SC"',
        transformRequest: drawnHere,
        locale: { 'Map.Title': words.registers.draw.map },
      });
    } catch (error) {
      // Without WebGL the text says the same.
      console.warn(error);
      return;
    }
    const begin = async () => {
      await loadLabelFonts([]);
      addBase(map, palette, geometry?.base ?? NOTHING);
      addRoutes(map, palette, geometry?.routes ?? { type: 'FeatureCollection', features: [] });
      const terra = new TerraDraw({
        adapter: new TerraDrawMapLibreGLAdapter({ map }),
        modes: [new TerraDrawPolygonMode(), new TerraDrawLineStringMode(), new TerraDrawSelectMode(SELECT)],
      });
      terra.start();
      draw.current = terra;
      put(terra, latest.current.shape);
      terra.setMode(modeName(latest.current.mode));
      const tell = () => {
        const drawn = newestOf(terra);
        said.current = drawn ? JSON.stringify(drawn) : '';
        latest.current.onChange(drawn);
      };
      terra.on('finish', (id, context) => {
        // One shape is one shape: what was drawn before goes.
        const others = terra.getSnapshot().filter((one) => one.id !== id && isDrawn(one));
        if (context.action === 'draw' && others.length > 0)
          terra.removeFeatures(others.flatMap((one) => (one.id === undefined ? [] : [one.id])));
        tell();
        if (context.action === 'draw') setMode('select');
      });
      map.getCanvas().dataset.drawing = 'ready';
    };
    map.once('load', () => void begin().catch((error) => console.warn(error)));
    return () => {
      draw.current?.stop();
      draw.current = null;
      map.remove();
    };
  }, [palette, geometry]);

  useEffect(() => draw.current?.setMode(modeName(mode)), [mode]);
  useEffect(() => {
    const terra = draw.current;
    // What it told itself is drawn already.
    if (!terra || (shape ? JSON.stringify(rounded(shape)) : '') === said.current) return;
    put(terra, shape);
  }, [shape]);

  const clear = () => {
    draw.current?.clear();
    said.current = '';
    onChange(null);
    setMode(kinds[0] ?? 'polygon');
  };
  return (
    <figure className="draw-map">
      <div className="buttons">
        <Segmented
          value={mode}
          onChange={setMode}
          options={[
            ...kinds.map((kind) => ({ value: kind, label: words.registers.draw[kind] })),
            { value: 'select' as const, label: words.registers.draw.select },
          ]}
        />
        <Button onClick={clear}>{words.registers.draw.clear}</Button>
      </div>
      <div ref={container} className="draw-canvas" />
      <figcaption>{words.registers.draw.hint}</figcaption>
    </figure>
  );
}

const EDITED = {
  feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } },
};
const SELECT = { flags: { polygon: EDITED, linestring: EDITED } };

const modeName = (mode: ShapeKind | 'select') => (mode === 'line' ? 'linestring' : mode);

interface Drawn {
  readonly id?: string | number | undefined;
  readonly properties: { readonly [key: string]: unknown };
  readonly geometry: { readonly type: string };
}

/** Points between and at corners are drawn by the tool for itself. */
const isDrawn = ({ geometry, properties }: Drawn): boolean =>
  geometry.type !== 'Point' && (properties.mode === 'polygon' || properties.mode === 'linestring');

function newestOf(terra: TerraDraw): Shape | null {
  const drawn = terra.getSnapshot().filter(isDrawn).at(-1);
  return drawn ? rounded(drawn.geometry as Shape) : null;
}

/** A shape of several parts is shown by its text alone. */
function put(terra: TerraDraw, shape: Shape | null): void {
  terra.clear();
  if (shape?.type !== 'Polygon' && shape?.type !== 'LineString') return;
  const mode = shape.type === 'Polygon' ? 'polygon' : 'linestring';
  const geometry = rounded(shape);
  const outer =
    geometry.type === 'Polygon' ? { ...geometry, coordinates: geometry.coordinates.slice(0, 1) } : geometry;
  terra.addFeatures([{ type: 'Feature', properties: { mode }, geometry: outer }]);
}

function boundsOfPlan(
  routes: GeoJSON.FeatureCollection<GeoJSON.LineString> | undefined,
): LngLatBounds | null {
  const bounds = new LngLatBounds();
  for (const { geometry } of routes?.features ?? [])
    for (const at of geometry.coordinates) bounds.extend(at as [number, number]);
  return bounds.isEmpty() ? null : bounds;
}
