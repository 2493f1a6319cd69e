import { createStore } from './store.ts';

export interface Selection {
  /** Vehicle id of the bus whose panel is open. */
  bus: string | null;
  /** Id of the alert last chosen in the list. */
  alert: string | null;
  /** Does the map keep the bus in its middle? */
  follow: boolean;
}

export const selection = createStore<Selection>({ bus: null, alert: null, follow: false });

export function selectBus(bus: string | null): void {
  selection.set({ bus, alert: null, follow: false });
}

export function selectAlert(alert: string, bus: string): void {
  selection.set({ bus, alert, follow: false });
}

export function followBus(follow: boolean): void {
  selection.update((now) => ({ ...now, follow: follow && now.bus !== null }));
}

export type View = 'map' | 'list' | 'explain' | 'day' | 'what-if';

export const view = createStore<View>('map');

export type CameraWish = { kind: 'fitAll' } | { kind: 'flyTo'; lon: number; lat: number; zoom: number };

/** What a panel would have the map look at; `serial` tells two equal wishes apart. */
export const cameraWish = createStore<{ serial: number; wish: CameraWish } | null>(null);

export function wishCamera(wish: CameraWish): void {
  cameraWish.update((now) => ({ serial: (now?.serial ?? 0) + 1, wish }));
}
