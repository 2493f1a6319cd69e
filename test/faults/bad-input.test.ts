import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IngestFixture, ingestFixture, phoneOf } from '../support/ingest-fixture.ts';
import { frame, locationBody, plainFrame, wrap } from '../support/terminal-bytes.ts';
import type { TestTerminal } from '../support/test-terminal.ts';

const now = () => Math.floor(Date.now() / 1_000) * 1_000;

let fixture: IngestFixture;
let healthy: TestTerminal;
let faulty: TestTerminal;
let healthyReports = 0;

beforeEach(async () => {
  fixture = await ingestFixture({ limits: { authDeadlineMs: 1_000, idleMs: 1_500, maxFaults: 5 } });
  healthy = await fixture.terminal(phoneOf(1));
  faulty = await fixture.terminal(phoneOf(2));
  await healthy.login();
  await faulty.login();
  healthyReports = 0;
});

/** Beside every fault a healthy bus goes on reporting, on the same connection, and all of it is stored. */
afterEach(async () => {
  await healthyReport();
  expect(healthy.closed).toBe(false);
  expect(fixture.memory.positions('V1')).toHaveLength(healthyReports);
  await fixture.close();
});

async function healthyReport(): Promise<void> {
  expect(await healthy.report({ time: now() - 600_000 + healthyReports * 1_000 })).toBe(0);
  healthyReports += 1;
}

const location = (): number[] => plainFrame(faulty.edition, 0x0200, 500, locationBody({ time: now() }));

/** In quarantine with that reason, counted, and logged. */
async function keptAs(reason: string): Promise<void> {
  await expect.poll(() => fixture.memory.quarantine.map((q) => q.reason)).toContain(reason);
  const counted =
    (await fixture.metric('faults_total', reason)) + (await fixture.metric('reports_total', reason));
  expect(counted).toBeGreaterThan(0);
  expect(fixture.log.some((line) => line.reason === reason)).toBe(true);
}

/** The connection is still good. */
async function stillServed(): Promise<void> {
  expect(await faulty.ackOf(faulty.send(0x0002))).toBe(0);
  await healthyReport();
}

describe('one bad frame', () => {
  it('truncated: kept as such, not answered, and the next frame is read', async () => {
    faulty.socket.write(wrap(location().slice(0, 25)));
    await keptAs('checksum');
    // Cut short with a checksum that fits what is left.
    const cut = location().slice(0, 25);
    faulty.socket.write(wrap([...cut, cut.reduce((sum, b) => sum ^ b, 0)]));
    await keptAs('length');
    expect(faulty.acked(500)).toBe(false);
    await stillServed();
  });

  it('oversized: given up at the limit, and the next frame is read', async () => {
    faulty.socket.write(Buffer.concat([Buffer.from([0x7e]), Buffer.alloc(5_000, 1), Buffer.from([0x7e])]));
    await keptAs('framing');
    await stillServed();
  });

  it('wrong checksum', async () => {
    const bytes = location();
    bytes[20] = (bytes[20] as number) ^ 1;
    faulty.socket.write(wrap(bytes));
    await keptAs('checksum');
    expect(faulty.acked(500)).toBe(false);
    await stillServed();
  });

  it('wrong length', async () => {
    const bytes = location().slice(0, -1);
    bytes[3] = (bytes[3] as number) + 2;
    faulty.socket.write(wrap([...bytes, bytes.reduce((sum, b) => sum ^ b, 0)]));
    await keptAs('length');
    expect(faulty.acked(500)).toBe(false);
    await stillServed();
  });

  it('garbage between frames', async () => {
    faulty.socket.write(Buffer.from('too short'));
    faulty.socket.write(frame(faulty.edition, 0x0002, 501, []));
    await keptAs('framing');
    // Long enough to be taken for one.
    faulty.socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    faulty.socket.write(frame(faulty.edition, 0x0002, 502, []));
    await keptAs('checksum');
    await stillServed();
  });

  it('unknown id: kept and answered as not supported', async () => {
    expect(await faulty.ackOf(faulty.send(0x0f77, [1, 2, 3]))).toBe(3);
    await expect.poll(() => fixture.memory.quarantine.map((q) => q.reason)).toContain('unsupported');
    expect(await fixture.metric('faults_total', 'unsupported')).toBe(1);
    await stillServed();
  });

  it('a body shorter than its table: kept and answered as a message error', async () => {
    expect(await faulty.ackOf(faulty.send(0x0200, locationBody({ time: now() }).slice(0, 27)))).toBe(2);
    await keptAs('body');
    await stillServed();
  });

  it.each([
    ['no date', [0x26, 0x13, 0x45, 0x99, 0x61, 0x61]],
    ['all zeros', [0, 0, 0, 0, 0, 0]],
    ['no decimals', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a year ahead', [0x49, 0x01, 0x01, 0x00, 0x00, 0x00]],
  ])('impossible date (%s): kept, and answered so that it is not sent for ever', async (_name, date) => {
    const body = [...locationBody({ time: now() }).slice(0, 22), ...date];
    expect(await faulty.ackOf(faulty.send(0x0200, body))).toBe(0);
    await keptAs('bad_time');
    expect(fixture.memory.positions('V2')).toEqual([]);
    await stillServed();
  });

  it.each([
    ['past the pole', 91, 119],
    ['past the date line', 31, 181],
    ['nowhere', 0, 0],
  ])('absurd position (%s): stored as received, no position to the rules', async (_name, lat, lon) => {
    expect(await faulty.report({ time: now(), lat, lon, speedKmh: 120 })).toBe(0);
    expect(fixture.memory.positions('V2')).toMatchObject([{ lat, lon, positioned: false }]);
    expect(fixture.memory.findings('V2')).toEqual([]);
    expect(await fixture.metric('reports_total', 'absurd_position')).toBe(1);
    await stillServed();
  });

  it('encrypted: kept and answered as not supported', async () => {
    const bytes = location().slice(0, -1);
    bytes[2] = (bytes[2] as number) | 0x04;
    faulty.socket.write(wrap([...bytes, bytes.reduce((sum, b) => sum ^ b, 0)]));
    expect(await faulty.ackOf(500)).toBe(3);
    expect(await fixture.metric('faults_total', 'encrypted')).toBe(1);
    await stillServed();
  });
});

describe('a bad connection', () => {
  it('that sends little but faults is closed', async () => {
    const broken = location();
    broken[20] = (broken[20] as number) ^ 1;
    for (let i = 0; i < 5; i += 1) faulty.socket.write(wrap(broken));
    await faulty.whenClosed();
    expect(await fixture.metric('closed_total', 'too_many_faults')).toBe(1);
    expect(fixture.log.some((line) => line.reason === 'closed_too_many_faults')).toBe(true);
    await healthyReport();
  });

  it('that sends a byte now and then, and never a whole frame, is closed', async () => {
    const slow = connect({ port: fixture.port, host: '127.0.0.1' });
    slow.on('error', () => undefined);
    const bytes = wrap(location());
    let at = 0;
    const drip = setInterval(() => slow.write(bytes.subarray(at, ++at)), 50);
    // The healthy one keeps itself alive meanwhile.
    const alive = setInterval(() => healthy.send(0x0002), 200);
    await new Promise((resolve) => slow.once('close', resolve));
    clearInterval(drip);
    clearInterval(alive);
    expect(await fixture.metric('closed_total', 'not_authenticated')).toBe(1);
    await healthyReport();
  });

  it('that falls silent after authentication is closed, by whole frames and not by bytes', async () => {
    const bytes = wrap(location());
    let at = 0;
    const drip = setInterval(() => faulty.socket.write(bytes.subarray(at, ++at)), 100);
    const alive = setInterval(() => healthy.send(0x0002), 200);
    await faulty.whenClosed();
    clearInterval(drip);
    clearInterval(alive);
    expect(await fixture.metric('closed_total', 'idle')).toBe(1);
    await healthyReport();
  });

  it('a thousand of them that never speak: closed at the deadline, and nobody else notices', async () => {
    let closed = 0;
    for (let n = 0; n < 1_000; n += 100) {
      const some = Array.from({ length: 100 }, () => connect({ port: fixture.port, host: '127.0.0.1' }));
      for (const socket of some) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          closed += 1;
        });
      }
      await Promise.all(some.map((s) => new Promise((resolve) => s.once('connect', resolve))));
      await healthyReport();
    }
    while (closed < 1_000) {
      await healthyReport();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await fixture.metric('closed_total', 'not_authenticated')).toBe(1_000);
  });
});
