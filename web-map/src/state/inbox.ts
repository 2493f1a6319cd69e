import type { PositionView } from '../../../services/api/contract.ts';
import type { Path } from '../fleet/path.ts';
import { takePosition } from './fleet.ts';

/** So long at a time is spent on taking positions in, so that keys and clicks are heard in between. */
const BUDGET_MS = 8;
const CHECK_EVERY = 32;
/** About a frame: what comes within it is taken in together. */
const GATHER_MS = 16;

/** The newest position of each bus that the page has not taken in yet: as large as the fleet, however many come. */
const waiting = new Map<string, PositionView>();
let timer: ReturnType<typeof setTimeout> | undefined;
let linesOf: (view: PositionView) => readonly Path[] = () => [];

let whenEmpty: (() => void)[] = [];

/** Tells who knows the lines of a route. */
export function askLinesOf(from: typeof linesOf): void {
  linesOf = from;
}

/** Takes note of positions. Of each bus only the newest is kept, and taken in a moment later. */
export function receivePositions(positions: readonly PositionView[]): void {
  for (const position of positions) {
    const known = waiting.get(position.vehicle);
    if (!known || isNewer(position, known)) waiting.set(position.vehicle, position);
  }
  schedule();
}

/** Resolves when everything that came before is taken in. */
export function inboxEmpty(): Promise<void> {
  return waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve));
}

/** Times of the service are all of one form and one zone, so that they compare as text. */
function isNewer(a: PositionView, b: PositionView): boolean {
  return a.time > b.time || (a.time === b.time && a.receivedAt > b.receivedAt);
}

function schedule(afterMs = GATHER_MS): void {
  if (waiting.size === 0 || timer !== undefined) return;
  timer = setTimeout(takeIn, afterMs);
}

/**
 * Not with the frames: where the screen is drawn slowly they are few, and positions would queue up behind them. What a
 * frame shows is whatever was taken in before it.
 */
function takeIn(): void {
  timer = undefined;
  const until = performance.now() + BUDGET_MS;
  let count = 0;
  for (const [vehicle, position] of waiting) {
    waiting.delete(vehicle);
    takePosition(position, linesOf);
    if (++count % CHECK_EVERY === 0 && performance.now() > until) break;
  }
  if (waiting.size === 0) tellEmpty();
  else schedule(0);
}

export function forgetInbox(): void {
  waiting.clear();
  tellEmpty();
}

function tellEmpty(): void {
  const told = whenEmpty;
  whenEmpty = [];
  for (const tell of told) tell();
}
