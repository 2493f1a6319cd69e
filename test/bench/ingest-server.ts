/**
 * The ingest of the benchmark, in a process of its own: the real judge and the real database under a plan in which
 * every bus is on a run. Says its port on the channel to its parent, and its memory when asked.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import { startIngest } from '../../services/ingest/start-ingest.ts';
import { openStore } from '../../services/store/open-store.ts';
import { currentPlan } from '../support/plans.ts';
import { benchPlanFiles } from './bench-fleet.ts';

const { databaseUrl, dataDir, buses, start } = JSON.parse(process.argv[2] as string) as {
  databaseUrl?: string;
  dataDir: string;
  buses: number;
  start: number;
};
const log = pino({ level: 'warn' }, process.stderr);
const built = buildPlan(benchPlanFiles(buses, start), 'bench');
if (!built.ok) throw new Error(JSON.stringify(built.problems.slice(0, 5)));
const store = await openStore({ databaseUrl, dataDir, log, migrate: true, dataKey: new Uint8Array(32) });
const metrics = new Registry();
const ingest = await startIngest({
  port: 0,
  host: '127.0.0.1',
  store,
  bus: inProcessBus(log),
  plan: currentPlan(built.plan),
  makeJudge,
  unknownTerminals: 'refuse',
  log,
  metrics,
  limits: { maxFramesPerSecond: 1e9, maxBytesPerSecond: 1e12 },
});
const profiler = new Session();
profiler.connect();

// A parent that fails must leave nobody behind.
process.on('disconnect', () => process.exit(1));
process.on('message', async (message) => {
  if (message === 'memory') {
    globalThis.gc?.();
    process.send?.({ memory: process.memoryUsage() });
  } else if (message === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: (user + system) / 1e6 });
  } else if (message === 'profile') {
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.start');
  } else if (message === 'profiled') {
    const { profile } = await profiler.post('Profiler.stop');
    writeFileSync(join(tmpdir(), 'busguard-ingest.cpuprofile'), JSON.stringify(profile));
    process.send?.({ profiled: true });
  } else if (message === 'metrics') {
    process.send?.({ metrics: await metrics.metrics() });
  } else if (message === 'end') {
    await ingest.close();
    await store.close();
    process.exit(0);
  }
});
process.send?.({ port: ingest.port });
