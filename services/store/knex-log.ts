import type { Knex } from 'knex';
import type { Logger } from 'pino';

/** What knex has to say goes where everything else goes. */
export function knexLog(log: Logger): Knex.Logger {
  const text = (message: unknown) => (message instanceof Error ? message.message : String(message));
  return {
    // A lost connection is met by whoever asks for the next one; by itself it is no fault.
    warn: (message: unknown) => log.debug({ knex: text(message) }, 'database pool'),
    error: (message: unknown) => log.error({ knex: text(message) }, 'database pool'),
    deprecate: (method: string, alternative: string) =>
      log.warn({ method, alternative }, 'deprecated in knex'),
    debug: (message: unknown) => log.trace({ knex: text(message) }, 'database pool'),
  };
}
