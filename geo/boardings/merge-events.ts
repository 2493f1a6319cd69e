import type { BoardingEvent } from './boarding-event.ts';

/**
 * All that was said, once each and in order of its time, from lists that may overlap and stand in any order: the same
 * events always give the same list. Of two that go by one id, which only a faulty sender makes, the platform's stands.
 */
export function mergeEvents(...lists: readonly (readonly BoardingEvent[])[]): BoardingEvent[] {
  const byId = new Map<string, BoardingEvent>();
  for (const list of lists) {
    for (const event of list) {
      const known = byId.get(event.id);
      if (known === undefined || stands(event, known)) byId.set(event.id, event);
    }
  }
  return [...byId.values()].sort(inOrder);
}

const inOrder = (a: BoardingEvent, b: BoardingEvent): number => a.at - b.at || (a.id < b.id ? -1 : 1);

/** Does `event` stand against another of its id? What the platform has comes before what a phone still holds. */
function stands(event: BoardingEvent, known: BoardingEvent): boolean {
  if (event.receivedAt !== known.receivedAt) {
    return (event.receivedAt ?? Number.POSITIVE_INFINITY) < (known.receivedAt ?? Number.POSITIVE_INFINITY);
  }
  return JSON.stringify(event) < JSON.stringify(known);
}
