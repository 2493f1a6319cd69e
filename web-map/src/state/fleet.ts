import type { PositionView } from '../../../services/api/contract.ts';
import { type Motion, moveOn, type Reported, still } from '../fleet/motion.ts';
import type { Path } from '../fleet/path.ts';
import { createStore } from './store.ts';

export interface Bus {
  view: PositionView;
  motion: Motion;
  /** Where the icon points on the screen; turned a little with each frame. */
  shownHeadingDeg: number | null;
}

/**
 * Every bus this login may see. Positions come by the hundred each second, so this is a plain map that the map's
 * drawing loop reads as it is; React hears of it at most once a second (`fleetVersion`), or of one bus by itself.
 */
export const buses = new Map<string, Bus>();
export const fleetVersion = createStore(0);

const TELL_EVERY_MS = 1_000;
let toTell: ReturnType<typeof setTimeout> | undefined;
const listeners = new Map<string, Set<() => void>>();

function tell(): void {
  if (toTell !== undefined) return;
  toTell = setTimeout(() => {
    toTell = undefined;
    fleetVersion.update((version) => version + 1);
  }, TELL_EVERY_MS);
}

function reported(view: PositionView): Reported {
  return { at: [view.lon, view.lat], time: Date.parse(view.time), directionDeg: view.directionDeg };
}

/** What a bus reported, if it is news. `lines` are those of its route. */
export function takePosition(view: PositionView, lines: readonly Path[]): void {
  const bus = buses.get(view.vehicle);
  if (!bus) {
    buses.set(view.vehicle, { view, motion: still(reported(view)), shownHeadingDeg: null });
    tell();
    return;
  }
  if (isOlder(view, bus.view)) return;
  if (view.positioned) {
    bus.motion = bus.view.positioned
      ? moveOn(bus.motion, reported(bus.view), reported(view), lines, performance.now())
      : still(reported(view));
    bus.view = view;
  } else {
    // Without a fix the terminal's place means nothing: the bus stays where it last was.
    bus.view = { ...view, lat: bus.view.lat, lon: bus.view.lon };
  }
  for (const listener of listeners.get(view.vehicle) ?? []) listener();
  tell();
}

function isOlder(a: PositionView, b: PositionView): boolean {
  const [timeA, timeB] = [Date.parse(a.time), Date.parse(b.time)];
  return timeA < timeB || (timeA === timeB && Date.parse(a.receivedAt) <= Date.parse(b.receivedAt));
}

/** Takes a snapshot for the truth: what is not in it and was not heard of since it was asked for, is gone. */
export function takeSnapshot(
  views: readonly PositionView[],
  askedAt: number,
  linesOf: (view: PositionView) => readonly Path[],
): void {
  const present = new Set(views.map((view) => view.vehicle));
  for (const [vehicle, bus] of buses) {
    if (!present.has(vehicle) && Date.parse(bus.view.receivedAt) < askedAt) buses.delete(vehicle);
  }
  for (const view of views) takePosition(view, linesOf(view));
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
