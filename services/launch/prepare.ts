import { pino } from 'pino';
import { prepareEmbedded } from '../store/embedded/open-embedded.ts';
import { buildPages } from './build-pages.ts';

/**
 * Builds the web pages and the template of the embedded database. A fault is only told: the start makes what is
 * missing, and fails aloud where it cannot.
 */
export async function prepare(): Promise<void> {
  const log = pino({ level: 'info' }, pino.destination({ dest: 2, sync: true }));
  const done = await Promise.allSettled([buildPages(log), prepareEmbedded(log)]);
  for (const result of done) {
    if (result.status === 'rejected') log.warn({ err: result.reason }, 'left to the first start');
  }
}
