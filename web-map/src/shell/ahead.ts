import { place } from '../state/place.ts';

const KEY = 'busguard.was-in';

/** Storage may be forbidden; then nothing is fetched ahead and all else works. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Remembers whether this browser has somebody signed in; the session itself no script can see. */
export function noteSignedIn(isIn: boolean): void {
  if (isIn) storage()?.setItem(KEY, '1');
  else storage()?.removeItem(KEY);
}

/**
 * Whoever was signed in here most likely still is: the code of the page that the address names is fetched while the
 * service is still asked who this is. What fails here fails again where it is needed, and is told there.
 */
export function fetchAhead(): void {
  if (storage()?.getItem(KEY) !== '1') return;
  const { page } = place.get();
  const wanted: Promise<unknown>[] = [import('../panels/console.tsx')];
  if (page === '' || page === 'map' || page === 'list') wanted.push(import('../panels/fleet-page.tsx'));
  if (page === '' || page === 'map') wanted.push(import('../map/map-view.tsx'));
  void Promise.allSettled(wanted);
}
