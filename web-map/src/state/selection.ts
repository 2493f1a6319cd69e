import { go, goWithQuery, place, shownPage } from './place.ts';
import { createStore } from './store.ts';

export interface Selection {
  /** Vehicle id of the bus whose panel is open. */
  bus: string | null;
  /** Id of the alert last chosen in the list. */
  alert: string | null;
  /** Does the map keep the bus in its middle? */
  follow: boolean;
}

/** Pages on which the panel of a bus lies over what they show. */
const WITH_BUS = new Set(['map', 'list']);

const chosen = (): Pick<Selection, 'bus' | 'alert'> => {
  const { bus, alert } = place.get().query;
  return { bus: bus ?? null, alert: alert ?? null };
};

/** What is chosen, read from the address: a link to a bus opens it, and Back closes it. */
export const selection = createStore<Selection>({ ...chosen(), follow: false });

place.subscribe(() => {
  const { bus, alert } = chosen();
  const now = selection.get();
  if (bus === now.bus && alert === now.alert) return;
  selection.set({ bus, alert, follow: now.follow && bus === now.bus });
});

/** Opens the panel of a bus, on the map where the page that is shown has no room for it; null closes it. */
export function selectBus(bus: string | null): void {
  followBus(false);
  choose({ bus: bus ?? '', alert: '' });
}

export function selectAlert(alert: string, bus: string): void {
  followBus(false);
  choose({ bus, alert });
}

function choose(query: { bus: string; alert: string }): void {
  if (WITH_BUS.has(shownPage.get())) goWithQuery(query);
  else if (query.bus !== '') go({ page: 'map', query });
}

export function followBus(follow: boolean): void {
  selection.update((now) => (now.follow === follow ? now : { ...now, follow: follow && now.bus !== null }));
}

export type CameraWish = { kind: 'fitAll' } | { kind: 'flyTo'; lon: number; lat: number; zoom: number };

/** What a panel would have the map look at; `serial` tells two equal wishes apart. */
export const cameraWish = createStore<{ serial: number; wish: CameraWish } | null>(null);

export function wishCamera(wish: CameraWish): void {
  cameraWish.update((now) => ({ serial: (now?.serial ?? 0) + 1, wish }));
}
