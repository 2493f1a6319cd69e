import { existsSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import type { IngestLimits } from '../../../services/ingest/limits.ts';
import type { LiveMedia } from '../../../services/media/live-media.ts';
import { ingestFixture, PLAN_OF_NINE, phoneOf } from '../../support/ingest-fixture.ts';
import { type MediaFixture, mediaFixture, pictureBytes } from '../../support/media-fixture.ts';
import { frame, locationBody } from '../../support/terminal-bytes.ts';
import type { TestTerminal } from '../../support/test-terminal.ts';
import { quiet } from '../store/backends.ts';

const TIME = Date.UTC(2026, 10, 24, 0, 30);
const PART_BYTES = 900;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(limits: Partial<IngestLimits> = {}, options: Parameters<typeof mediaFixture>[0] = {}) {
  const bus = inProcessBus(quiet);
  const media = await mediaFixture({ bus, plan: PLAN_OF_NINE, ...options });
  const ingest = await ingestFixture({ bus, limits, media: media.keeper });
  closing.push(
    () => media.close(),
    () => ingest.close(),
  );
  const terminal = await ingest.terminal(phoneOf(1));
  await terminal.login();
  return { ...media, ingest, terminal, bus };
}

interface Medium {
  readonly id: number;
  readonly data: Buffer;
  readonly type?: number;
  readonly event?: number;
  readonly channel?: number;
  readonly head?: readonly number[];
}

/** Body of 0x0801: JT/T 808-2013 table 81. */
function mediaBody({ id, data, type = 0, event = 0, channel = 1, head }: Medium): Buffer {
  const facts = Buffer.from([0, 0, 0, 0, type, 0, event, channel]);
  facts.writeUInt32BE(id);
  return Buffer.concat([facts, Buffer.from(head ?? locationBody({ time: TIME })), data]);
}

/** A medium in packets under serials of its own, sent as the test likes. */
function packets(terminal: TestTerminal, medium: Medium, partBytes = PART_BYTES) {
  const body = mediaBody(medium);
  const total = Math.ceil(body.length / partBytes);
  const first = terminal.serial;
  terminal.serial = (first + total) & 0xffff;
  const frames = Array.from({ length: total }, (_, i) =>
    frame(terminal.edition, 0x0801, (first + i) & 0xffff, body.subarray(i * partBytes, (i + 1) * partBytes), {
      total,
      number: i + 1,
    }),
  );
  return {
    total,
    first,
    frames,
    send: (...numbers: number[]) =>
      terminal.socket.write(Buffer.concat(numbers.map((n) => frames[n - 1] as Buffer))),
    sendAll: () => terminal.socket.write(Buffer.concat(frames)),
  };
}

/** The answer that says that the medium is stored: its number, and nothing missing. */
const storedAnswer = (terminal: TestTerminal, id: number) =>
  terminal.answer((f) => f.msgId === 0x8800 && f.body.length === 4 && f.body.readUInt32BE(0) === id);

const missingAnswer = async (terminal: TestTerminal, id: number): Promise<number[]> => {
  const { body } = await terminal.answer(
    (f) => f.msgId === 0x8800 && f.body.length > 4 && f.body.readUInt32BE(0) === id,
  );
  return Array.from({ length: body[4] as number }, (_, i) => body.readUInt16BE(5 + 2 * i));
};

const spooled = ({ spoolFolder }: Pick<MediaFixture, 'spoolFolder'>): string[] =>
  existsSync(spoolFolder) ? readdirSync(spoolFolder) : [];

describe('photos and recordings by 0x0801', () => {
  it('are stored with whose, when and where before they are answered, and told to those who watch', async () => {
    const { terminal, stored, media, bus, files } = await start();
    const seen: LiveMedia[] = [];
    bus.subscribe('media.>', (event) => seen.push(event as LiveMedia));
    const data = pictureBytes(50_000);
    packets(terminal, { id: 7, data, channel: 3, event: 2 }).sendAll();
    await storedAnswer(terminal, 7);
    expect(stored().get(7)?.equals(data)).toBe(true);
    const [row] = [...media.rows.values()];
    expect(row).toMatchObject({
      state: 'stored',
      vehicle: 'V1',
      phone: phoneOf(1),
      kind: 'photo',
      channel: 3,
      event: 2,
      terminalMediaId: 7,
      message: '0x0801',
      time: TIME,
      lat: 31.81,
      lon: 119.97,
      file: { contentType: 'image/jpeg', bytes: 50_000 },
    });
    expect([...files.held.keys()][0]).toMatch(/^\d{4}\/\d\d\/\d\d\/[0-9a-f]{2}\/[0-9a-f]{32}\.jpg$/);
    expect(seen.map((event) => event.media.id)).toEqual([row?.id]);
  });

  it('are taken in one piece too, and without a place', async () => {
    const { terminal, stored, media } = await start();
    const data = pictureBytes(500, 4);
    terminal.send(0x0801, mediaBody({ id: 9, data, head: locationBody({ time: TIME, status: 0 }) }));
    await storedAnswer(terminal, 9);
    expect(stored().get(9)?.equals(data)).toBe(true);
    expect([...media.rows.values()][0]).toMatchObject({ lat: null, lon: null, time: TIME });
  });

  it('are put together from packets in any order, some of them twice', async () => {
    const { terminal, stored } = await start();
    const data = pictureBytes(20_000, 2);
    const { send, total } = packets(terminal, { id: 1, data });
    const order = Array.from({ length: total }, (_, i) => ((i * 7) % total) + 1);
    expect(new Set(order).size).toBe(total);
    send(...order.slice(0, 10), ...order.slice(0, 3), ...order.slice(10));
    await storedAnswer(terminal, 1);
    expect(stored().get(1)?.equals(data)).toBe(true);
  });

  it('ask for what is missing by 0x8800, and are whole with it', async () => {
    const { terminal, stored } = await start();
    const data = pictureBytes(9_000, 3);
    const { send, total } = packets(terminal, { id: 5, data });
    send(...Array.from({ length: total }, (_, i) => i + 1).filter((n) => n !== 4 && n !== 8));
    expect(await missingAnswer(terminal, 5)).toEqual([4, 8]);
    send(4, 8);
    await storedAnswer(terminal, 5);
    expect(stored().get(5)?.equals(data)).toBe(true);
  });

  it('ask for a missing first packet by 0x8003, since it has their number', async () => {
    const { terminal, stored } = await start();
    const data = pictureBytes(4_000, 3);
    const { send, total, first } = packets(terminal, { id: 6, data });
    send(...Array.from({ length: total - 1 }, (_, i) => i + 2));
    const { body } = await terminal.answer((f) => f.msgId === 0x8003);
    expect([body.readUInt16BE(0), body[2], body.readUInt16BE(3)]).toEqual([first, 1, 1]);
    send(1);
    await storedAnswer(terminal, 6);
    expect(stored().get(6)?.equals(data)).toBe(true);
  });

  it('take a packet that comes again under another serial number', async () => {
    const { terminal, stored } = await start();
    const data = pictureBytes(5_000, 8);
    const body = mediaBody({ id: 11, data });
    const { send, total } = packets(terminal, { id: 11, data });
    send(...Array.from({ length: total }, (_, i) => i + 1).filter((n) => n !== 3));
    expect(await missingAnswer(terminal, 11)).toEqual([3]);
    const again = body.subarray(2 * PART_BYTES, 3 * PART_BYTES);
    terminal.socket.write(frame(terminal.edition, 0x0801, 40_000, again, { total, number: 3 }));
    await storedAnswer(terminal, 11);
    expect(stored().get(11)?.equals(data)).toBe(true);
  });

  it('are told apart when two of the same length come through each other', async () => {
    const { terminal, stored } = await start();
    const one = pictureBytes(9_000, 21);
    const two = pictureBytes(9_000, 22);
    const a = packets(terminal, { id: 21, data: one });
    const b = packets(terminal, { id: 22, data: two });
    for (let n = 1; n <= a.total; n += 1) {
      a.send(n);
      b.send(n);
    }
    await Promise.all([storedAnswer(terminal, 21), storedAnswer(terminal, 22)]);
    expect(stored().get(21)?.equals(one)).toBe(true);
    expect(stored().get(22)?.equals(two)).toBe(true);
  });

  it('do not hold up reports', async () => {
    const { terminal, ingest } = await start();
    const { send, sendAll } = packets(terminal, { id: 2, data: pictureBytes(9_000) });
    send(1, 2, 3);
    expect(await terminal.report({ time: TIME })).toBe(0);
    sendAll();
    await storedAnswer(terminal, 2);
    expect(ingest.memory.positions('V1')).toHaveLength(1);
  });

  it('are stored once when they come twice, and answered both times', async () => {
    const { terminal, media, files, ingest } = await start();
    const data = pictureBytes(9_000);
    packets(terminal, { id: 3, data }).sendAll();
    await storedAnswer(terminal, 3);
    const again = await ingest.terminal(phoneOf(1));
    await again.login();
    packets(again, { id: 3, data }).sendAll();
    await storedAnswer(again, 3);
    expect([media.rows.size, files.puts]).toEqual([1, 1]);
  });

  it('answer again when only the last packet comes again, its answer lost', async () => {
    const { terminal, files } = await start();
    const { sendAll, send, total } = packets(terminal, { id: 4, data: pictureBytes(9_000) });
    sendAll();
    await storedAnswer(terminal, 4);
    terminal.received.length = 0;
    send(total);
    await storedAnswer(terminal, 4);
    expect(files.puts).toBe(1);
  });

  it('of the edition of 2011 count their packets in the body, and are answered in its form', async () => {
    const { terminal, stored } = await start();
    const data = pictureBytes(2_000, 31);
    const part = (n: number) => {
      const head = Buffer.from([0, 0, 0, 31, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 0, n]);
      return Buffer.concat([head, data.subarray((n - 1) * 700, n * 700)]);
    };
    terminal.send(0x0801, part(1));
    terminal.send(0x0801, part(3));
    terminal.send(0x0801, part(2));
    const { body } = await terminal.answer((f) => f.msgId === 0x8800 && f.body.length === 6);
    expect(body.readUInt32BE(2)).toBe(31);
    expect(stored().get(31)?.equals(data)).toBe(true);
  });

  it('are not answered while the disk is full, and are when it is not', async () => {
    const { terminal, files, counts, stored } = await start({}, { limits: { tries: 3 } });
    files.fault = 'ENOSPC: no space left on device';
    const data = pictureBytes(9_000);
    const medium = packets(terminal, { id: 8, data });
    medium.sendAll();
    while (counts.outcomes.of('store_failed') < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await terminal.report({ time: TIME })).toBe(0);
    expect(terminal.received.some((f) => f.msgId === 0x8800)).toBe(false);
    files.fault = null;
    medium.sendAll();
    await storedAnswer(terminal, 8);
    expect(stored().get(8)?.equals(data)).toBe(true);
  });

  it('wait for the database and are answered when it is there', async () => {
    const { terminal, media, stored } = await start({}, { limits: { tries: 1_000 } });
    media.down = true;
    const data = pictureBytes(9_000);
    packets(terminal, { id: 8, data }).sendAll();
    expect(await terminal.report({ time: TIME })).toBe(0);
    expect(terminal.received.some((f) => f.msgId === 0x8800)).toBe(false);
    media.down = false;
    await storedAnswer(terminal, 8);
    expect(stored().get(8)?.equals(data)).toBe(true);
  });

  it('that are absurdly long or numbered are refused, and nothing is kept for them', async () => {
    const { terminal, counts, spool } = await start({ maxMediaBytes: 20_000 });
    const body = mediaBody({ id: 1, data: pictureBytes(500) });
    const refused = terminal.serial;
    terminal.serial += 3;
    terminal.socket.write(frame(terminal.edition, 0x0801, refused, body, { total: 65_535, number: 1 }));
    expect(await terminal.ackOf(refused)).toBe(3);
    terminal.socket.write(frame(terminal.edition, 0x0801, refused + 1, body, { total: 5, number: 6 }));
    terminal.socket.write(frame(terminal.edition, 0x0801, refused + 2, body, { total: 5, number: 0 }));
    terminal.send(0x0801, [0, 0, 0, 1]);
    // Honest in its numbers, but longer than may be.
    const { sendAll, first, total } = packets(terminal, { id: 2, data: pictureBytes(30_000) });
    sendAll();
    expect(await terminal.ackOf(first + total - 8)).toBe(3);
    expect(await terminal.report({ time: TIME })).toBe(0);
    expect(counts.outcomes.of('too_long')).toBeGreaterThan(1);
    expect(counts.outcomes.of('stored')).toBe(0);
    expect(spool.openFiles).toBe(0);
  });

  it('that are never finished are given up, their part removed', async () => {
    const limits = { missingPacketsMs: 1, maxPacketRequests: 1 };
    const fixture = await start(limits, { spool: { writeAtBytes: 1 } });
    const { terminal, counts, spool } = fixture;
    packets(terminal, { id: 1, data: pictureBytes(9_000) }).send(1, 2);
    await missingAnswer(terminal, 1);
    while (counts.outcomes.of('incomplete') === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(spool.openFiles).toBe(0);
    while (spooled(fixture).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('of a connection that ends leave nothing behind', async () => {
    const fixture = await start({}, { spool: { writeAtBytes: 1 } });
    const { terminal, spool } = fixture;
    packets(terminal, { id: 1, data: pictureBytes(9_000) }).send(1, 2, 3);
    await terminal.report({ time: TIME });
    expect(spool.openFiles).toBe(1);
    terminal.end();
    while (spool.openFiles > 0 || spooled(fixture).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('beyond the number that may be under way give up the oldest', async () => {
    const { terminal, spool } = await start({ maxMediaUploads: 2 });
    for (let id = 1; id <= 4; id += 1) packets(terminal, { id, data: pictureBytes(9_000, id) }).send(1, 2);
    await terminal.report({ time: TIME });
    expect(spool.openFiles).toBe(2);
  });

  it('find no room when the process has too many under way', async () => {
    const { terminal, ingest, spool, counts } = await start({}, { spool: { maxOpen: 1 } });
    packets(terminal, { id: 1, data: pictureBytes(9_000) }).send(1, 2);
    await terminal.report({ time: TIME });
    const other = await ingest.terminal(phoneOf(2));
    await other.login();
    packets(other, { id: 1, data: pictureBytes(9_000) }).send(1, 2);
    await other.report({ time: TIME });
    expect([spool.openFiles, counts.outcomes.of('busy')]).toEqual([1, 2]);
  });
});

describe('what a terminal says it has, by 0x0800', () => {
  it('is kept once, and is gone from the list when it comes', async () => {
    const { terminal, media } = await start();
    const event = [0, 0, 0, 12, 0, 0, 3, 1];
    expect(await terminal.ackOf(terminal.send(0x0800, event))).toBe(0);
    expect(await terminal.ackOf(terminal.send(0x0800, event))).toBe(0);
    expect([...media.rows.values()]).toMatchObject([
      { state: 'announced', kind: 'photo', event: 3, channel: 1, terminalMediaId: 12, vehicle: 'V1' },
    ]);
    expect(await terminal.ackOf(terminal.send(0x0800, [0, 0, 0, 12]))).toBe(2);
  });
});
