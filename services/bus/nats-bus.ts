import {
  connect,
  type Msg,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  type Subscription,
  TimeoutError,
} from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { type Bus, BusNoAnswer } from './bus.ts';
import { checkPattern, checkSubject } from './pattern.ts';

export interface NatsBusOptions {
  readonly url: string;
  readonly log: Logger;
  /** Wait between two attempts to reach the server. */
  readonly reconnectWaitMs?: number;
  /** How long the first connection may take before the start fails. */
  readonly firstConnectMs?: number;
  /** Published but not yet taken by the server; beyond it messages are dropped, so that memory stays bounded. */
  readonly maxPendingBytes?: number;
}

/** How many published bytes go by between two questions to the server whether it has them. */
const FLUSH_EVERY_BYTES = 1_000_000;

/** The bus over a NATS server: several processes or machines as one system. It reconnects for ever. */
export async function natsBus(options: NatsBusOptions): Promise<Bus> {
  const { url, log, reconnectWaitMs = 500, firstConnectMs = 30_000, maxPendingBytes = 64_000_000 } = options;
  const connection = await firstConnection(url, reconnectWaitMs, firstConnectMs, log);
  const reconnected = new Set<() => void>();
  let connected = true;
  let dropped = 0;
  let pendingBytes = 0;
  let unflushedBytes = 0;

  const watching = watchStatus(connection, (state) => {
    if (state === 'lost' && connected) {
      connected = false;
      log.warn({ url: withoutPassword(url) }, 'lost the NATS server; reconnecting');
    }
    if (state === 'back' && !connected) {
      connected = true;
      pendingBytes = unflushedBytes = 0;
      log.info({ dropped }, 'back on the NATS server');
      dropped = 0;
      for (const listener of reconnected) guarded(log, 'reconnect', listener);
    }
  });

  /** The client itself keeps what the server has not taken, without a limit; this counts it. */
  const account = (bytes: number): void => {
    pendingBytes += bytes;
    unflushedBytes += bytes;
    if (unflushedBytes < FLUSH_EVERY_BYTES) return;
    const flushing = unflushedBytes;
    unflushedBytes = 0;
    connection.flush().then(
      () => {
        pendingBytes = Math.max(0, pendingBytes - flushing);
      },
      (error) => log.debug({ err: error }, 'NATS flush failed'),
    );
  };

  const ending = (subscription: Subscription) => () => {
    if (!subscription.isClosed()) subscription.unsubscribe();
  };

  return {
    publish(subject, payload) {
      checkSubject(subject);
      if (!connected || connection.isClosed() || pendingBytes > maxPendingBytes) {
        dropped++;
        return;
      }
      const text = toText(payload);
      connection.publish(subject, text);
      account(text.length);
    },
    hasListeners: () => true,
    subscribe(pattern, handler) {
      checkPattern(pattern);
      const subscription = connection.subscribe(pattern, {
        callback: (error, message) => {
          if (error) log.error({ err: error, pattern }, 'a bus subscription failed');
          else guarded(log, message.subject, () => handler(fromText(message), message.subject));
        },
      });
      return ending(subscription);
    },
    async request(subject, payload, timeoutMs) {
      checkSubject(subject);
      if (!connected || connection.isClosed()) {
        throw new BusNoAnswer('this process has lost the bus', 'disconnected');
      }
      const reply = await connection
        .request(subject, toText(payload), { timeout: timeoutMs })
        .catch((error: Error) => {
          throw noAnswer(error, subject, timeoutMs);
        });
      const answer = fromText(reply) as { value?: unknown; fault?: true };
      if (answer.fault) throw new BusNoAnswer(`the server of ${subject} failed`, 'fault');
      return answer.value;
    },
    serve(subject, handler, { oneOf = false } = {}) {
      checkSubject(subject);
      const answer = async (message: Msg): Promise<void> => {
        const reply = await Promise.resolve()
          .then(() => handler(fromText(message)))
          .then((value) => ({ value: value ?? null }))
          .catch((error) => {
            log.error({ err: error, subject }, 'a bus server failed');
            return { fault: true };
          });
        if (!connection.isClosed()) message.respond(toText(reply));
      };
      const subscription = connection.subscribe(subject, {
        ...(oneOf ? { queue: 'one' } : {}),
        callback: (error, message) => {
          if (error) log.error({ err: error, subject }, 'a bus server failed');
          else answer(message).catch((fault) => log.error({ err: fault, subject }, 'no bus answer sent'));
        },
      });
      return ending(subscription);
    },
    onReconnect(listener) {
      reconnected.add(listener);
      return () => {
        reconnected.delete(listener);
      };
    },
    async close() {
      reconnected.clear();
      // Draining lets what was published reach the server; without one there is nothing to wait for.
      if (connected && !connection.isClosed()) {
        await connection.drain().catch((error) => log.debug({ err: error }, 'NATS lost while closing'));
      }
      await connection.close();
      await watching;
    },
  };
}

/** A server that is starting at the same moment as this process is waited for; one that is not there ends the start. */
async function firstConnection(
  url: string,
  waitMs: number,
  limitMs: number,
  log: Logger,
): Promise<NatsConnection> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    try {
      return await connect({
        servers: url,
        name: 'busguard',
        maxReconnectAttempts: -1,
        reconnectTimeWait: waitMs,
        // Notices a server that vanished without closing the connection.
        pingInterval: 10_000,
        maxPingOut: 2,
      });
    } catch (error) {
      if (performance.now() > giveUpAt) {
        throw new Error(`no NATS server at ${withoutPassword(url)}`, { cause: error });
      }
      log.info({ url: withoutPassword(url) }, 'waiting for the NATS server');
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Resolves when the connection is closed for good. */
async function watchStatus(
  connection: NatsConnection,
  changed: (state: 'lost' | 'back') => void,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect' || status.type === 'staleConnection') changed('lost');
    if (status.type === 'reconnect') changed('back');
  }
}

function noAnswer(error: Error, subject: string, timeoutMs: number): Error {
  const cause = error instanceof RequestError && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())) {
    return new BusNoAnswer(`nobody serves ${subject}`, 'nobody');
  }
  if (cause instanceof TimeoutError) {
    return new BusNoAnswer(`no answer on ${subject} within ${timeoutMs} ms`, 'timeout');
  }
  return new BusNoAnswer(`the bus was lost while asking on ${subject}: ${cause.message}`, 'disconnected');
}

function guarded(log: Logger, subject: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    log.error({ err: error, subject }, 'a bus handler failed');
  }
}

const toText = (value: unknown): string => JSON.stringify(value ?? null);

function fromText(message: Msg): unknown {
  return message.json();
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'the configured address';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
