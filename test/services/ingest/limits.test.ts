import { describe, expect, it } from 'vitest';
import { ingestFixture, phoneOf } from '../../support/ingest-fixture.ts';
import { frame, locationBody } from '../../support/terminal-bytes.ts';

const now = () => Math.floor(Date.now() / 1_000) * 1_000;

describe('a connection', () => {
  it('over the limits on connections: refused, counted, and those there are go on', async () => {
    const small = await ingestFixture({ limits: { maxConnections: 3, maxConnectionsPerAddress: 2 } });
    const one = await small.terminal(phoneOf(1));
    await one.login();
    const two = await small.terminal(phoneOf(2));
    const three = await small.terminal(phoneOf(3));
    await three.whenClosed();
    expect(await small.metric('closed_total', 'too_many_from_address')).toBe(1);
    expect(await one.report({ time: now() })).toBe(0);
    two.end();
    await small.close();
  });

  it('that sends faster than it may is read more slowly, not dropped', async () => {
    const limited = await ingestFixture({ limits: { maxFramesPerSecond: 20 } });
    const terminal = await limited.terminal(phoneOf(1));
    await terminal.login();
    const sent: number[] = [];
    // One frame a packet, so that the limit is met between two chunks and not within one.
    for (let i = 0; i < 60; i += 1) {
      sent.push(terminal.send(0x0200, locationBody({ time: now() - 60_000 + i * 1_000 })));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const serial of sent) expect(await terminal.ackOf(serial)).toBe(0);
    expect(limited.memory.positions('V1')).toHaveLength(60);
    await limited.close();
  });

  it('that does not read its answers is cut off before they fill the memory', async () => {
    const strict = await ingestFixture({
      limits: { maxUnsentBytes: 64 * 1024, maxFramesPerSecond: 1e9, maxBytesPerSecond: 1e12 },
    });
    const deaf = await strict.terminal(phoneOf(1));
    await deaf.login();
    deaf.socket.pause();
    const beats = Buffer.concat(Array.from({ length: 2_000 }, (_, i) => frame(deaf.edition, 0x0002, i, [])));
    const flood = setInterval(() => deaf.socket.write(beats), 5);
    await expect.poll(() => strict.metric('closed_total', 'does_not_read'), { timeout: 20_000 }).toBe(1);
    clearInterval(flood);
    await strict.close();
  });
});
