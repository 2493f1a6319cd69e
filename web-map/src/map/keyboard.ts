import type { Map as MapLibreMap } from 'maplibre-gl';
import { pointedBus } from '../state/pointed.ts';
import { selectBus } from '../state/selection.ts';

/** What is drawn by itself at the moment, for keys and for whoever hears the map. */
export interface InView {
  readonly vehicle: string;
  /** [lon, lat] where it is drawn. */
  readonly at: readonly [number, number];
}

/** Near the edge a bus may lie under a panel. */
const EDGE_PX = 90;

/**
 * N and P go through the buses in view from west to east, Enter opens the one pointed at, Escape leaves. They are heard
 * only while the map itself has the focus, so that they are in nobody's way (WCAG 2.1.4). Returns what ends it.
 */
export function listenToKeys(
  map: MapLibreMap,
  inView: () => readonly InView[],
  tell: (place: { vehicle: string; index: number; count: number } | null) => void,
): () => void {
  const canvas = map.getCanvas();
  const step = (by: 1 | -1) => {
    const { west, south, east, north } = boundsOf(map);
    const drawn = inView()
      .filter(({ at: [lon, lat] }) => lon >= west && lon <= east && lat >= south && lat <= north)
      .sort((a, b) => a.at[0] - b.at[0] || a.vehicle.localeCompare(b.vehicle));
    if (drawn.length === 0) return tell(null);
    const now = drawn.findIndex(({ vehicle }) => vehicle === pointedBus.get());
    const index = now < 0 ? (by > 0 ? 0 : drawn.length - 1) : (now + by + drawn.length) % drawn.length;
    const { vehicle, at } = drawn[index]!;
    pointedBus.set(vehicle);
    const { x, y } = map.project([at[0], at[1]]);
    const { clientWidth, clientHeight } = canvas;
    const nearEdge = x < EDGE_PX || y < EDGE_PX || x > clientWidth - EDGE_PX || y > clientHeight - EDGE_PX;
    if (nearEdge) map.panTo([at[0], at[1]], { duration: 0 });
    tell({ vehicle, index, count: drawn.length });
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const pointed = pointedBus.get();
    if (key === 'n') step(1);
    else if (key === 'p') step(-1);
    else if (key === 'enter' && pointed !== null) selectBus(pointed);
    else if (key === 'escape') {
      if (pointed === null) selectBus(null);
      pointedBus.set(null);
    } else return;
    event.preventDefault();
  };
  const leave = () => pointedBus.set(null);
  canvas.addEventListener('keydown', press);
  canvas.addEventListener('blur', leave);
  return () => {
    canvas.removeEventListener('keydown', press);
    canvas.removeEventListener('blur', leave);
  };
}

function boundsOf(map: MapLibreMap) {
  const bounds = map.getBounds();
  return {
    west: bounds.getWest(),
    south: bounds.getSouth(),
    east: bounds.getEast(),
    north: bounds.getNorth(),
  };
}
