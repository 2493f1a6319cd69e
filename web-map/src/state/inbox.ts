import type { PositionView } from '../../../services/api/contract.ts';
import type { Path } from '../fleet/path.ts';
import { takePosition } from './fleet.ts';

/** Of each frame at most so long is spent on taking positions in; the rest waits for the next. */
const BUDGET_MS = 6;
const CHECK_EVERY = 32;
/** A page that nobody looks at gets no frames. */
const HIDDEN_EVERY_MS = 500;

/** The newest position of each bus that the page has not taken in yet: as large as the fleet, however many come. */
const waiting = new Map<string, PositionView>();
let frame = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let linesOf: (view: PositionView) => readonly Path[] = () => [];

let whenEmpty: (() => void)[] = [];

/** Tells who knows the lines of a route. */
export function askLinesOf(from: typeof linesOf): void {
  linesOf = from;
}

/** Takes note of positions. Of each bus only the newest is kept, and taken in with the next frame. */
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

function schedule(): void {
  if (waiting.size === 0 || frame !== 0 || timer !== undefined) return;
  if (document.hidden) timer = setTimeout(() => takeIn(Number.POSITIVE_INFINITY), HIDDEN_EVERY_MS);
  else frame = requestAnimationFrame(() => takeIn(BUDGET_MS));
}

function takeIn(budgetMs: number): void {
  frame = 0;
  timer = undefined;
  const until = performance.now() + budgetMs;
  let count = 0;
  for (const [vehicle, position] of waiting) {
    waiting.delete(vehicle);
    takePosition(position, linesOf);
    if (++count % CHECK_EVERY === 0 && performance.now() > until) break;
  }
  if (waiting.size === 0) tellEmpty();
  schedule();
}

/** A frame asked for by a page that was hidden meanwhile would not come. */
document.addEventListener('visibilitychange', () => {
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  frame = 0;
  timer = undefined;
  schedule();
});

export function forgetInbox(): void {
  waiting.clear();
  tellEmpty();
}

function tellEmpty(): void {
  const told = whenEmpty;
  whenEmpty = [];
  for (const tell of told) tell();
}
