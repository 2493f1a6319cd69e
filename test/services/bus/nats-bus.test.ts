import { afterAll, beforeAll, expect, it } from 'vitest';
import { natsBus } from '../../../services/bus/nats-bus.ts';
import { openBus } from '../../../services/bus/open-bus.ts';
import { describeWith } from '../../support/needs.ts';
import { type NatsServer, startNats } from '../../support/postgres.ts';
import { busBehaviour, collector, silent } from './bus-behaviour.ts';
import { severableRelay } from './severable-relay.ts';

describeWith('NATS server', 'NATS bus', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server.stop());

  busBehaviour(async () => ({
    here: await openBus({ natsUrl: server.url, log: silent }),
    there: await openBus({ natsUrl: server.url, log: silent }),
  }));

  it('comes back after the server was away, with every subscription and server', async () => {
    const relay = await severableRelay(Number(new URL(server.url).port));
    const away = await natsBus({ url: relay.url, log: silent, reconnectWaitMs: 20 });
    const steady = await openBus({ natsUrl: server.url, log: silent });
    try {
      const got = collector();
      away.subscribe('live.>', got.handler);
      away.serve('command.9', async () => 'still here');
      const back = new Promise<void>((resolve) => away.onReconnect(resolve));
      expect(await away.request('command.9', 1, 2_000)).toBe('still here');

      relay.sever();
      while ((await outcome(away.request('command.9', 1, 2_000))) === 'still here') await turn();
      const lost = await outcome(away.request('command.9', 1, 2_000));
      expect(lost).toMatchObject({ name: 'BusNoAnswer', reason: 'disconnected' });
      for (let i = 0; i < 1000; i++) away.publish('live.lost', i);

      relay.restore();
      await back;
      while ((await outcome(steady.request('command.9', 1, 2_000))) !== 'still here') await turn();
      steady.publish('live.d.s.v', 'after');
      await got.atLeast(1);
      expect(got.got.map((m) => m.payload)).toEqual(['after']);
    } finally {
      await away.close();
      await steady.close();
      await relay.close();
    }
  });

  it('drops what the server does not take instead of keeping it', async () => {
    const relay = await severableRelay(Number(new URL(server.url).port));
    const bus = await natsBus({ url: relay.url, log: silent, maxPendingBytes: 2_000_000 });
    try {
      relay.stall();
      const text = 'x'.repeat(100_000);
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 5_000; i++) bus.publish('live.flood', text);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    } finally {
      relay.sever();
      await bus.close();
      await relay.close();
    }
  });

  it('fails the start with the address where there is no server', async () => {
    await expect(
      natsBus({ url: 'nats://u:secret@127.0.0.1:1', log: silent, firstConnectMs: 0 }),
    ).rejects.toThrow('no NATS server at nats://127.0.0.1:1');
  });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

const outcome = (answer: Promise<unknown>): Promise<unknown> => answer.catch((error) => error);
