import { createServer, type Server, type Socket } from 'node:net';
import type { IngestWorld } from './ingest-world.ts';
import { PAUSED_BY_PRESSURE } from './pause-reasons.ts';
import { Session } from './session.ts';

const SWEEP_MS = 1_000;
/** A connection we ended whose peer does not take the last bytes is cut after so long. */
const LINGER_MS = 5_000;

interface TerminalSocket extends Socket {
  session?: Session;
}

/** The listening socket, the connections it took, and the one timer that serves them all. */
export class Connections {
  readonly #world: IngestWorld;
  readonly #server: Server;
  readonly #sessions = new Set<Session>();
  readonly #byAddress = new Map<string, number>();
  /** Ended by us, their last bytes not yet taken. */
  readonly #lingering = new Map<Socket, number>();
  #timer: NodeJS.Timeout | null = null;
  #accepted = 0;

  constructor(world: IngestWorld) {
    this.#world = world;
    this.#server = createServer({ noDelay: true, highWaterMark: 4096 }, (socket) => this.#accept(socket));
  }

  async listen(port: number, host: string | undefined): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host, backlog: 4096 }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#server.on('error', (error) => this.#world.log.error({ err: error }, 'the listening socket failed'));
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  #accept(socket: TerminalSocket): void {
    const { limits, counts, log } = this.#world;
    const address = socket.remoteAddress ?? '';
    const fromThere = this.#byAddress.get(address) ?? 0;
    const refused =
      counts.connections >= limits.maxConnections
        ? 'too_many_connections'
        : fromThere >= limits.maxConnectionsPerAddress
          ? 'too_many_from_address'
          : null;
    if (refused) {
      counts.closed.add(refused);
      log.warn(`closed_${refused}`, { remote: address });
      socket.destroy();
      return;
    }
    counts.connections += 1;
    this.#byAddress.set(address, fromThere + 1);
    this.#accepted += 1;
    const session = new Session(this.#world, socket, this.#world.now(), this.#accepted);
    socket.session = session;
    this.#sessions.add(session);
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('close', () => this.#gone(session));
  }

  #gone(session: Session): void {
    session.close('by_terminal');
    const { counts } = this.#world;
    counts.connections -= 1;
    this.#sessions.delete(session);
    this.#lingering.delete(session.socket);
    const left = (this.#byAddress.get(session.address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(session.address, left);
    else this.#byAddress.delete(session.address);
  }

  #sweep(): void {
    const now = this.#world.now();
    for (const session of this.#sessions) {
      if (!session.closed) session.everySecond(now);
      else if (!this.#lingering.has(session.socket)) this.#lingering.set(session.socket, now + LINGER_MS);
    }
    for (const [socket, until] of this.#lingering) if (now >= until) socket.destroy();
    this.#world.outbox.flush();
  }

  /** The database falls behind, or has caught up: nothing is read, or everything again. */
  pressureChanged(full: boolean): void {
    for (const session of this.#sessions) {
      if (full) session.pause(PAUSED_BY_PRESSURE);
      else session.resume(PAUSED_BY_PRESSURE);
    }
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** Takes no more connections and reads no more from those there are. */
  stopReading(): void {
    this.#server.close();
    for (const session of this.#sessions) session.pause(PAUSED_BY_PRESSURE);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    const closed = new Promise<void>((resolve) => {
      if (this.#server.listening) this.#server.close(() => resolve());
      else if (this.#sessions.size === 0) resolve();
      else this.#server.once('close', () => resolve());
    });
    for (const session of this.#sessions) session.close('shutdown');
    const cut = setTimeout(() => {
      for (const session of this.#sessions) session.socket.destroy();
    }, LINGER_MS / 5);
    await closed;
    clearTimeout(cut);
  }
}

function onData(this: TerminalSocket, chunk: Uint8Array): void {
  this.session?.data(chunk);
}

function onEnd(this: TerminalSocket): void {
  this.session?.close('by_terminal');
}

/** A reset is how many terminals hang up; `close` follows and does the rest. */
function onError(this: TerminalSocket, error: NodeJS.ErrnoException): void {
  this.session?.world.counts.events.add(`socket_${error.code ?? 'error'}`);
}
