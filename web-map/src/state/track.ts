import type { TrackPoint } from '../../../services/api/contract.ts';
import { api } from '../api/client.ts';
import { buses, subscribeToBus } from './fleet.ts';
import { whenUpAgain } from './link.ts';
import { createStore } from './store.ts';

export interface Track {
  vehicle: string | null;
  status: 'none' | 'loading' | 'ready' | 'failed';
  points: readonly TrackPoint[];
  truncated: boolean;
}

const none: Track = { vehicle: null, status: 'none', points: [], truncated: false };

/** Today's way of the bus whose panel is open. */
export const track = createStore<Track>(none);
/** Index of the point that the chart's cursor is on. */
export const trackCursor = createStore<number | null>(null);

/** A day at one report a second and a bit more. */
const MOST_POINTS = 100_000;

/** Loads the day's track of a bus and lets it grow with each report. Returns what ends it. */
export function watchTrack(vehicle: string): () => void {
  let ended = false;
  track.set({ ...none, vehicle, status: 'loading' });
  trackCursor.set(null);
  const load = async () => {
    const answer = await api.trackOfToday(vehicle);
    if (ended) return;
    if (answer.ok) {
      const { items, truncated } = answer.value;
      track.set({ vehicle, status: 'ready', points: items, truncated });
    } else if (track.get().status === 'loading') track.set({ ...none, vehicle, status: 'failed' });
  };
  void load();
  const ends = [subscribeToBus(vehicle, () => append(vehicle)), whenUpAgain(() => void load())];
  return () => {
    ended = true;
    for (const end of ends) end();
    track.set(none);
    trackCursor.set(null);
  };
}

function append(vehicle: string): void {
  const bus = buses.get(vehicle);
  const now = track.get();
  if (!bus || now.vehicle !== vehicle || now.status !== 'ready') return;
  if (now.truncated || now.points.length >= MOST_POINTS) return;
  const { view } = bus;
  const last = now.points.at(-1);
  if (last && Date.parse(last.time) >= Date.parse(view.time)) return;
  const point: TrackPoint = {
    time: view.time,
    lat: view.lat,
    lon: view.lon,
    speedKmh: view.speedKmh ?? null,
    directionDeg: view.directionDeg,
    positioned: view.positioned,
    backfill: false,
  };
  track.set({ ...now, points: [...now.points, point] });
}
