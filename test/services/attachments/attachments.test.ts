import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { AttachmentLimits } from '../../../services/attachments/attachment-limits.ts';
import { startAttachments } from '../../../services/attachments/start-attachments.ts';
import { folderFiles } from '../../../services/media/folder-files.ts';
import {
  adasLocation,
  attachmentsBody,
  fileBody,
  readFileAnswer,
  readOrder,
  streamPacket,
} from '../../support/attachment-bytes.ts';
import { ingestFixture, PLAN_OF_NINE, phoneOf } from '../../support/ingest-fixture.ts';
import { mediaFixture, pictureBytes } from '../../support/media-fixture.ts';
import { locationBody } from '../../support/terminal-bytes.ts';
import { TestTerminal } from '../../support/test-terminal.ts';

const TIME = Date.UTC(2026, 10, 24, 0, 30);
const KEY = new Uint8Array(32).fill(7);
const PACKET_BYTES = 64 * 1024;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  limits: Partial<AttachmentLimits> = {},
  options: Parameters<typeof mediaFixture>[0] = {},
) {
  const media = await mediaFixture({ plan: PLAN_OF_NINE, ...options });
  const ingest = await ingestFixture({
    limits: { maxAttachmentOrdersPerMinute: 100 },
    media: media.keeper,
    attachments: { key: KEY, address: undefined, port: 8809 },
  });
  const attachments = await startAttachments({
    port: 0,
    host: '127.0.0.1',
    keeper: media.keeper,
    terminals: ingest.memory.terminals,
    plan: { plan: PLAN_OF_NINE },
    key: KEY,
    log: pino({ level: 'silent' }),
    limits,
  });
  closing.push(
    () => media.close(),
    () => attachments.close(),
    () => ingest.close(),
  );
  const terminal = await ingest.terminal(phoneOf(1));
  await terminal.login();
  const upload = async (phone = phoneOf(1)): Promise<TestTerminal> => {
    const connection = await TestTerminal.connect(attachments.port, phone);
    closing.push(() => connection.end());
    return connection;
  };
  /** Raises an alarm and waits until its files are asked for. */
  const asked = async (files: number, sequence = 0, at = terminal) => {
    const alarm = { time: TIME, files, sequence };
    const before = at.received.length;
    at.send(0x0200, adasLocation(alarm));
    const order = await at.answer((f) => f.msgId === 0x9208 && at.received.indexOf(f) >= before);
    return { alarm, ...readOrder(order.body) };
  };
  return { ...media, ingest, attachments, terminal, upload, asked };
}

interface File {
  readonly name: string;
  readonly data: Buffer;
  readonly type?: number;
}

const announce = (
  connection: TestTerminal,
  order: { alarm: Parameters<typeof attachmentsBody>[0]; number: string },
  files: readonly File[],
) =>
  connection.ackOf(
    connection.send(
      0x1210,
      attachmentsBody(
        order.alarm,
        order.number,
        files.map(({ name, data }) => ({ name, bytes: data.length })),
      ),
    ),
  );

const begin = (connection: TestTerminal, { name, data, type = 0 }: File) =>
  connection.ackOf(connection.send(0x1211, fileBody(name, type, data.length)));

const stream = (connection: TestTerminal, { name, data }: File, from = 0, to = data.length) => {
  for (let at = from; at < to; at += PACKET_BYTES) {
    connection.socket.write(streamPacket(name, at, data.subarray(at, Math.min(at + PACKET_BYTES, to))));
  }
};

/** 0x1212 and what the platform says of the file. */
async function finish(connection: TestTerminal, { name, data, type = 0 }: File) {
  const before = connection.received.length;
  connection.send(0x1212, fileBody(name, type, data.length));
  const { body } = await connection.answer(
    (f) => f.msgId === 0x9212 && connection.received.indexOf(f) >= before,
  );
  return readFileAnswer(body);
}

const nameOf = (number: string, type = '00', extension = 'jpg'): string =>
  `${`${type}_64_6401_0_${number}`.slice(0, 45)}.${extension}`;

describe('files of alarms by T/JSATL 12', () => {
  it('are asked for on the line of the alarm, and stored before the terminal is told that they are complete', async () => {
    const { asked, upload, stored, media, terminal } = await start();
    const order = await asked(2);
    expect(order).toMatchObject({ address: '127.0.0.1', port: 8809 });
    expect(order.number).toMatch(/^[0-9a-v]{32}$/);
    const photo: File = { name: nameOf(order.number), data: pictureBytes(150_000) };
    const video: File = {
      name: nameOf(order.number, '02', 'mp4'),
      data: Buffer.concat([Buffer.from('\0\0\0\x18ftypisom'), pictureBytes(300_000, 5)]),
      type: 2,
    };
    const connection = await upload();
    expect(await announce(connection, order, [photo, video])).toBe(0);
    for (const file of [photo, video]) {
      expect(await begin(connection, file)).toBe(0);
      stream(connection, file);
      expect(await finish(connection, file)).toEqual({ name: file.name, result: 0, gaps: [] });
      expect(stored().get(file.name)?.equals(file.data)).toBe(true);
    }
    expect([...media.rows.values()]).toMatchObject([
      {
        vehicle: 'V1',
        phone: phoneOf(1),
        kind: 'photo',
        channel: 64,
        time: TIME,
        alarmNumber: order.number,
        message: '0x1212',
        file: { contentType: 'image/jpeg', bytes: 150_000 },
      },
      { kind: 'video', file: { contentType: 'video/mp4' } },
    ]);
    expect(terminal.acked(1)).toBe(true);
  });

  it('are not asked for where an alarm has none, nor twice for a report sent again', async () => {
    const { asked, terminal } = await start();
    await terminal.report({ time: TIME - 1_000 });
    expect(await terminal.ackOf(terminal.send(0x0200, adasLocation({ time: TIME, files: 0 })))).toBe(0);
    await asked(1, 1);
    await terminal.ackOf(terminal.send(0x0200, adasLocation({ time: TIME, files: 1, sequence: 1 })));
    expect(terminal.received.filter((f) => f.msgId === 0x9208)).toHaveLength(1);
  });

  it('say what is missing, and are complete with it, in any order and some twice', async () => {
    const { asked, upload, stored } = await start();
    const order = await asked(1);
    const file: File = { name: nameOf(order.number), data: pictureBytes(400_000) };
    const connection = await upload();
    await announce(connection, order, [file]);
    await begin(connection, file);
    stream(connection, file, 200_000, 330_000);
    stream(connection, file, 0, 100_000);
    stream(connection, file, 50_000, 120_000);
    expect(await finish(connection, file)).toEqual({
      name: file.name,
      result: 1,
      gaps: [
        [120_000, 80_000],
        [330_000, 70_000],
      ],
    });
    expect(stored().size).toBe(0);
    stream(connection, file, 330_000);
    stream(connection, file, 120_000, 200_000);
    expect((await finish(connection, file)).result).toBe(0);
    expect(stored().get(file.name)?.equals(file.data)).toBe(true);
    // The answer may have been lost.
    expect((await finish(connection, file)).result).toBe(0);
  });

  it('come again over another connection after the first broke, and are stored once', async () => {
    const { asked, upload, stored, files, spool } = await start();
    const order = await asked(1);
    const file: File = { name: nameOf(order.number), data: pictureBytes(200_000) };
    const first = await upload();
    await announce(first, order, [file]);
    await begin(first, file);
    stream(first, file, 0, 130_000);
    first.end();
    const second = await upload();
    await announce(second, order, [file]);
    await begin(second, file);
    stream(second, file);
    expect((await finish(second, file)).result).toBe(0);
    const third = await upload();
    await announce(third, order, [file]);
    await begin(third, file);
    stream(third, file);
    expect((await finish(third, file)).result).toBe(0);
    expect([stored().size, files.puts]).toEqual([1, 1]);
    for (const connection of [second, third]) connection.end();
    while (spool.openFiles > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('of an alarm that the platform did not ask for, or of another terminal, are refused', async () => {
    const { asked, upload, counts } = await start();
    const order = await asked(1);
    const file: File = { name: nameOf(order.number), data: pictureBytes(1_000) };
    const made = await upload();
    expect(await announce(made, { ...order, number: '0'.repeat(32) }, [file])).toBe(1);
    await made.whenClosed();
    const others = await upload(phoneOf(2));
    expect(await announce(others, order, [file])).toBe(1);
    await others.whenClosed();
    const another = await upload();
    expect(await announce(another, { ...order, alarm: { ...order.alarm, sequence: 9 } }, [file])).toBe(1);
    await another.whenClosed();
    expect(counts.faults.of('wrong_number')).toBe(3);
    const unsaid = await upload();
    expect(await begin(unsaid, file)).toBe(1);
    await unsaid.whenClosed();
  });

  it('have names that are never paths', async () => {
    const { asked, upload, media, files } = await start();
    const order = await asked(1);
    const file: File = { name: '../../../etc/passwd', data: pictureBytes(1_000) };
    const connection = await upload();
    await announce(connection, order, [file]);
    await begin(connection, file);
    stream(connection, file);
    expect((await finish(connection, file)).result).toBe(0);
    expect([...media.rows.values()][0]).toMatchObject({ name: '../../../etc/passwd', channel: 0 });
    expect([...files.held.keys()][0]).toMatch(/^[0-9/]{11}[0-9a-f]{2}\/[0-9a-f]{32}\.jpg$/);
  });

  it('with absurd sizes, offsets and counts are refused', async () => {
    const { asked, upload, counts, spool } = await start({ maxFileBytes: 100_000, maxFiles: 3 });
    const order = await asked(1);
    const long = await upload();
    const tooLong = attachmentsBody(order.alarm, order.number, [{ name: 'a.jpg', bytes: 0xffff_ffff }]);
    expect(await long.ackOf(long.send(0x1210, tooLong))).toBe(1);
    const many = await upload();
    const files = Array.from({ length: 9 }, (_, i) => ({ name: `${i}.jpg`, data: pictureBytes(10) }));
    expect(await announce(many, order, files)).toBe(1);
    const connection = await upload();
    const file: File = { name: 'a.jpg', data: pictureBytes(1_000) };
    await announce(connection, order, [file]);
    expect(await connection.ackOf(connection.send(0x1211, fileBody('a.jpg', 0, 0x7fff_ffff)))).toBe(1);
    expect(await connection.ackOf(connection.send(0x1211, fileBody('b.jpg', 0, 10)))).toBe(1);
    await begin(connection, file);
    connection.socket.write(streamPacket('a.jpg', 999, Buffer.alloc(2)));
    connection.socket.write(streamPacket('a.jpg', 0xffff_fff0, Buffer.alloc(20)));
    connection.socket.write(streamPacket('other.jpg', 0, Buffer.alloc(20)));
    connection.socket.write(streamPacket('a.jpg', 0, Buffer.alloc(0), 0xffff_ffff));
    stream(connection, file);
    expect((await finish(connection, file)).result).toBe(0);
    expect([counts.faults.of('stray_data'), counts.faults.of('packet_too_long')]).toEqual([3, 1]);
    expect(spool.openFiles).toBe(0);
  });

  it('survive garbage between frames and packets', async () => {
    const { asked, upload, stored, counts } = await start();
    const order = await asked(1);
    const file: File = { name: nameOf(order.number), data: pictureBytes(3_000) };
    const connection = await upload();
    connection.socket.write('GET / HTTP/1.1\r\n');
    await announce(connection, order, [file]);
    await begin(connection, file);
    connection.socket.write(Buffer.from('rubbish'));
    stream(connection, file);
    connection.socket.write(Buffer.from([0x7e, 1, 2, 3, 0x7e]));
    expect((await finish(connection, file)).result).toBe(0);
    expect(stored().get(file.name)?.equals(file.data)).toBe(true);
    expect(counts.faults.of('garbage')).toBe(2);
  });

  it('that are nothing but garbage end the connection', async () => {
    const { upload, counts } = await start({ maxFaults: 3 });
    const connection = await upload();
    for (let i = 0; i < 3; i += 1) connection.socket.write(Buffer.from([1, 2, 0x7e, 0x7e, 3, 0x7e]));
    await connection.whenClosed();
    expect(counts.closed.of('too_many_faults')).toBe(1);
  });

  it('are not told to be complete while the disk is full, and are when it is not', async () => {
    const { asked, upload, files, counts, stored } = await start({}, { limits: { tries: 2 } });
    files.fault = 'ENOSPC: no space left on device';
    const order = await asked(1);
    const file: File = { name: nameOf(order.number), data: pictureBytes(100_000) };
    const connection = await upload();
    await announce(connection, order, [file]);
    await begin(connection, file);
    stream(connection, file);
    connection.send(0x1212, fileBody(file.name, 0, file.data.length));
    while (counts.outcomes.of('store_failed') < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(connection.received.some((f) => f.msgId === 0x9212)).toBe(false);
    files.fault = null;
    // Unanswered, the terminal says again that it has sent all: nothing is sent twice.
    expect((await finish(connection, file)).result).toBe(0);
    expect(stored().get(file.name)?.equals(file.data)).toBe(true);
  });

  it('from a sender that gives a byte now and then, or says nothing, end the connection', async () => {
    const { attachments, counts } = await start({ introduceMs: 1, idleMs: 100 });
    const socket = connect(attachments.port, '127.0.0.1');
    const dripping = setInterval(() => socket.write('x'), 20);
    await new Promise<void>((resolve) => socket.once('close', () => resolve()).resume());
    clearInterval(dripping);
    expect(counts.closed.of('not_introduced')).toBe(1);
  });

  it('that stop in the middle end the connection and leave nothing', async () => {
    const { asked, upload, counts, spool } = await start({ idleMs: 100, minBytes: 5_000_000 });
    const order = await asked(1);
    const file: File = { name: nameOf(order.number), data: pictureBytes(1_000) };
    const connection = await upload();
    await announce(connection, order, [file]);
    await begin(connection, file);
    stream(connection, file, 0, 100);
    await connection.whenClosed();
    expect(counts.closed.of('idle')).toBe(1);
    while (spool.openFiles > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('take no more connections than may be', async () => {
    const { upload, counts } = await start({ maxConnections: 2 });
    await upload();
    await upload();
    const third = await upload();
    await third.whenClosed();
    expect(counts.closed.of('too_many_connections')).toBe(1);
  });

  it('answer what is no message of theirs', async () => {
    const { upload } = await start();
    const connection = await upload();
    expect(await connection.ackOf(connection.send(0x0200, locationBody({ time: TIME })))).toBe(3);
    expect(await connection.ackOf(connection.send(0x0002))).toBe(0);
    expect(await connection.ackOf(connection.send(0x1210, [1, 2, 3]))).toBe(2);
  });
});

describe('fifty terminals at once', () => {
  it('are stored with memory that does not grow with what they send', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'busguard-media-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const options = { files: folderFiles(folder), spool: { maxOpen: 60 } };
    const { asked, upload, media, spool } = await start({}, options);
    const orders = [];
    for (let i = 0; i < 50; i += 1) orders.push(await asked(1, i));
    const data = pictureBytes(2_000_000);
    globalThis.gc?.();
    const before = process.memoryUsage();
    let most = 0;
    const watching = setInterval(() => {
      const { rss } = process.memoryUsage();
      most = Math.max(most, rss - before.rss);
    }, 20);
    let open = 0;
    await Promise.all(
      orders.map(async (order) => {
        const file: File = { name: nameOf(order.number), data };
        const connection = await upload();
        await announce(connection, order, [file]);
        await begin(connection, file);
        for (let at = 0; at < data.length; at += PACKET_BYTES) {
          const packet = streamPacket(file.name, at, data.subarray(at, at + PACKET_BYTES));
          if (!connection.socket.write(packet))
            await new Promise((resolve) => connection.socket.once('drain', resolve));
          open = Math.max(open, spool.openFiles);
        }
        expect((await finish(connection, file)).result).toBe(0);
      }),
    );
    clearInterval(watching);
    expect(open).toBe(50);
    expect(spool.openFiles).toBe(0);
    expect([...media.rows.values()].filter((row) => row.file !== null)).toHaveLength(50);
    process.stdout.write(`50 uploads of 2 MB: ${Math.round(most / 1e6)} MB of memory at most\n`);
    expect(most).toBeLessThan(90e6);
  });
});
