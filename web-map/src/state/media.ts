import type { MediaView } from '../../../services/api/contract.ts';
import { createStore } from './store.ts';

/** Media that came live while the page was open, newest first; what was there before is asked for where it is shown. */
export const liveMedia = createStore<readonly MediaView[]>([]);

/** More than anybody has in sight; older ones are a request away. */
const MOST_KEPT = 200;

export function takeMedia(come: MediaView): void {
  liveMedia.update((now) => [come, ...now.filter(({ id }) => id !== come.id)].slice(0, MOST_KEPT));
}

export function forgetMedia(): void {
  liveMedia.set([]);
}
