import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import { followBus, selectBus } from '../state/selection.ts';
import { prefersStill } from '../theme/theme.ts';
import { measured } from './measure.ts';

/** A finger is this blunt, pixels. */
const REACH_PX = 12;

/** Choosing buses and opening clusters with mouse and finger. Returns what ends it. */
export function listenToPointer(map: MapLibreMap): () => void {
  const featureAt = (event: MapMouseEvent, layers: string[]) => {
    const { x, y } = event.point;
    const present = layers.filter((id) => map.getLayer(id));
    if (present.length === 0) return undefined;
    return map.queryRenderedFeatures(
      [
        [x - REACH_PX, y - REACH_PX],
        [x + REACH_PX, y + REACH_PX],
      ],
      { layers: present },
    )[0];
  };
  const click = (event: MapMouseEvent) => {
    // While a way is measured, clicks are its points.
    if (measured.get() !== null) return;
    const bus = featureAt(event, ['bus']);
    if (bus) {
      selectBus(String(bus.properties.id));
      return;
    }
    const cluster = featureAt(event, ['cluster']);
    if (cluster) {
      const { west, south, east, north } = cluster.properties as Record<string, number>;
      map.fitBounds([west!, south!, east!, north!], { padding: 120, maxZoom: 14, animate: !prefersStill() });
      return;
    }
    selectBus(null);
  };
  const move = (event: MapMouseEvent) => {
    if (map.isMoving()) return;
    map.getCanvas().style.cursor =
      measured.get() !== null ? 'crosshair' : featureAt(event, ['bus', 'cluster']) ? 'pointer' : '';
  };
  const drag = () => followBus(false);
  map.on('click', click);
  map.on('mousemove', move);
  map.on('dragstart', drag);
  return () => {
    map.off('click', click);
    map.off('mousemove', move);
    map.off('dragstart', drag);
  };
}
