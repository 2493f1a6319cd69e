import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { BoardingsView, RunView, SessionView } from '../../../services/api/contract.ts';

/** Something said and not yet taken by the service, as it is sent. */
export interface Waiting {
  /** The event's own id. */
  readonly id: string;
  readonly trip: string;
  readonly date: string;
  /** When it happened, milliseconds since the epoch: the order in which it is sent. */
  readonly at: number;
  readonly event: { readonly kind: string; readonly [field: string]: unknown };
  /** Of a walk-through: sent before it. */
  readonly photo: Blob | null;
  /** Why the service would not have it; null while it waits. */
  readonly refused: string | null;
}

interface Kept extends DBSchema {
  waiting: { key: string; value: Waiting };
  /** By `date trip`. */
  boardings: { key: string; value: BoardingsView };
  day: { key: 'runs'; value: { readonly at: number; readonly runs: RunView[] } };
  who: { key: 'session'; value: SessionView };
}

const NAME = 'busguard-escort';
let opened: Promise<IDBPDatabase<Kept>> | null = null;

/** What the phone keeps: taps that were not sent, and the lists of today's runs, names among them. */
export function escortDb(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore('waiting', { keyPath: 'id' });
      db.createObjectStore('boardings');
      db.createObjectStore('day');
      db.createObjectStore('who');
    },
  });
  return opened;
}

export const runKey = (run: { readonly trip: string; readonly date: string }): string =>
  `${run.date} ${run.trip}`;

/** Lists of other days go: a phone that is lost tells of no more than it must. */
export async function forgetOtherDays(today: string): Promise<void> {
  const db = await escortDb();
  for (const key of await db.getAllKeys('boardings'))
    if (!key.startsWith(today)) await db.delete('boardings', key);
}

/** Everything but what was not sent yet. */
export async function forgetAll(): Promise<void> {
  const db = await escortDb();
  await Promise.all([db.clear('boardings'), db.clear('day'), db.clear('who')]);
}
