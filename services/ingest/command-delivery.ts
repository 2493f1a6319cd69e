import type { Version } from '../../protocol/jt808/message.ts';
import type { CommandKind } from '../commands/command-kind.ts';
import { commandKind } from '../commands/command-table.ts';
import { notStanding } from '../commands/standing.ts';
import type { CommandRow } from '../store/command-store.ts';
import { type Dispatched, dispatchCommand } from './command-dispatch.ts';
import { MAX_UNDER_WAY } from './commands-under-way.ts';
import type { Session } from './session.ts';

/** Commands looked up at once. */
const AT_ONCE = 8;

/**
 * Gives one terminal what waits for it, in the order of the queue: the next goes out when the one before was answered,
 * or has had to be sent again. One at a time looks; who calls meanwhile has it look once more.
 */
export class CommandDelivery {
  readonly #session: Session;
  readonly #phone: string;
  readonly #version: Version;
  readonly #held = new Set<string>();
  #looking = false;
  #again = false;

  constructor(session: Session, phone: string, version: Version) {
    this.#session = session;
    this.#phone = phone;
    this.#version = version;
  }

  /** Something may wait. */
  wake(): void {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    this.#session.world.commands.track(this.#look());
  }

  async #look(): Promise<void> {
    const { world } = this.#session;
    try {
      while (this.#again && !this.#session.closed) {
        this.#again = false;
        const found = await this.#session.untilAvailable(() =>
          world.commands.store.pending(this.#phone, AT_ONCE),
        );
        for (const row of found?.value ?? []) {
          if (this.#session.closed || this.#held.size >= MAX_UNDER_WAY) break;
          if (!this.#held.has(row.id)) await this.#deliver(row);
        }
      }
    } finally {
      this.#looking = false;
    }
  }

  /** Resolves when the next may go out. */
  async #deliver(row: CommandRow): Promise<void> {
    this.#held.add(row.id);
    let giveWay: () => void = () => undefined;
    const gaveWay = new Promise<void>((resolve) => {
      giveWay = resolve;
    });
    const done = this.#perform(row, giveWay).finally(() => {
      this.#held.delete(row.id);
      giveWay();
    });
    this.#session.world.commands.track(done);
    await gaveWay;
  }

  async #perform(row: CommandRow, giveWay: () => void): Promise<void> {
    const { world } = this.#session;
    if (row.state === 'queued' && row.expiresAt <= world.now()) {
      await world.commands.write(() => world.commands.expire(world.now()));
      return;
    }
    const kind = commandKind(row.type);
    const hindrance = this.#hindrance(row, kind);
    if (hindrance !== null || kind === null) {
      const why = hindrance ?? 'unknown';
      const ended = await world.commands.write(() => world.commands.store.failed(row, why, world.now(), {}));
      if (ended) world.commands.tell(ended);
      world.counts.commands.add(why);
      return;
    }
    const dispatched: Dispatched = { row, kind, version: this.#version, giveWay };
    const progressed = await dispatchCommand(this.#session, dispatched);
    // There may be more than were looked up at once. Where nothing moved, looking again would find the same.
    if (progressed) this.wake();
  }

  /** Why it cannot be sent now, by this connection, to this terminal; null where it can. */
  #hindrance(row: CommandRow, kind: CommandKind | null): string | null {
    const now = this.#session.world.now();
    if (kind === null) return 'unknown';
    // Whether the terminal did it nobody knows; it must not do it twice, nor when it is too late.
    if (row.state === 'sent' && (kind.once || row.expiresAt <= now)) return 'connection_lost';
    if (kind.editions && !kind.editions.includes(this.#version)) return 'edition';
    const fields = row.request as never;
    if (kind.standing?.(fields)) return notStanding(this.#session.lane?.last, now);
    return null;
  }
}
