/**
 * An ingest in a process of its own, for tests that kill it: the real judge, a real database, the buses of the
 * benchmark. Takes its options as JSON; says `ready` to its parent, and when asked its memory and metrics, or how a
 * command stands; queues a command that it is given.
 */
import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import type { IngestLimits } from '../../services/ingest/limits.ts';
import { startIngest } from '../../services/ingest/start-ingest.ts';
import type { NewCommand } from '../../services/store/command-store.ts';
import { openStore } from '../../services/store/open-store.ts';
import { benchPlanFiles } from '../bench/bench-fleet.ts';
import { currentPlan } from './plans.ts';

export interface IngestProcessOptions {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly port: number;
  readonly buses: number;
  /** When the buses' runs begin, milliseconds since the epoch. */
  readonly start: number;
  readonly limits?: Partial<IngestLimits>;
}

const options = JSON.parse(process.argv[2] as string) as IngestProcessOptions;
const log = pino({ level: process.env.LOG_LEVEL ?? 'fatal' }, process.stderr);
const built = buildPlan(benchPlanFiles(options.buses, options.start), 'faults');
if (!built.ok) throw new Error(JSON.stringify(built.problems.slice(0, 5)));

/** While the database is down, or recovers, the service cannot start either: it is tried again. */
async function open() {
  const { databaseUrl, dataDir } = options;
  for (let tries = 0; ; tries += 1) {
    try {
      return await openStore({ databaseUrl, dataDir, log, migrate: true, dataKey: new Uint8Array(32) });
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const store = await open();
const metrics = new Registry();
const ingest = await startIngest({
  port: options.port,
  host: '127.0.0.1',
  store,
  bus: inProcessBus(log),
  plan: currentPlan(built.plan),
  makeJudge,
  unknownTerminals: 'refuse',
  log,
  metrics,
  limits: options.limits,
});
// A parent that fails must leave nobody behind.
process.on('disconnect', () => process.exit(1));
process.on('message', async (message: string | { queue: NewCommand } | { command: string }) => {
  if (message === 'look') {
    globalThis.gc?.();
    process.send?.({ rss: process.memoryUsage().rss, metrics: await metrics.metrics() });
  } else if (typeof message === 'object' && 'queue' in message) {
    process.send?.({ command: await store.commands.queue(message.queue) });
  } else if (typeof message === 'object') {
    const { command } = message;
    process.send?.({
      command: await store.commands.get(command),
      events: await store.commands.events(command),
    });
  } else if (message === 'end') {
    await ingest.close();
    await store.close();
    process.exit(0);
  }
});
process.send?.({ ready: true });
