import { connect, createServer, type Socket } from 'node:net';

/** A TCP load balancer as a deployment has one: each new connection goes to the next backend that answers. */
export interface TcpBalancer {
  readonly port: number;
  close(): Promise<void>;
}

export async function tcpBalancer(backends: readonly number[]): Promise<TcpBalancer> {
  let next = 0;
  const open = new Set<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // A reset of one side is passed on by the other's close; there is nothing else to do about it.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    track(client);
    const attempt = (left: number) => {
      const backend = connect(backends[next++ % backends.length] as number, '127.0.0.1');
      backend.once('connect', () => {
        client.pipe(backend).pipe(client);
        client.once('close', () => backend.destroy());
        backend.once('close', () => client.destroy());
      });
      backend.once('error', () => {
        if (backend.connecting && left > 0) attempt(left - 1);
        else client.destroy();
      });
      track(backend);
    };
    attempt(backends.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
