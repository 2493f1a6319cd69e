import { createStore } from './store.ts';

/** How things stand with the live connection. `since` is by the viewer's own clock, milliseconds. */
export type Link =
  | { status: 'connecting' }
  | { status: 'up'; again: boolean }
  | { status: 'down'; since: number }
  | { status: 'catchingUp' };

export const link = createStore<Link>({ status: 'connecting' });

/** Calls back each time the connection is up, what was missed is caught up with, and more may be asked for. */
export function whenUpAgain(listener: () => void): () => void {
  return link.subscribe(() => {
    if (link.get().status === 'up') listener();
  });
}
