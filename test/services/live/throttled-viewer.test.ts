import { connect, createServer, type Socket as TcpSocket } from 'node:net';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { PositionView } from '../../../services/api/contract.ts';
import { at, PEOPLE } from '../api/small-plan.ts';
import { type Fixture, publishPosition, report, startFixture } from '../api/web-fixture.ts';

const VEHICLES = 1_000;
const ROUNDS = 30;

/** A network between viewer and service that takes nothing while it is held. */
async function holdableNetwork(port: number) {
  const pairs = new Set<{ viewer: TcpSocket; service: TcpSocket }>();
  const server = createServer((viewer) => {
    const service = connect(port, '127.0.0.1');
    pairs.add({ viewer, service });
    viewer.pipe(service);
    service.pipe(viewer);
    for (const socket of [viewer, service]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        viewer.destroy();
        service.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    hold() {
      for (const { service } of pairs) service.unpipe().pause();
    },
    letGo() {
      for (const { viewer, service } of pairs) service.pipe(viewer);
    },
    close: () => server.close(),
  };
}

describe('a viewer whose network takes nothing for a while', () => {
  let web: Fixture;
  let cookie: string;
  const newest = new Map<string, number>();
  const got = new Map<string, number>();
  let received = 0;
  let wentBack = 0;
  let caughtUp: () => void = () => undefined;

  beforeAll(async () => {
    web = await startFixture();
    cookie = await web.signIn(PEOPLE.admin);
  });
  afterAll(() => web.close());
  beforeEach(() => {
    newest.clear();
    got.clear();
    received = 0;
    wentBack = 0;
  });

  const take = ({ vehicle, time }: PositionView): void => {
    received++;
    const stamp = Date.parse(time);
    if (stamp < (got.get(vehicle) ?? 0)) wentBack++;
    got.set(vehicle, stamp);
    if (got.size === VEHICLES && [...newest].every(([id, latest]) => got.get(id) === latest)) caughtUp();
  };
  let clock = at('07:05');
  async function publishRounds(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      clock += 1_000;
      for (let i = 0; i < VEHICLES; i++) {
        newest.set(`bus ${i}`, clock);
        publishPosition(web.bus, report(`bus ${i}`, clock));
      }
      // Lets the hub flush between the rounds, as it would between seconds.
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
  }

  /** Holds the network up, publishes, lets go, and says how many positions came for it all. */
  async function heldUp(network: Awaited<ReturnType<typeof holdableNetwork>>): Promise<number> {
    network.hold();
    await publishRounds(ROUNDS);
    const done = new Promise<void>((resolve) => {
      caughtUp = resolve;
    });
    network.letGo();
    await done;
    return received;
  }

  it('gets the newest of each vehicle once it takes again, over socket.io', async () => {
    const network = await holdableNetwork(web.web.port);
    const socket = io(`http://127.0.0.1:${network.port}`, {
      transports: ['websocket'],
      extraHeaders: { cookie },
      auth: { batches: true },
      forceNew: true,
      reconnection: false,
    });
    socket.on('positions', (positions: PositionView[], batch: number) => {
      for (const position of positions) take(position);
      socket.emit('taken', batch);
    });
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const count = await heldUp(network);
    expect(wentBack).toBe(0);
    // What was on its way when the network stopped, and then each vehicle once or twice: not thirty times.
    expect(count).toBeLessThan(VEHICLES * 4);
    socket.close();
    network.close();
  });

  it('gets the newest of each vehicle once it takes again, over the plain stream', async () => {
    const network = await holdableNetwork(web.web.port);
    const socket = new WebSocket(`ws://127.0.0.1:${network.port}/api/v1/stream`, { headers: { cookie } });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; data: PositionView };
      if (message.type === 'position') take(message.data);
    });
    await new Promise<void>((resolve) => socket.once('open', () => resolve()));
    const count = await heldUp(network);
    expect(wentBack).toBe(0);
    expect(count).toBeLessThan(VEHICLES * 4);
    socket.terminate();
    network.close();
  });
});
