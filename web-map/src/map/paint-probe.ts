import { buses } from '../state/fleet.ts';

declare global {
  interface Window {
    /** Set by a measurement before the page begins: hears when each report was received, once it is on the screen. */
    busguardPainted?: (receivedMs: readonly number[]) => void;
  }
}

const drawnMs = new Map<string, number>();

/** Notes which reports a drawing shows for the first time. What is returned tells of them after the paint. */
export function probePaint(): () => void {
  const hear = window.busguardPainted;
  if (!hear) return () => undefined;
  const fresh: number[] = [];
  for (const [vehicle, { receivedMs }] of buses) {
    if (drawnMs.get(vehicle) === receivedMs) continue;
    drawnMs.set(vehicle, receivedMs);
    fresh.push(receivedMs);
  }
  // The frame that shows it is the next one.
  return () => requestAnimationFrame(() => hear(fresh));
}
