import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Store } from '../../services/store/store.ts';
import { startUpkeep } from '../../services/upkeep/start-upkeep.ts';

/** A store whose lease one of several processes holds, and which counts what upkeep asks of it. */
function sharedStore() {
  let holder: string | null = null;
  const rounds: string[] = [];
  let told: () => void = () => undefined;
  const tried: string[] = [];
  const store = {
    ingest: {
      async lease(_name: string, who: string) {
        holder ??= who;
        tried.push(who);
        told();
        return { held: holder === who, heldUntil: 0 };
      },
    },
    async applyRetention() {
      rounds.push(holder as string);
      if (rounds.length === 1) throw new Error('the database is away');
      return [];
    },
    sessions: { prune: async () => 0 },
  } as unknown as Store;
  const until = async (met: () => boolean) => {
    while (!met()) await new Promise<void>((resolve) => (told = resolve));
  };
  return { store, rounds, tried, until };
}

it('one process of several keeps house, and a round that failed is followed by the next', async () => {
  const { store, rounds, tried, until } = sharedStore();
  const log = pino({ level: 'silent' });
  const first = startUpkeep({ store, holder: 'first', log, everyMs: 5 });
  const second = startUpkeep({ store, holder: 'second', log, everyMs: 5 });
  await until(() => rounds.length >= 3 && tried.includes('second'));
  await Promise.all([first.close(), second.close()]);
  expect(new Set(rounds)).toEqual(new Set(['first']));
  const before = tried.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(tried).toHaveLength(before);
});
