import type { BoardingsView, RunView, SessionView } from '../../../services/api/contract.ts';
import { ask } from '../api/client.ts';
import { createStore } from '../state/store.ts';
import { escortDb, forgetAll, forgetOtherDays, runKey } from './escort-db.ts';
import { keep } from './outbox.ts';

export interface OpenRun {
  readonly trip: string;
  readonly date: string;
}

export interface EscortState {
  /** Null while it is not known whether anybody is signed in. */
  readonly session: SessionView | null;
  readonly signedOut: boolean;
  readonly runs: readonly RunView[];
  /** When the runs came; 0: never. */
  readonly runsAt: number;
  readonly open: OpenRun | null;
  readonly view: BoardingsView | null;
}

export const escort = createStore<EscortState>({
  session: null,
  signedOut: false,
  runs: [],
  runsAt: 0,
  open: null,
  view: null,
});

/** First what the phone knows, then what the service says. */
export async function begin(): Promise<void> {
  const db = await escortDb();
  const [who, day] = await Promise.all([db.get('who', 'session'), db.get('day', 'runs')]);
  if (who) escort.update((now) => ({ ...now, session: who }));
  if (day) escort.update((now) => ({ ...now, runs: day.runs, runsAt: day.at }));
  const answer = await ask<SessionView>('GET', 'session');
  if (answer.ok) await enter(answer.value);
  else if (answer.fault.kind === 'expired' || !who) escort.update((now) => ({ ...now, signedOut: true }));
}

export async function enter(session: SessionView): Promise<void> {
  const db = await escortDb();
  const before = await db.get('who', 'session');
  // Another person's lists are not this one's.
  if (before && before.user.id !== session.user.id) await forgetAll();
  await db.put('who', session, 'session');
  escort.update((now) => ({ ...now, session, signedOut: false }));
  await refreshRuns();
}

export async function leave(): Promise<void> {
  await ask('DELETE', 'session');
  await forgetAll();
  escort.set({ session: null, signedOut: true, runs: [], runsAt: 0, open: null, view: null });
}

export async function refreshRuns(): Promise<void> {
  const answer = await ask<{ items: RunView[] }>('GET', 'trips?limit=100');
  if (!answer.ok) return;
  const runs = answer.value.items;
  const at = Date.now();
  await (await escortDb()).put('day', { at, runs }, 'runs');
  if (runs[0]) await forgetOtherDays(runs[0].serviceDate);
  escort.update((now) => ({ ...now, runs, runsAt: at }));
  // The lists of the runs to come are fetched while there is a network.
  const next = runs.filter((run) => Date.parse(run.end) > at).slice(0, 3);
  for (const run of next) await fetchBoardings({ trip: run.trip, date: run.serviceDate });
}

async function fetchBoardings(run: OpenRun): Promise<BoardingsView | null> {
  const answer = await ask<BoardingsView>(
    'GET',
    `trips/${encodeURIComponent(run.trip)}/boardings?date=${run.date}`,
  );
  if (!answer.ok) return null;
  await (await escortDb()).put('boardings', answer.value, runKey(run));
  return answer.value;
}

export async function openRun(run: OpenRun): Promise<void> {
  const kept = (await (await escortDb()).get('boardings', runKey(run))) ?? null;
  escort.update((now) => ({ ...now, open: run, view: kept }));
  await refreshRun();
}

export function closeRun(): void {
  escort.update((now) => ({ ...now, open: null, view: null }));
}

export async function refreshRun(): Promise<void> {
  const { open } = escort.get();
  if (!open) return;
  const view = await fetchBoardings(open);
  if (view && escort.get().open === open) escort.update((now) => ({ ...now, view }));
}

/** A tap of this moment. Returns its id, by which it can be taken back. */
export async function say(
  event: { readonly kind: string; readonly [field: string]: unknown },
  photo: Blob | null = null,
): Promise<string> {
  const { open } = escort.get();
  const id = newId();
  if (open) await keep({ id, trip: open.trip, date: open.date, at: Date.now(), event, photo });
  return id;
}

/** Pages without TLS have no `randomUUID`. */
function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
