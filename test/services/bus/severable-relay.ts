import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay to a local port that a test can cut, hold up and restore, to play a network that fails. */
export async function severableRelay(targetPort: number) {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((client) => {
    if (!open) {
      client.destroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const sever = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `nats://127.0.0.1:${address.port}`,
    sever,
    /** Reads nothing more: what is sent stays with the sender. */
    stall: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: () => {
      open = true;
    },
    close: () => {
      sever();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
