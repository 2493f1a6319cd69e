import { hrefOf, type Place, placeOf } from './address.ts';
import { createStore } from './store.ts';

export { hrefOf, type Place } from './address.ts';

const here = () => placeOf(window.location.pathname, window.location.search);

/** Where this window is. The address bar is the truth; Back and Forward come here too. */
export const place = createStore<Place>(here());

/** Id of the page on the screen: that of the address, or the account's first where the address names none. */
export const shownPage = createStore('');

window.addEventListener('popstate', () => place.set(here()));

/** Goes to a place: a step that Back undoes. What is left out is empty. */
export function go(to: Partial<Place> & { page: string }): void {
  travel({ rest: [], query: {}, ...to }, 'pushState');
}

/** Puts a place in the stead of this one, so that Back does not stop here: for what changes with every key or click. */
export function replacePlace(to: Partial<Place>): void {
  travel({ ...place.get(), ...to }, 'replaceState');
}

export const openPage = (page: string): void => go({ page });

/** Sets and (with an empty value) removes parts of the query, on the page that is shown. */
export function goWithQuery(change: Record<string, string>, how: 'push' | 'replace' = 'push'): void {
  const now = place.get();
  const to = { ...now, query: { ...now.query, ...change } };
  travel(to, how === 'push' ? 'pushState' : 'replaceState');
}

function travel(to: Place, how: 'pushState' | 'replaceState'): void {
  const href = hrefOf(to);
  if (href === hrefOf(place.get())) return;
  window.history[how](null, '', href);
  place.set(here());
}
