import type { FamilyRunsView, FamilyRunView } from '../../../services/api/contract.ts';
import { createStore } from '../state/store.ts';
import { familyApi } from './family-api.ts';

/** What was heard last, and whether it can be renewed now. */
export interface FamilyState {
  readonly today: FamilyRunsView | null;
  readonly tomorrow: FamilyRunsView | null;
  /** When `today` came, milliseconds since the epoch. */
  readonly heardAt: number;
  readonly fault: 'offline' | 'server' | null;
  readonly signedOut: boolean;
}

const KEY = 'busguard.family.today';

export const family = createStore<FamilyState>({
  today: null,
  tomorrow: null,
  heardAt: 0,
  fault: null,
  signedOut: false,
});

/** What the phone remembers, so that the page says something before the network does: of today alone. */
export function recall(): void {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as {
      at: number;
      view: FamilyRunsView;
    } | null;
    if (kept && sameDay(kept.at, Date.now()))
      family.update((now) => ({ ...now, today: kept.view, heardAt: kept.at }));
  } catch {
    // Storage is forbidden, or holds something else: the network will tell.
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept then.
  }
  family.set({ today: null, tomorrow: null, heardAt: 0, fault: null, signedOut: true });
}

const sameDay = (a: number, b: number): boolean => dayOf(a) === dayOf(b);

/** `YYYYMMDD` in China's one time zone. */
export const dayOf = (time: number): string =>
  new Date(time + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');

export async function refresh(): Promise<void> {
  const answer = await familyApi.runs();
  if (answer.ok) {
    const heardAt = Date.now();
    family.update((now) => ({ ...now, today: answer.value, heardAt, fault: null, signedOut: false }));
    try {
      // Where the bus is is of the moment; what is kept is the day.
      localStorage.setItem(KEY, JSON.stringify({ at: heardAt, view: withoutPlaces(answer.value) }));
    } catch {
      // The page works without remembering.
    }
    return;
  }
  const { kind } = answer.fault;
  if (kind === 'expired' || kind === 'forbidden') forget();
  else family.update((now) => ({ ...now, fault: kind === 'offline' ? 'offline' : 'server' }));
}

export async function refreshTomorrow(): Promise<void> {
  const answer = await familyApi.runs(dayOf(Date.now() + 86_400_000));
  if (answer.ok) family.update((now) => ({ ...now, tomorrow: answer.value }));
}

const withoutPlaces = (view: FamilyRunsView): FamilyRunsView => ({
  ...view,
  children: view.children.map((child) => ({
    ...child,
    runs: child.runs.map((run) => ({ ...run, position: null, arrival: null })),
  })),
});

/** The run to look at: the one that is on, else the next, else the last. */
export function mainRun(runs: readonly FamilyRunView[]): FamilyRunView | null {
  const shown =
    runs.find((run) => run.phase === 'on' && !run.passed) ?? runs.find((run) => run.phase === 'on');
  return (
    shown ?? runs.find((run) => run.phase === 'soon' || run.phase === 'cancelled') ?? runs.at(-1) ?? null
  );
}
