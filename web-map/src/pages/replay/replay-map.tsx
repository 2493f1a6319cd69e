import 'maplibre-gl/dist/maplibre-gl.css';
import { LngLatBounds, Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import type { ReplayView } from '../../../../services/api/contract.ts';
import { trackStretches } from '../../fleet/track.ts';
import { useWords } from '../../i18n/language.ts';
import { ground } from '../../map/base-map.ts';
import { drawnHere, loadLabelFonts } from '../../map/label-fonts.ts';
import { addBase } from '../../map/layers/base.ts';
import { addSceneLayer, NOTHING, type SceneLayer } from '../../map/scene-layer.ts';
import { plan } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import { usePalette } from '../../theme/theme.ts';

setWorkerUrl(workerUrl);

type Place = readonly [lon: number, lat: number];

/** The planned line, the way that was driven, what happened on it, and where the bus is at the moment shown. */
export function ReplayMap({ replay, at }: { replay: ReplayView; at: Place }) {
  const { words } = useWords();
  const palette = usePalette();
  const { geometry } = useStore(plan);
  const box = useRef<HTMLDivElement>(null);
  const bus = useRef<SceneLayer | null>(null);
  const place = useRef(at);
  const [failed, setFailed] = useState(false);
  place.current = at;
  useEffect(() => {
    if (!box.current) return;
    const bounds = new LngLatBounds();
    for (const { lon, lat, positioned } of replay.fixes) if (positioned) bounds.extend([lon, lat]);
    let map: MapLibreMap;
    try {
      map = new MapLibreMap({
        container: box.current,
        style: ground(palette).style,
        ...(bounds.isEmpty() ? {} : { bounds }),
        fitBoundsOptions: { padding: 50, maxZoom: 16 },
        attributionControl: false,
        localIdeographFontFamily: '"Noto Sans SC"',
        transformRequest: drawnHere,
      });
    } catch (error) {
      console.warn(error);
      setFailed(true);
      return;
    }
    const draw = async () => {
      await loadLabelFonts([]);
      addBase(map, palette, geometry?.base ?? NOTHING);
      const lineOf = (width: number, colour: string, more: object = {}) => ({
        type: 'line',
        paint: { 'line-width': width, 'line-color': colour, ...more },
      });
      addSceneLayer(
        map,
        'replay-plan',
        [{ id: 'replay-plan', ...lineOf(6, palette.map.route[1] ?? palette.quiet, { 'line-opacity': 0.5 }) }],
        collection(replay.runs.map(({ line }) => feature({ type: 'LineString', coordinates: line }))),
      );
      addSceneLayer(
        map,
        'replay-track',
        [{ id: 'replay-track', ...lineOf(3, palette.map.track) }],
        collection(
          trackStretches(replay.fixes).map(({ line }) => feature({ type: 'LineString', coordinates: line })),
        ),
      );
      const dot = (id: string, radius: number, colour: string) => ({
        id,
        type: 'circle',
        paint: {
          'circle-radius': radius,
          'circle-color': colour,
          'circle-stroke-width': 2,
          'circle-stroke-color': palette.map.halo,
        },
      });
      const stops = replay.runs.flatMap((run) => run.stops.map(({ lon, lat }) => point([lon, lat])));
      addSceneLayer(map, 'replay-stops', [dot('replay-stops', 5, palette.map.stop)], collection(stops));
      const alerts = replay.alerts.flatMap(({ lon, lat }) =>
        lon === null || lat === null ? [] : [point([lon, lat])],
      );
      addSceneLayer(map, 'replay-alerts', [dot('replay-alerts', 6, palette.bus.alertP1)], collection(alerts));
      bus.current = addSceneLayer(
        map,
        'replay-bus',
        [dot('replay-bus', 9, palette.primary)],
        collection([point(place.current)]),
      );
      map.getCanvas().dataset.replay = String(replay.fixes.length);
    };
    map.once('load', () => void draw().catch((error) => console.warn(error)));
    return () => {
      bus.current = null;
      map.remove();
    };
  }, [replay, palette, geometry]);
  useEffect(() => {
    void bus.current?.setData(collection([point(at)]));
  }, [at]);
  if (failed) return <p className="page-empty">{words.replay.noMap}</p>;
  return <div ref={box} className="replay-map" data-at={at.map((degrees) => degrees.toFixed(5)).join(',')} />;
}

const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features,
});
const feature = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({
  type: 'Feature',
  properties: {},
  geometry,
});
const point = ([lon, lat]: Place): GeoJSON.Feature => feature({ type: 'Point', coordinates: [lon, lat] });
