import type { BoardingOutcome } from '../../../services/api/contract.ts';
import { ask } from '../api/client.ts';
import { createStore } from '../state/store.ts';
import { escortDb, type Waiting } from './escort-db.ts';

/** What of the taps on this phone is not with the service yet. */
export interface OutboxState {
  readonly waiting: readonly Waiting[];
  readonly refused: readonly Waiting[];
  /** The last sending found no service. */
  readonly unreachable: boolean;
  readonly signedOut: boolean;
}

export const outbox = createStore<OutboxState>({
  waiting: [],
  refused: [],
  unreachable: false,
  signedOut: false,
});

/** Events in one request; the service takes more. */
const AT_ONCE = 25;

let sending: Promise<void> | null = null;
let again = false;
let onSent: () => void = () => undefined;

/** Called after something was taken by the service. */
export function whenSent(listener: () => void): void {
  onSent = listener;
}

async function load(): Promise<void> {
  const all = await (await escortDb()).getAll('waiting');
  all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  outbox.update((now) => ({
    ...now,
    waiting: all.filter(({ refused }) => refused === null),
    refused: all.filter(({ refused }) => refused !== null),
  }));
}

/** A tap: on the phone before anything else, and then on its way. */
export async function keep(waiting: Omit<Waiting, 'refused'>): Promise<void> {
  await (await escortDb()).put('waiting', { ...waiting, refused: null });
  await load();
  void send();
}

export async function dismiss(id: string): Promise<void> {
  await (await escortDb()).delete('waiting', id);
  await load();
}

/** Sends what waits, in the order in which it happened; one sending at a time. */
export function send(): Promise<void> {
  if (sending) {
    again = true;
    return sending;
  }
  sending = sendAll().finally(() => {
    sending = null;
    if (again) {
      again = false;
      void send();
    }
  });
  return sending;
}

async function sendAll(): Promise<void> {
  await load();
  for (;;) {
    const { waiting } = outbox.get();
    const first = waiting[0];
    if (!first) return;
    const batch = waiting
      .filter(({ trip, date }) => trip === first.trip && date === first.date)
      .slice(0, AT_ONCE);
    if (!(await sendBatch(batch))) return;
    await load();
    onSent();
  }
}

const id = encodeURIComponent;

/** False where nothing more can be sent now. */
async function sendBatch(batch: readonly Waiting[]): Promise<boolean> {
  const { trip, date } = batch[0]!;
  for (const { id: event, photo } of batch) {
    if (photo && !(await sendPhoto(trip, date, event, photo))) return fails('offline');
  }
  const answer = await ask<{ items: BoardingOutcome[] }>('POST', `trips/${id(trip)}/boardings?date=${date}`, {
    events: batch.map(({ id, at, event }) => ({ ...event, id, at: new Date(at).toISOString() })),
  });
  if (!answer.ok) {
    const { kind } = answer.fault;
    // A run that this login has no part in, or an event that is none: kept, and shown as refused.
    if (kind === 'refused' && batch.length > 1) {
      // One that is no event at all must not condemn the others.
      for (const one of batch) if (!(await sendBatch([one]))) return false;
      return true;
    }
    if (kind === 'forbidden' || kind === 'missing' || kind === 'refused') {
      await settle(batch, () => (kind === 'refused' ? 'time' : 'not_yours'));
      return true;
    }
    return fails(kind);
  }
  const outcomes = new Map(answer.value.items.map((item) => [item.id, item]));
  await settle(batch, (one) => {
    const outcome = outcomes.get(one.id);
    return outcome?.outcome === 'refused' ? (outcome.reason ?? 'not_yours') : null;
  });
  outbox.update((now) => ({ ...now, unreachable: false, signedOut: false }));
  return true;
}

function fails(kind: string): false {
  outbox.update((now) => ({ ...now, unreachable: kind !== 'expired', signedOut: kind === 'expired' }));
  return false;
}

/** What was taken goes; what was refused stays to be seen. */
async function settle(batch: readonly Waiting[], why: (one: Waiting) => string | null): Promise<void> {
  const db = await escortDb();
  for (const one of batch) {
    const refused = why(one);
    if (refused === null) await db.delete('waiting', one.id);
    else await db.put('waiting', { ...one, photo: null, refused });
  }
}

async function sendPhoto(trip: string, date: string, event: string, photo: Blob): Promise<boolean> {
  try {
    const response = await fetch(`/api/v1/trips/${id(trip)}/boardings/${event}/photo?date=${date}`, {
      method: 'PUT',
      credentials: 'same-origin',
      headers: { 'content-type': photo.type || 'image/jpeg' },
      body: photo,
      signal: AbortSignal.timeout(60_000),
    });
    // Refused for good it must not hold up the rest: the event then says that the photo has not come.
    return response.status < 500 && response.status !== 401;
  } catch {
    return false;
  }
}

/** Sends whenever there may be a network again, for as long as the page is open. */
export function keepSending(everyMs = 10_000): () => void {
  const tick = () => {
    if (outbox.get().waiting.length > 0) void send();
  };
  void send();
  const timer = setInterval(tick, everyMs);
  window.addEventListener('online', tick);
  return () => {
    clearInterval(timer);
    window.removeEventListener('online', tick);
  };
}
