import { randomUUID } from 'node:crypto';
import type { Bus } from '../bus/bus.ts';
import { findingCause } from '../notify/finding-cause.ts';
import type { FindingWrite, SilenceWrite, Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store.ts';
import { catchUp } from './catch-up.ts';
import type { IngestCounts } from './counts.ts';
import { OUTAGE_REASON, OutageWatch } from './outage-watch.ts';
import { publishFinding } from './publish.ts';
import type { QuietLog } from './quiet-log.ts';
import type { RulesInForce } from './rules-in-force.ts';

const SWEEP_MS = 15_000;
/** The lease outlives one missed sweep. */
const LEASE_MS = 2 * SWEEP_MS + 5_000;
/** Vehicles heard of since need no look: the shortest silence that means anything is three minutes. */
const SILENT_MS = 170_000;
/** After an outage of the platform the terminals are given so long to come back. */
const GRACE_MS = 180_000;

export interface SilenceWorld {
  readonly store: Store;
  readonly bus: Bus;
  readonly rules: RulesInForce;
  readonly counts: IngestCounts;
  readonly log: QuietLog;
  readonly deafUntil: () => number;
}

/** Judges silence: what `contact` would say at a vehicle's next report, said when it is due. One process does it. */
export class SilenceSweeper {
  readonly #world: SilenceWorld;
  readonly #holder = randomUUID();
  readonly #outages: OutageWatch;
  #timer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(world: SilenceWorld) {
    this.#world = world;
    this.#outages = new OutageWatch(world);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sweeping = this.#sweeping.then(() => this.#try());
    }, SWEEP_MS);
  }

  async #try(): Promise<void> {
    try {
      await this.sweep(Date.now());
    } catch (error) {
      if (error instanceof StoreUnavailable) this.#world.counts.events.add('store_unavailable');
      else this.#world.log.error({ err: error }, 'the sweep for silent terminals failed');
    }
  }

  /** One sweep, for `now`; does nothing where another process holds the lease. */
  async sweep(now: number): Promise<void> {
    const { store, bus, rules, counts, deafUntil } = this.#world;
    const { judge } = rules;
    if (!judge || now < deafUntil() + GRACE_MS) return;
    if (!(await store.ingest.lease('silence', this.#holder, LEASE_MS)).held) {
      this.#outages.forget();
      return;
    }
    const silences: SilenceWrite[] = [];
    const opened = new Set<string>();
    for (const { vehicleKey, snapshot, heardSince } of await store.ingest.silentSince(now - SILENT_MS)) {
      if (!snapshot.contact) continue;
      const { contact, judged } = heardSince
        ? await catchUp(store.ingest, judge, vehicleKey, snapshot)
        : { contact: snapshot.contact, judged: snapshot.judge };
      if (!contact || !judged || contact.lastReceivedAt >= now - SILENT_MS) continue;
      const { state, changes } = judge.silence(contact, judged, now, deafUntil());
      // Where a process ended before it kept the last of them, what was folded is kept, to be folded once.
      if (changes.length === 0 && contact === snapshot.contact) continue;
      silences.push({
        vehicleKey,
        seenLastReceivedAt: snapshot.contact.lastReceivedAt,
        contact: state,
        findings: changes.map((change) => rules.concerning(vehicleKey, change.finding, null)),
      });
      for (const { kind, finding } of changes) {
        counts.findings.add(kind);
        if (kind === 'opened') opened.add(finding.id);
      }
    }
    const outages = await this.#outages.over(silences, opened, now);
    if (outages.silences.length === 0 && outages.findings.length === 0) return;
    const causes = [...outages.findings, ...outages.silences.flatMap((silence) => silence.findings)].flatMap(
      (write) => {
        const { id, end, evidence } = write.finding;
        const isNew = opened.has(id) || (end === null && evidence.reason === OUTAGE_REASON);
        return (isNew && findingCause(write, false)) || [];
      },
    );
    const { passedOver } = await store.ingest.commit({
      vehicles: outages.vehicles,
      positions: [],
      findings: outages.findings,
      retractions: [],
      checkpoints: [],
      silences: outages.silences,
      quarantine: [],
      outbox: causes,
    });
    const written: FindingWrite[] = outages.silences
      .filter((s) => !passedOver?.has(s.vehicleKey))
      .flatMap((s) => s.findings);
    for (const write of [...outages.findings, ...written]) publishFinding(bus, write, false);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping;
  }
}
