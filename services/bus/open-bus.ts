import type { Logger } from 'pino';
import type { Bus } from './bus.ts';
import { inProcessBus } from './in-process-bus.ts';
import { natsBus } from './nats-bus.ts';

/** The bus of this process: over NATS where a server is configured, else within the process. */
export async function openBus(options: { natsUrl?: string | undefined; log: Logger }): Promise<Bus> {
  const log = options.log.child({ part: 'bus' });
  return options.natsUrl === undefined ? inProcessBus(log) : natsBus({ url: options.natsUrl, log });
}
