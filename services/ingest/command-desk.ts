import type { Bus } from '../bus/bus.ts';
import { commandedSubject } from '../bus/subjects.ts';
import type { CommandRow, CommandStore } from '../store/command-store.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { IngestLimits } from './limits.ts';
import type { CommandChange } from './live-events.ts';
import type { QuietLog } from './quiet-log.ts';
import { untilAvailable } from './retry.ts';

/** What one sweep looks at. */
const SWEEP_PHONES = 1_000;
/** A command that was sent is its holder's for so long past its expiry: it may wait for a person to answer. */
const HELD_MS = 15 * 60_000;

export interface CommandDeskOptions {
  readonly store: CommandStore;
  readonly bus: Bus;
  readonly limits: IngestLimits;
  readonly log: QuietLog;
  readonly ending: AbortSignal;
  /** Has the terminal's own connection, if it is here, look for what waits. */
  readonly wake: (phones: ReadonlySet<string>) => void;
}

/** What the deliveries of one ingest share: the queue in the database, who is told, and the one timer over all. */
export class CommandDesk {
  readonly store: CommandStore;
  readonly limits: IngestLimits;
  readonly #options: CommandDeskOptions;
  readonly #work = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #endReconnect: (() => void) | null = null;

  constructor(options: CommandDeskOptions) {
    this.store = options.store;
    this.limits = options.limits;
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.track(this.sweep(Date.now())), this.limits.commandSweepMs);
    // What was queued while this process could not be told of it.
    this.#endReconnect = this.#options.bus.onReconnect(() => this.track(this.sweep(Date.now())));
  }

  /** Ends what has expired, and finds what a call that got lost would have told of. */
  async sweep(now: number): Promise<void> {
    try {
      await this.expire(now);
      this.#options.wake(new Set(await this.store.waiting(SWEEP_PHONES)));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  async expire(now: number): Promise<void> {
    for (const row of await this.store.expire(now, HELD_MS)) this.tell(row);
  }

  /** Those who watch hear that the command stands otherwise; the row itself they read. */
  tell({ id, phone, vehicle, type, state }: CommandRow): void {
    const change: CommandChange = { id, phone, vehicle, type, state };
    this.#options.bus.publish(commandedSubject(phone), change);
  }

  /** Writes an outcome for as long as the database is away; null where the service ends first. */
  async write<T>(call: () => Promise<T>): Promise<T | null> {
    const { limits, ending } = this.#options;
    return (await untilAvailable(limits, ending, call))?.value ?? null;
  }

  /** Work that `close` waits for. A fault in it is a bug: it is logged and touches nothing else. */
  track(work: Promise<void>): void {
    const guarded = work
      .catch((error) => this.#options.log.error({ err: error }, 'the delivery of a command failed'))
      .finally(() => this.#work.delete(guarded));
    this.#work.add(guarded);
  }

  /** After the connections are closed. */
  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#endReconnect?.();
    await Promise.all(this.#work);
  }
}
