import type { PositionView } from '../../../services/api/contract.ts';
import { mercator } from '../fleet/clusters.ts';
import { type Motion, moveOn, still } from '../fleet/motion.ts';
import type { Path } from '../fleet/path.ts';
import { createStore } from './store.ts';

export interface Bus {
  view: PositionView;
  /** Event time and arrival of `view`, milliseconds since the epoch: read once, asked for at every drawing. */
  timeMs: number;
  receivedMs: number;
  motion: Motion;
  /** Where it last reported, on the Web Mercator square. */
  x: number;
  y: number;
  /** Where the icon points on the screen; turned a little with each frame. */
  shownHeadingDeg: number | null;
  /** Was it drawn by itself, close up, lately? Only then is it worth finding its way along the streets. */
  closeUp: boolean;
}

/**
 * Every bus this login may see. Positions come by the thousand each second, so this is a plain map that the map's
 * drawing loop reads as it is; React hears of it at most once a second (`fleetVersion`), or of one bus by itself.
 */
export const buses = new Map<string, Bus>();
export const fleetVersion = createStore(0);

const TELL_EVERY_MS = 1_000;
const NO_LINES: readonly Path[] = [];
let toTell: ReturnType<typeof setTimeout> | undefined;
const listeners = new Map<string, Set<() => void>>();

function tell(): void {
  if (toTell !== undefined) return;
  toTell = setTimeout(() => {
    toTell = undefined;
    fleetVersion.update((version) => version + 1);
  }, TELL_EVERY_MS);
}

/** What a bus reported, if it is news. `linesOf` knows the lines of its route. */
export function takePosition(view: PositionView, linesOf: (view: PositionView) => readonly Path[]): void {
  const bus = buses.get(view.vehicle);
  const timeMs = Date.parse(view.time);
  const receivedMs = Date.parse(view.receivedAt);
  const report = { at: [view.lon, view.lat] as const, time: timeMs, directionDeg: view.directionDeg };
  if (!bus) {
    buses.set(view.vehicle, {
      view,
      timeMs,
      receivedMs,
      motion: still(report),
      ...mercator(view.lon, view.lat),
      shownHeadingDeg: null,
      closeUp: false,
    });
    tell();
    return;
  }
  if (timeMs < bus.timeMs || (timeMs === bus.timeMs && receivedMs <= bus.receivedMs)) return;
  if (view.positioned) {
    const { lon, lat, directionDeg } = bus.view;
    bus.motion = bus.view.positioned
      ? moveOn(
          bus.motion,
          { at: [lon, lat], time: bus.timeMs, directionDeg },
          report,
          bus.closeUp ? linesOf(view) : NO_LINES,
          performance.now(),
        )
      : still(report);
    bus.view = view;
    const { x, y } = mercator(view.lon, view.lat);
    bus.x = x;
    bus.y = y;
  } else {
    // Without a fix the terminal's place means nothing: the bus stays where it last was.
    bus.view = { ...view, lat: bus.view.lat, lon: bus.view.lon };
  }
  bus.timeMs = timeMs;
  bus.receivedMs = receivedMs;
  for (const listener of listeners.get(view.vehicle) ?? []) listener();
  tell();
}

/** At the end of a snapshot: what was not in it and was not heard of since it was asked for, is gone. */
export function dropOthers(present: ReadonlySet<string>, askedAt: number): void {
  for (const [vehicle, bus] of buses) {
    if (!present.has(vehicle) && bus.receivedMs < askedAt) buses.delete(vehicle);
  }
  tell();
}

export function forgetFleet(): void {
  buses.clear();
  tell();
}

export function subscribeToBus(vehicle: string, listener: () => void): () => void {
  const set = listeners.get(vehicle) ?? new Set();
  listeners.set(vehicle, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0) listeners.delete(vehicle);
  };
}
