import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Plan } from '../../geo/plan/plan.ts';
import { QuietLog } from '../ingest/quiet-log.ts';
import { identify } from '../ingest/terminal-identity.ts';
import type { MediaKeeper } from '../media/keep-media.ts';
import { StoreUnavailable, type TerminalStore } from '../store/store.ts';
import { ATTACHMENT_DEFAULTS, type AttachmentLimits } from './attachment-limits.ts';
import { AttachmentSession } from './attachment-session.ts';
import type { AttachmentWorld } from './attachment-world.ts';

export interface AttachmentOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  readonly keeper: MediaKeeper;
  readonly terminals: TerminalStore;
  readonly plan: { readonly plan: Plan | null };
  /** Under which the ingest issues alarm numbers; every process of the system has the same. */
  readonly key: Uint8Array;
  readonly log: Logger;
  readonly limits?: Partial<AttachmentLimits>;
  readonly now?: () => number;
}

const SWEEP_MS = 1_000;

/** Listens for the files of alarms (T/JSATL 12-2017, 4.6): apart from the port for reports, whose pace they must not slow. */
export async function startAttachments(
  options: AttachmentOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { keeper, terminals, plan, key, now = Date.now } = options;
  const { counts } = keeper.options;
  const limits = { ...ATTACHMENT_DEFAULTS, ...options.limits };
  const log = new QuietLog(options.log.child({ part: 'attachments' }), now);
  const world: AttachmentWorld = {
    keeper,
    counts,
    limits,
    log,
    key,
    now,
    vehicleOf: (phone) => vehicleOf(terminals, plan.plan, phone),
  };
  const sessions = new Map<AttachmentSession, Promise<void>>();
  const byAddress = new Map<string, number>();

  const serve = async (session: AttachmentSession, address: string): Promise<void> => {
    counts.connections += 1;
    byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
    try {
      await session.run();
    } catch (error) {
      session.close('fault');
      log.error({ err: error, remote: address }, 'an attachment connection failed');
    } finally {
      counts.connections -= 1;
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
      sessions.delete(session);
    }
  };

  const accept = (socket: Socket): void => {
    // The iteration over the socket meets it; one that comes before or after must not end the process.
    socket.on('error', () => undefined);
    const address = socket.remoteAddress ?? '';
    const refused =
      sessions.size >= limits.maxConnections
        ? 'too_many_connections'
        : (byAddress.get(address) ?? 0) >= limits.maxConnectionsPerAddress
          ? 'too_many_from_address'
          : null;
    if (refused) {
      counts.closed.add(refused);
      log.warn(`attachment_${refused}`, { remote: address });
      socket.destroy();
      return;
    }
    const session = new AttachmentSession(world, socket, now());
    sessions.set(session, serve(session, address));
  };

  const server = createServer({ noDelay: true }, accept);
  const port = await listening(server, options.port, options.host);
  server.on('error', (error) => log.error({ err: error }, 'the listening socket failed'));
  const sweeping = setInterval(() => sweep(sessions.keys(), limits, now()), SWEEP_MS);
  log.info({ port }, 'listening for attachments');
  return {
    port,
    async close() {
      clearInterval(sweeping);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ends = [...sessions.values()];
      for (const session of sessions.keys()) session.close('shutdown');
      const cut = setTimeout(() => {
        for (const session of sessions.keys()) session.socket.destroy();
      }, limits.shutdownMs);
      // What is whole and being stored is still stored.
      await Promise.allSettled(ends);
      clearTimeout(cut);
      await closed;
    },
  };
}

/** Hangs up on who does not say what for, who is idle, and who never ends. */
function sweep(sessions: Iterable<AttachmentSession>, limits: AttachmentLimits, now: number): void {
  for (const session of sessions) {
    if (session.busy) {
      session.lookedAt = now;
      session.bytesLately = 0;
    } else if (!session.alarm && now - session.openedAt > limits.introduceMs) session.close('not_introduced');
    else if (now - session.openedAt > limits.maxConnectionMs) session.close('too_long');
    else if (now - session.lookedAt > limits.idleMs) {
      if (session.bytesLately < limits.minBytes) session.close('idle');
      session.lookedAt = now;
      session.bytesLately = 0;
    }
  }
}

/** A terminal that is on no register is named by what it registered as; null while the database cannot say. */
async function vehicleOf(terminals: TerminalStore, plan: Plan | null, phone: string): Promise<string | null> {
  try {
    const terminal = await terminals.get(phone);
    return identify(plan, phone, terminal?.plate ?? '').vehicle;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return null;
  }
}

async function listening(server: Server, port: number, host: string | undefined): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 512 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
