import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { SessionCookie } from '../api/session/cookie.ts';
import { isSameSite } from '../api/session/same-site.ts';
import type { Session, Sessions } from '../api/session/sessions.ts';
import type { LiveHub } from './live-hub.ts';
import type { Farewell, LiveMessage, Transport } from './transport.ts';

export const SOCKET_IO_PATH = '/socket.io';

/** Packets the network has not taken beyond which a viewer counts as unable to follow. */
const MAX_PACKETS_WAITING = 1_000;

/** Live events for people's pages. The session cookie of the handshake says who it is; pages send nothing. */
export function attachSocketIo(
  server: HttpServer,
  parts: { hub: LiveHub; sessions: Sessions; cookie: SessionCookie; log: Logger; now: () => number },
): { close(): Promise<void> } {
  const { hub, sessions, cookie, log, now } = parts;
  const io = new Server<
    Record<never, never>,
    Record<never, never>,
    Record<never, never>,
    { session: Session }
  >(server, {
    path: SOCKET_IO_PATH,
    serveClient: false,
    // Another WebSocket lives on the same server: what is not ours is answered there.
    destroyUpgrade: false,
    maxHttpBufferSize: 10_000,
    perMessageDeflate: false,
    allowRequest: (request, answer) => answer(null, isSameSite(request.headers)),
  });
  io.use((socket, next) => {
    sessions.find(cookie.read(socket.handshake.headers.cookie), now()).then(
      (session) => {
        if (!session) return next(new Error('sign-in-required'));
        socket.data.session = session;
        next();
      },
      (error) => {
        log.warn({ err: error }, 'could not look up a session');
        next(new Error('unavailable'));
      },
    );
  });
  io.on('connection', (socket) => {
    const leave = hub.join(socket.data.session, transportOf(socket));
    if (leave) socket.on('disconnect', leave);
    else socket.disconnect(true);
  });
  return {
    // Not `io.close`, which closes the HTTP server too, nor `disconnectSockets`, which would tell the pages to stay
    // away: they shall come back, to this process when it is up again or to another.
    close: async () => {
      io.engine.close();
    },
  };
}

function transportOf(socket: Pick<Socket, 'conn' | 'disconnect'>): Transport {
  let packetsWaiting = 0;
  const taken = (): void => {
    packetsWaiting--;
  };
  return {
    // An event of the default namespace in socket.io's protocol 5: `2` and a JSON array. Written here because the
    // text is made once for all viewers, and `emit` would make it again for each.
    send({ type, text }: LiveMessage) {
      packetsWaiting++;
      socket.conn.write(`2["${type}",${text()}]`, {}, taken);
    },
    isCongested: () => packetsWaiting > MAX_PACKETS_WAITING,
    close(why: Farewell) {
      // Told by the server to go, a page stays away; a connection that merely ends is made again.
      if (why === 'signed-out') socket.disconnect(true);
      else socket.conn.close();
    },
  };
}
