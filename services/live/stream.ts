import { Server as HttpServer } from 'node:http';
import websocket, { type WebSocket } from '@fastify/websocket';
import { type ApiParts, type App, userOf } from '../api/app-types.ts';
import { ProblemError } from '../api/problems.ts';
import { isSameSite } from '../api/session/same-site.ts';
import { isoTime } from '../api/time.ts';
import { SendWindow } from './send-window.ts';
import { SOCKET_IO_PATH } from './socket-io.ts';
import type { Farewell, LiveMessage, Transport } from './transport.ts';

/** Bytes the network has not taken beyond which a viewer counts as unable to follow. */
const MAX_BYTES_WAITING = 512 * 1024;
const PING_EVERY_MS = 25_000;

/** WebSocket close codes (RFC 6455 section 7.4, and the range for applications). */
const CODES: { readonly [why in Farewell]: number } = {
  'signed-out': 4401,
  'user-changed': 4409,
  'too-slow': 4429,
  resync: 4205,
  closing: 1001,
};

/**
 * Registers the WebSocket plugin on a server that never listens: on the real one it would answer socket.io's
 * upgrades too. The function that is returned relays those that are its own.
 */
export async function prepareStream(app: App): Promise<(real: HttpServer) => void> {
  const aside = new HttpServer();
  await app.register(websocket, { options: { server: aside, maxPayload: 4096, perMessageDeflate: false } });
  // A refused upgrade is answered on a socket that no HTTP parser and no timeout looks after any more.
  app.addHook('onSend', async (request, reply) => {
    if (request.headers.upgrade !== undefined) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request) => {
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
  });
  return (real) => {
    real.on('upgrade', (request, socket, head) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (path === `${SOCKET_IO_PATH}/`) return;
      if (path === '/api/v1/stream') {
        aside.emit('upgrade', request, socket, head);
        return;
      }
      // Nobody else answers: without this the asker would wait for ever.
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  };
}

/** `/api/v1/stream`: the live events for other systems, one JSON object a message. */
export function streamRoute(app: App, { hub, now }: ApiParts): void {
  app.route({
    method: 'GET',
    url: '/stream',
    schema: { hide: true },
    preValidation: async (request) => {
      if (!isSameSite(request.headers)) throw new ProblemError('cross-site');
      userOf(request);
    },
    handler: () => {
      throw new ProblemError('bad-request', 'This is a WebSocket: connect with ws:// or wss://.');
    },
    wsHandler: (socket, request) => {
      const session = request.session;
      if (!session) return socket.close(CODES['signed-out']);
      let answered = true;
      const beat = setInterval(() => {
        if (!answered) return socket.terminate();
        answered = false;
        socket.ping();
      }, PING_EVERY_MS);
      const leave = hub.join(session, transportOf(socket, now));
      socket.on('pong', () => {
        answered = true;
      });
      socket.on('error', (error) => request.log.debug({ err: error }, 'a stream failed'));
      socket.on('close', () => {
        clearInterval(beat);
        leave?.();
      });
      if (leave) socket.send(JSON.stringify({ type: 'hello', at: isoTime(now()) }));
      else socket.close(1013, 'too many');
    },
  });
}

/**
 * Any WebSocket answers a ping once it has read what came before it (RFC 6455 section 5.5.3), so a ping after each lot
 * of positions tells how far a system has read, without it doing anything for that.
 */
function transportOf(socket: WebSocket, now: () => number): Transport {
  const window = new SendWindow();
  let room: () => void = () => undefined;
  const send = ({ type, text }: LiveMessage): number => {
    const line = `{"type":"${type}","data":${text()}}`;
    socket.send(line);
    return line.length;
  };
  socket.on('pong', (data: Buffer) => {
    if (window.taken(Number(data.toString()), now())) room();
  });
  return {
    send,
    sendPositions(messages) {
      if (messages.length === 0 || socket.readyState !== socket.OPEN) return;
      const bytes = messages.reduce((sum, message) => sum + send(message), 0);
      socket.ping(String(window.send(bytes, now())));
    },
    isCongested: () => socket.bufferedAmount > MAX_BYTES_WAITING || window.isFull,
    onRoom(listener) {
      room = listener;
    },
    close(why) {
      socket.close(CODES[why], why);
      // A viewer that takes nothing takes no goodbye either.
      if (why === 'too-slow') socket.terminate();
    },
  };
}
