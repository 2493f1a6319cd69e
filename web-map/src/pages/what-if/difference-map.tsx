import 'maplibre-gl/dist/maplibre-gl.css';
import { LngLatBounds, Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef } from 'react';
import type { AlertView, WhatIfResultView } from '../../../../services/api/contract.ts';
import { useWords } from '../../i18n/language.ts';
import { ground } from '../../map/base-map.ts';
import { drawnHere, loadLabelFonts } from '../../map/label-fonts.ts';
import { addBase } from '../../map/layers/base.ts';
import { addRoutes } from '../../map/layers/routes.ts';
import { addSceneLayer, NOTHING } from '../../map/scene-layer.ts';
import { plan } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import type { Palette } from '../../theme/palette.ts';
import { usePalette } from '../../theme/theme.ts';

setWorkerUrl(workerUrl);

/** Where the differences are. Drawn on the plan's own base, whose places need no network. */
export function DifferenceMap({ result }: { result: WhatIfResultView }) {
  const { words } = useWords();
  const palette = usePalette();
  const { geometry } = useStore(plan);
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const features = featuresOf(result);
    if (features.length === 0 || !container.current) return;
    const bounds = new LngLatBounds();
    for (const { geometry: at } of features) bounds.extend(at.coordinates as [number, number]);
    let map: MapLibreMap;
    try {
      map = new MapLibreMap({
        container: container.current,
        style: ground(palette).style,
        bounds,
        fitBoundsOptions: { padding: 60, maxZoom: 15 },
        attributionControl: false,
        localIdeographFontFamily: '"Noto Sans SC"',
        transformRequest: drawnHere,
      });
    } catch (error) {
      // Without WebGL the tables say the same.
      console.warn(error);
      return;
    }
    const draw = async () => {
      await loadLabelFonts([]);
      addBase(map, palette, geometry?.base ?? NOTHING);
      addRoutes(map, palette, geometry?.routes ?? { type: 'FeatureCollection', features: [] });
      addDifferences(map, palette, features);
      map.getCanvas().dataset.differences = String(features.length);
    };
    map.once('load', () => void draw().catch((error) => console.warn(error)));
    return () => map.remove();
  }, [result, palette, geometry]);
  if (featuresOf(result).length === 0) return null;
  return (
    <figure className="difference-map">
      <div ref={container} />
      <figcaption>{words.whatIf.map}</figcaption>
    </figure>
  );
}

function addDifferences(
  map: MapLibreMap,
  palette: Palette,
  features: GeoJSON.Feature<GeoJSON.Point>[],
): void {
  const colour = [
    'match',
    ['get', 'kind'],
    'onlyTried',
    palette.bus.alertP1,
    'onlyNow',
    palette.bus.stale,
    palette.bus.stopped,
  ];
  addSceneLayer(
    map,
    'differences',
    [
      {
        id: 'differences',
        type: 'circle',
        paint: {
          'circle-radius': 6,
          'circle-color': colour,
          'circle-opacity': 0.85,
          'circle-stroke-color': palette.map.halo,
          'circle-stroke-width': 1.5,
        },
      },
    ],
    { type: 'FeatureCollection', features },
  );
}

function featuresOf(result: WhatIfResultView): GeoJSON.Feature<GeoJSON.Point>[] {
  const of = (kind: string, alerts: readonly AlertView[]) =>
    alerts.flatMap(({ lat, lon }): GeoJSON.Feature<GeoJSON.Point>[] =>
      lat === null || lon === null
        ? []
        : [{ type: 'Feature', properties: { kind }, geometry: { type: 'Point', coordinates: [lon, lat] } }],
    );
  return [
    ...of('onlyNow', result.onlyNow),
    ...of(
      'regraded',
      result.regraded.map((pair) => pair.tried),
    ),
    ...of('onlyTried', result.onlyTried),
  ];
}
