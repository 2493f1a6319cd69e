import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import type { MakeJudge } from '../../geo/judge.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Decrypt } from '../../protocol/jt808/index.ts';
import type { Bus } from '../../services/bus/bus.ts';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import type { AttachmentOrders } from '../../services/ingest/ask-for-attachments.ts';
import type { IngestLimits } from '../../services/ingest/limits.ts';
import { startIngest } from '../../services/ingest/start-ingest.ts';
import type { MediaKeeper } from '../../services/media/keep-media.ts';
import type { Store } from '../../services/store/store.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { makePlainJudge } from './plain-judge.ts';
import { currentPlan, planOfVehicles } from './plans.ts';
import { TestTerminal } from './test-terminal.ts';

export interface IngestFixture {
  readonly port: number;
  readonly memory: MemoryStore;
  readonly bus: Bus;
  readonly plan: ReturnType<typeof currentPlan>;
  /** What was logged, as pino wrote it. */
  readonly log: { level: number; msg: string; reason?: string }[];
  /** The value of a metric, of one label value where it has labels. */
  metric(name: string, label?: string): Promise<number>;
  terminal(phone: string, version?: '2013' | '2019'): Promise<TestTerminal>;
  /** Ends the ingest alone; its terminals stay as they are. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Phones of the vehicles V1 to V9 of the fixture's plan. */
export const phoneOf = (n: number): string => `1390000000${n}`;

export const PLAN_OF_NINE: Plan = planOfVehicles(
  Array.from({ length: 9 }, (_, i) => ({ id: `V${i + 1}`, phone: phoneOf(i + 1) })),
);

/** An ingest over a store in memory, on a port of its own, with the terminals of a test. */
export async function ingestFixture(
  options: {
    readonly plan?: Plan | null;
    readonly memory?: MemoryStore;
    readonly store?: Store;
    readonly bus?: Bus;
    readonly makeJudge?: MakeJudge;
    readonly unknownTerminals?: 'refuse' | 'hold';
    readonly limits?: Partial<IngestLimits>;
    readonly media?: MediaKeeper | null;
    readonly attachments?: AttachmentOrders | null;
    readonly decryptBody?: Decrypt | null;
  } = {},
): Promise<IngestFixture> {
  const memory = options.memory ?? memoryStore();
  const metrics = new Registry();
  const lines: IngestFixture['log'] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const bus = options.bus ?? inProcessBus(log);
  const plan = currentPlan(options.plan === undefined ? PLAN_OF_NINE : options.plan);
  const ingest = await startIngest({
    port: 0,
    host: '127.0.0.1',
    store: options.store ?? (memory as unknown as Store),
    bus,
    plan,
    makeJudge: options.makeJudge ?? makePlainJudge,
    unknownTerminals: options.unknownTerminals ?? 'refuse',
    log,
    metrics,
    media: options.media ?? null,
    attachments: options.attachments ?? null,
    decryptBody: options.decryptBody ?? null,
    limits: { retryFirstMs: 5, retryLongestMs: 20, ...options.limits },
  });
  const terminals: TestTerminal[] = [];
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= ingest.close();
    return stopped;
  };
  return {
    port: ingest.port,
    memory,
    bus,
    plan,
    log: lines,
    async metric(name, label) {
      const { values } = (await metrics.getSingleMetric(`busguard_ingest_${name}`)?.get()) ?? { values: [] };
      const found = values.find((v) => label === undefined || Object.values(v.labels).includes(label));
      return found?.value ?? 0;
    },
    async terminal(phone, version) {
      const terminal = await TestTerminal.connect(ingest.port, phone, version);
      terminals.push(terminal);
      return terminal;
    },
    stop,
    async close() {
      for (const terminal of terminals) terminal.end();
      await stop();
    },
  };
}
