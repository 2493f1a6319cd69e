import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { SessionCookie } from '../api/session/cookie.ts';
import { isSameSite } from '../api/session/same-site.ts';
import type { Session, Sessions } from '../api/session/sessions.ts';
import type { LiveHub } from './live-hub.ts';
import { SendWindow } from './send-window.ts';
import type { Farewell, LiveMessage, Transport } from './transport.ts';

export const SOCKET_IO_PATH = '/socket.io';

/** Characters the network has not taken beyond which a viewer counts as unable to follow. */
const MAX_BYTES_WAITING = 512 * 1024;

interface Said {
  /** The page has taken everything up to the batch of this number. */
  taken(id: unknown): void;
}
type LiveSocket = Socket<Said, Record<never, never>, Record<never, never>, { session: Session }>;

/**
 * Live events for people's pages. The session cookie of the handshake says who it is. A page that asks for `batches` in
 * its handshake gets positions by the hundred as `positions` (the array, and a number) and answers each with `taken`
 * and that number; whoever does not gets them one by one as `position`, and sends nothing.
 */
export function attachSocketIo(
  server: HttpServer,
  parts: { hub: LiveHub; sessions: Sessions; cookie: SessionCookie; log: Logger; now: () => number },
): { close(): Promise<void> } {
  const { hub, sessions, cookie, log, now } = parts;
  const io = new Server<Said, Record<never, never>, Record<never, never>, { session: Session }>(server, {
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
        if (!session || session.user.mustChangePassword) return next(new Error('sign-in-required'));
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
    const leave = hub.join(socket.data.session, transportOf(socket, now));
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

function transportOf(socket: LiveSocket, now: () => number): Transport {
  const batched = socket.handshake.auth.batches === true;
  const window = new SendWindow();
  let bytesWaiting = 0;
  let room: () => void = () => undefined;
  // An event of the default namespace in socket.io's protocol 5: `2` and a JSON array. Written here because the text
  // is made once for all viewers, and `emit` would make it again for each.
  const write = (packet: string): void => {
    bytesWaiting += packet.length;
    socket.conn.write(packet, {}, () => {
      bytesWaiting -= packet.length;
    });
  };
  const send = ({ type, text }: LiveMessage): void => write(`2["${type}",${text()}]`);
  socket.on('taken', (id: unknown) => {
    if (typeof id === 'number' && window.taken(id, now())) room();
  });
  return {
    send,
    sendPositions(messages) {
      if (messages.length === 0) return;
      if (!batched) {
        for (const message of messages) send(message);
        return;
      }
      const texts = messages.map(({ text }) => text()).join(',');
      write(`2["positions",[${texts}],${window.send(texts.length, now())}]`);
    },
    isCongested: () => bytesWaiting > MAX_BYTES_WAITING || window.isFull,
    onRoom(listener) {
      room = listener;
    },
    close(why: Farewell) {
      // Told by the server to go, a page stays away; a connection that merely ends is made again.
      if (why === 'signed-out') socket.disconnect(true);
      else socket.conn.close();
    },
  };
}
