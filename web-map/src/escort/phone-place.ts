import { createStore } from '../state/store.ts';

export interface PhonePlace {
  readonly lat: number;
  readonly lon: number;
  readonly at: number;
}

/** Where the phone was last, or null: it may have no say in that. Never a proof by itself. */
export const phonePlace = createStore<PhonePlace | null>(null);

export function watchPlace(): () => void {
  if (!navigator.geolocation) return () => undefined;
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => phonePlace.set({ lat: coords.latitude, lon: coords.longitude, at: timestamp }),
    () => phonePlace.set(null),
    { enableHighAccuracy: true, maximumAge: 15_000, timeout: 30_000 },
  );
  return () => navigator.geolocation.clearWatch(watch);
}

const EARTH_M = 6_371_000;

/** Metres between two near places. */
export function metresBetween(
  a: { readonly lat: number; readonly lon: number },
  b: { readonly lat: number; readonly lon: number },
): number {
  const radians = Math.PI / 180;
  const x = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  const y = (b.lat - a.lat) * radians;
  return Math.hypot(x, y) * EARTH_M;
}
