import type { Registry } from '@platformatic/prom-client';
import type { Logger } from 'pino';
import type { MakeJudge } from '../../geo/judge.ts';
import type { Decrypt } from '../../protocol/jt808/index.ts';
import type { Bus } from '../bus/bus.ts';
import type { EtaDesk } from '../eta/start-eta.ts';
import type { MediaKeeper } from '../media/keep-media.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { Store } from '../store/store.ts';
import type { AttachmentOrders } from './ask-for-attachments.ts';
import { Batchers } from './batchers.ts';
import { CommandDesk } from './command-desk.ts';
import { Connections } from './connections.ts';
import { ingestCounts } from './counts.ts';
import { CrewElsewhere } from './crew-elsewhere.ts';
import { CrewEventDesk } from './crew-event-desk.ts';
import { Deafness } from './deafness.ts';
import type { IngestWorld } from './ingest-world.ts';
import { Lanes } from './lanes.ts';
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts';
import { Outbox } from './outbox.ts';
import { PoisonQuota } from './poison.ts';
import { Pressure } from './pressure.ts';
import { publishCommitted } from './publish.ts';
import { QuietLog } from './quiet-log.ts';
import { rejudgeLane } from './rejudge-lane.ts';
import { RulesInForce } from './rules-in-force.ts';
import type { Session } from './session.ts';
import { SilenceSweeper } from './silence-sweeper.ts';
import { identify } from './terminal-identity.ts';

export interface IngestOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  readonly store: Store;
  readonly bus: Bus;
  readonly plan: CurrentPlan;
  readonly makeJudge: MakeJudge;
  /** What becomes of terminals that the plan's register of vehicles does not name. */
  readonly unknownTerminals: 'refuse' | 'hold';
  readonly log: Logger;
  readonly metrics: Registry;
  readonly limits?: Partial<IngestLimits>;
  /** Takes photos and recordings; without it they are unsupported. */
  readonly media?: MediaKeeper | null;
  /** Where terminals upload the files of alarms; without it they are not asked for. */
  readonly attachments?: AttachmentOrders | null;
  /** Predicts arrivals from what is committed; without it nobody is told of any. */
  readonly eta?: EtaDesk | null;
  /** Reads encrypted bodies; without it they are refused. */
  readonly decryptBody?: Decrypt | null;
}

export interface Ingest {
  readonly port: number;
  /** Takes no more, commits and answers what it has, and ends. */
  close(): Promise<void>;
}

/** Listens for terminals: bytes in, judged, committed, acknowledged. */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const { store, bus, unknownTerminals } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const counts = ingestCounts(options.metrics);
  const log = new QuietLog(options.log.child({ part: 'ingest' }));
  const ending = new AbortController();
  const outbox = new Outbox();
  const deafness = new Deafness(store, log);
  const rules = new RulesInForce(options.plan, options.makeJudge, () => rebind(connections, rules));
  const pressure = new Pressure(limits, counts, (full) => connections.pressureChanged(full));
  const batchers = new Batchers({
    store: store.ingest,
    limits,
    counts,
    pressure,
    log,
    poison: new PoisonQuota(limits.maxPoisonedPerMinute),
    flushAnswers: outbox.flush,
    committed: (draft) => {
      publishCommitted(bus, rules, draft, options.eta ?? null);
      elsewhere.committed(draft);
    },
  });
  const rejudging = { store: store.ingest, rules, limits, counts, log, ending: ending.signal };
  const deafUntil = () => deafness.until;
  const lanes = new Lanes(
    {
      rules,
      batchers,
      counts,
      log,
      deafUntil,
      rejudge: (lane) => void rejudgeLane(rejudging, lane),
      ...(options.eta ? { expectStops: options.eta.expectStops } : {}),
    },
    store.ingest,
    limits,
    ending.signal,
  );
  const elsewhere = new CrewElsewhere(bus, lanes, rules, Date.now);
  const commands = new CommandDesk({
    store: store.commands,
    bus,
    limits,
    log,
    ending: ending.signal,
    wake: (phones) => {
      for (const { phone, delivery } of connections)
        if (phone !== null && phones.has(phone)) delivery?.wake();
    },
  });
  const crewEvents = new CrewEventDesk({
    bus,
    lanes,
    store: store.ingest,
    limits,
    counts,
    log,
    pressure,
    now: Date.now,
  });
  const world: IngestWorld = {
    bus,
    terminals: store.terminals,
    limits,
    unknownTerminals,
    rules,
    lanes,
    batchers,
    commands,
    crewEvents,
    pressure,
    outbox,
    media: options.media ?? null,
    attachments: options.attachments ?? null,
    decryptBody: options.decryptBody ?? null,
    counts,
    log,
    ending: ending.signal,
    now: Date.now,
    sessionClosed: (session) => left(world, session),
  };
  const connections = new Connections(world);
  const sweeper = new SilenceSweeper({ store, bus, rules, counts, log, deafUntil });

  await deafness.start(Date.now());
  sweeper.start();
  commands.start();
  crewEvents.start();
  elsewhere.start();
  const port = await connections.listen(options.port, options.host);
  log.info({ port }, 'listening for terminals');
  return {
    port,
    async close() {
      crewEvents.close();
      elsewhere.close();
      connections.stopReading();
      const limit = setTimeout(() => ending.abort(), limits.shutdownMs);
      await Promise.race([lanes.whenAllSettled(), aborted(ending.signal)]);
      await batchers.close(ending.signal.aborted ? 0 : limits.shutdownMs);
      clearTimeout(limit);
      ending.abort();
      await connections.close();
      await commands.close();
      await sweeper.close();
      deafness.close();
      rules.close();
    },
  };
}

/** A session has ended: its vehicle is let go once what it sent is committed. */
function left(world: IngestWorld, session: Session): void {
  const { lane } = session;
  if (!lane) return;
  world.counts.authenticated -= 1;
  void world.lanes.leave(lane);
}

/** Under another plan a terminal may be another vehicle: it authenticates again, as what it is now. */
function rebind(connections: Connections, rules: RulesInForce): void {
  for (const session of connections) {
    const { lane, phone } = session;
    if (!lane || phone === null) continue;
    if (identify(rules.plan, phone, session.plate).vehicle !== lane.vehicle) session.close('plan_changed');
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
