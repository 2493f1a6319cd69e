import { useSyncExternalStore } from 'react';

/**
 * The service's clock as this page knows it. A viewer's own clock may be minutes off, and an age counted from it would
 * be a lie; the service's times, as they arrive, can only be earlier than its now, so the latest of them sets it.
 */
let aheadMs = 0;
let heard = false;

export function serverNow(): number {
  return Date.now() + aheadMs;
}

/** Takes the service's own word for its time (`at` of a snapshot). */
export function hearServerTime(at: string): void {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return;
  aheadMs = time - Date.now();
  heard = true;
}

/** Takes a time that the service stamped on something it just sent. */
export function hearServerStamp(stamp: string): void {
  const ahead = Date.parse(stamp) - Date.now();
  if (!Number.isNaN(ahead) && (!heard || ahead > aheadMs)) {
    aheadMs = ahead;
    heard = true;
  }
}

const listeners = new Set<() => void>();
let second = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function wholeSecond(): number {
  return Math.floor(serverNow() / 1_000) * 1_000;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    second = wholeSecond();
    timer = setInterval(() => {
      second = wholeSecond();
      for (const each of [...listeners]) each();
    }, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Now by the service's clock, anew each second; one timer for the whole page. */
export function useServerNow(): number {
  return useSyncExternalStore(subscribe, () => (timer === undefined ? wholeSecond() : second));
}
