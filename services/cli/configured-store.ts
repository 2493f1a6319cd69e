import { type Logger, pino } from 'pino';
import { type Config, loadConfig } from '../config.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';

/** What the environment says, and a log on stderr: a verb's stdout is for its results. */
export function verbSetting(): { readonly config: Config; readonly log: Logger } {
  const config = loadConfig();
  return { config, log: pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true })) };
}

/** Opens the database that the environment names for one piece of work, with its schema brought up to date. */
export async function withConfiguredStore<T>(
  { config, log }: ReturnType<typeof verbSetting>,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir, dataKey, oldDataKeys } = config;
  const store = await openStore({ databaseUrl, dataDir, dataKey, oldDataKeys, log, migrate: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
