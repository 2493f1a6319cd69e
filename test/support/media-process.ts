/**
 * An ingest that takes media, with the real database and files in a folder, in a process of its own, for tests that
 * kill it. Takes its options as JSON; says `ready` to its parent.
 */
import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import { startIngest } from '../../services/ingest/start-ingest.ts';
import { openMediaFiles } from '../../services/media/open-media-files.ts';
import { startMedia } from '../../services/media/start-media.ts';
import { openStore } from '../../services/store/open-store.ts';
import { makePlainJudge } from './plain-judge.ts';
import { currentPlan } from './plans.ts';

export interface MediaProcessOptions {
  readonly databaseUrl: string;
  readonly dataDir: string;
}

const { databaseUrl, dataDir } = JSON.parse(process.argv[2] as string) as MediaProcessOptions;
const log = pino({ level: process.env.LOG_LEVEL ?? 'fatal' }, process.stderr);
const store = await openStore({ databaseUrl, dataDir, log, migrate: true, dataKey: new Uint8Array(32) });
const metrics = new Registry();
const bus = inProcessBus(log);
const plan = currentPlan(null);
const files = openMediaFiles(undefined, dataDir);
const key = new Uint8Array(32).fill(9);
const host = '127.0.0.1';
const options = { store, bus, plan, files, dataDir, key, port: 0, host, address: undefined, log, metrics };
const media = await startMedia(options);
const ingest = await startIngest({
  port: 0,
  host,
  store,
  bus,
  plan,
  makeJudge: makePlainJudge,
  unknownTerminals: 'hold',
  media: media.keeper,
  attachments: media.orders,
  log,
  metrics,
});
// A parent that fails must leave nobody behind.
process.on('disconnect', () => process.exit(1));
process.send?.({ ready: true, port: ingest.port });
