import { describe, expect, it } from 'vitest';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import { encodeMessage, hex } from '../../protocol/jt808/index.ts';
import { REFERENCE_FRAMES as F } from './vectors.ts';

const read = (line: string) => new FrameReader().read(line);
const write = (object: unknown) => new FrameWriter().write(JSON.stringify(object));

describe('lines of hex', () => {
  it('may have spaces, capitals, and no flags', () => {
    const plain = read(F.heartbeat);
    expect(read(F.heartbeat.toUpperCase().replace(/../g, '$& '))).toEqual(plain);
    expect(read(F.heartbeat.slice(2, -2))).toEqual(plain);
  });

  it.each([
    ['zz', 'framing'],
    ['7e0', 'framing'],
    [`${F.heartbeat}${F.heartbeat}`, 'framing'],
    [F.heartbeat.slice(0, -2), 'framing'],
    ['7e000200007e', 'truncated'],
    [F.heartbeat.replace('317e', '327e'), 'checksum'],
    ['7e000200010139123456780003307e', 'length'],
    ['7e0f0000000139123456780003 3c7e', 'unsupported'],
    ['7e80010001013912345678000300b37e', 'body'],
    ['7e000204000139123456780003357e', 'unsupported'],
  ])('%s is refused as %s', (line, error) => {
    expect(read(line)).toMatchObject({ ok: false, error });
  });

  it('says of a fault whose frame it was, as far as that can be read', () => {
    expect(read(F.heartbeat.replace('317e', '327e'))).toMatchObject({
      msgId: '0x0002',
      phone: '013912345678',
      serial: 3,
      hex: F.heartbeat.replace('317e', '327e'),
    });
  });

  it('gives what could be read of a body of the wrong length', () => {
    const short = `02000030${F.southWest.slice(10, -4)}`;
    const sum = short.match(/../g)!.reduce((x, byte) => x ^ Number.parseInt(byte, 16), 0);
    expect(read(short + sum.toString(16).padStart(2, '0'))).toMatchObject({
      ok: false,
      error: 'length',
      body: { lat: -33.856784 },
    });
  });
});

describe('messages of several packets', () => {
  const text = '校'.repeat(900);
  const message = { msgId: 0x8300, version: '2013', phone: '013912345678', serial: 65535 } as const;
  const frames = encodeMessage({ ...message, body: { flag: 4, text } }).map((frame) => hex(frame));

  it('are joined in the last to come, whatever the order', () => {
    expect(frames).toHaveLength(2);
    for (const order of [frames, [...frames].reverse()]) {
      const reader = new FrameReader();
      const [first, last] = order.map((frame) => reader.read(frame));
      expect(first).toMatchObject({ ok: true, parts: 2 });
      expect(first).not.toHaveProperty('body');
      expect(last).toMatchObject({ ok: true, parts: 2, body: { flag: 4, text } });
    }
  });

  it('come back packet for packet, also cut elsewhere than we would', () => {
    const whole = encodeMessage({ ...message, parts: 5, body: { flag: 4, text } }).map((frame) => hex(frame));
    expect(whole).toHaveLength(5);
    for (const order of [whole, [...whole].reverse(), [2, 0, 4, 1, 3].map((i) => whole[i]!)]) {
      const reader = new FrameReader();
      const writer = new FrameWriter();
      expect(order.flatMap((frame) => writer.write(JSON.stringify(reader.read(frame))))).toEqual(order);
    }
  });

  it('are cut anew where only the joined one is given', () => {
    const reader = new FrameReader();
    const last = frames.map((frame) => reader.read(frame)).at(-1);
    expect(write(last)).toEqual(frames);
  });
});

describe('objects to frames', () => {
  const location = {
    msgId: '0x0200',
    phone: '13912345678',
    body: (read(F.location) as { body?: object }).body,
  };

  it('need no more than id, phone and body', () => {
    const [frame] = write(location);
    expect(read(frame!)).toMatchObject({ ok: true, phone: '013912345678', serial: 0, body: location.body });
  });

  it('take the status by name, and the sign of a place from its degrees', () => {
    const body = {
      alarms: ['emergency', 'overspeed'],
      status: { accOn: true, positioned: true, inOperation: true, load: 'full', doors: ['front'] },
      lat: -33.856784,
      lon: 151.215297,
      altitudeM: -3,
      speedKmh: 40.2,
      directionDeg: 90,
      time: '2026-03-02T00:00:00Z',
      extras: {},
    };
    const [frame] = write({ ...location, body });
    expect(read(frame!)).toMatchObject({
      warnings: [],
      body: {
        alarmFlags: 3,
        statusFlags: 0b10_0011_0000_0111,
        lat: -33.856784,
        lon: 151.215297,
        altitudeM: -3,
        time: '2026-03-02T08:00:00+08:00',
      },
    });
  });

  it.each([
    [{ ...location, body: { ...location.body, lat: 'north' } }, 'lat'],
    [{ ...location, body: { ...location.body, speedKmh: 7000 } }, 'speedKmh'],
    [{ ...location, body: { ...location.body, colour: 1 } }, 'colour'],
    [{ ...location, body: { ...location.body, time: 'yesterday' } }, 'time'],
    [{ ...location, body: { ...location.body, extras: { fule: 1 } } }, 'extras'],
    [{ msgId: '0x8001', phone: '1', body: { responseSerial: 1, responseMsgId: '0x0200' } }, 'result'],
    [{ msgId: '0x8100', phone: '1', body: { responseSerial: 1, result: 1, authCode: 'A' } }, 'authCode'],
    [{ msgId: '0x0200', phone: '1391234567890123', body: location.body }, 'phone'],
    [{ msgId: '0x0999', phone: '1', body: {} }, 'msgId'],
    [{ ok: false }, 'ok'],
  ])('what cannot be sent is refused by the name of its field: %#', (object, field) => {
    expect(() => write(object)).toThrow(new RegExp(`^${field}`));
  });

  it('sends the raw bytes of an odd frame, until a field is edited', () => {
    const odd = '7e000240000139123456780003717e';
    const object = read(odd) as unknown as Record<string, unknown>;
    expect(object).toMatchObject({ ok: true, version: '2013', raw: expect.any(String) });
    expect(write(object)).toEqual([odd]);
    expect(write({ ...object, serial: 4 })).toEqual(['7e000200000139123456780004367e']);
  });
});
