import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import { encodeFrame, fromHex, hex, type Version } from '../../protocol/jt808/index.ts';
import { REFERENCE_FRAMES as F } from './vectors.ts';

/** A frame of a body in hex. */
function frame(msgId: number, body: string, version: Version = '2013'): string {
  return hex(encodeFrame({ msgId, version, phone: '013912345678', serial: 1 }, fromHex(body)!));
}

/** A frame of header and body as they are, with a right checksum. */
function sealed(content: string): string {
  const sum = fromHex(content)!.reduce((x, byte) => x ^ byte, 0);
  return `7e${content}${hex(Uint8Array.of(sum))}7e`;
}

const BASE = '00000000000c00030260f5d706f0159e002c0146007d';
const TIME = '260302073015';

/**
 * What real terminals send beside the tables: the word of the warning, the frame, and what is read of it all the same.
 * Each comes back from JSON byte for byte.
 */
const TAKEN: readonly (readonly [word: string, what: string, frame: string, read: object])[] = [
  [
    'version-bit',
    'the bit of 2019 over a phone of 6 bytes',
    sealed('000240000139123456780003'),
    { version: '2013', phone: '013912345678', serial: 3 },
  ],
  [
    'version-bit',
    'a header of 2019 without its bit',
    sealed('0002000001000000000139123456780003'),
    { version: '2019', phone: '00000000013912345678', serial: 3 },
  ],
  [
    'variant',
    'an authentication of 2013 under a header of 2019',
    frame(0x0102, '415554483031', '2019'),
    { version: '2019', body: { authCode: 'AUTH01' } },
  ],
  [
    'variant',
    'attributes of 2019 with a manufacturer of 11 bytes',
    frame(
      0x0107,
      `0001${'41'.repeat(11)}${'42'.repeat(30)}${'43'.repeat(30)}${'12'.repeat(10)}023130023131010f`,
      '2019',
    ),
    { body: { manufacturer: 'A'.repeat(11), firmwareVersion: '11', commProperty: 15 } },
  ],
  [
    'variant',
    'recorder data that are no packet of GB/T 19056',
    frame(0x0700, '000108ffff'),
    { body: { responseSerial: 1, command: 8, dataHex: 'ffff' } },
  ],
  [
    'escape',
    'a checksum of 0x7d that was not escaped',
    '7e0002000000000000067900007d7e',
    { msgId: '0x0002', phone: '000000000679' },
  ],
  ['garbage', 'bytes before the first flag', `0d0a${F.heartbeat}`, { msgId: '0x0002' }],
  ['garbage', 'bytes after the last flag', `${F.heartbeat}00`, { msgId: '0x0002' }],
  ['trailing', 'a heartbeat with a body', frame(0x0002, '640f'), { msgId: '0x0002', body: {} }],
  [
    'missing',
    'a registration without its plate',
    frame(0x0100, `000b0069${'00'.repeat(33)}`),
    {
      body: { province: 11, plateColor: 0 },
    },
  ],
  [
    'missing',
    'a photo taken, without its id',
    frame(0x0805, '000100'),
    { body: { responseSerial: 1, result: 0 } },
  ],
  [
    'length',
    'a name that says more bytes than there are',
    frame(0x0702, `01${TIME}0020d5c5c8fd`),
    { body: { status: 1, driverName: '张三' } },
  ],
  [
    'count',
    'a batch of two that has one',
    frame(0x0704, `000201001c${BASE}${TIME}`),
    { body: { batchType: 1, items: [{ lat: 39.908823 }] } },
  ],
  [
    'count',
    'nine parameters of which one is there',
    frame(0x0104, '00090900000001040000000f'),
    { version: '2013', body: { params: [{ name: 'heartbeatIntervalS', value: 15 }] } },
  ],
  [
    'length',
    'a last parameter that says more bytes than there are',
    frame(0x0104, '001402000000010400000078000000130f7777772e612e636e'),
    { body: { params: [{ value: 120 }, { id: '0x0013', hex: '7777772e612e636e' }] } },
  ],
  [
    'variant',
    'a driver of 2011 with a certificate of 20 bytes',
    frame(0x0702, `06d5c5cedebcc9${'31'.repeat(40)}0141`),
    { version: '2011', body: { driverName: '张无忌', agency: 'A' } },
  ],
  [
    'item',
    'a mileage of two bytes',
    frame(0x0200, `${BASE}${TIME}0102000130011f`),
    { body: { extras: { signalStrength: 31, unknown: [{ id: '0x01', hex: '0001' }] } } },
  ],
  [
    'item',
    'an item that comes twice',
    frame(0x0200, `${BASE}${TIME}30011f30011e`),
    { body: { extras: { signalStrength: 31, unknown: [{ id: '0x30', hex: '1e' }] } } },
  ],
  [
    'items',
    'an item that says more bytes than there are',
    frame(0x0200, `${BASE}${TIME}30011f0104000001`),
    { body: { lat: 39.908823, extras: { signalStrength: 31, tail: '0104000001' } } },
  ],
  [
    'entry',
    'a batch with one report that is none',
    frame(0x0704, `0002010003aabbcc001c${BASE}${TIME}`),
    { body: { items: [{ unreadable: 'aabbcc' }, { lat: 39.908823 }] } },
  ],
  [
    'layout',
    'a recorder packet whose data do not fit their command',
    frame(0x0700, '000101557a01000100ff00'),
    { body: { packet: { packetCommand: '0x01', content: 'ff' } } },
  ],
  ['time', 'a date of zeros', frame(0x0200, `${BASE}000000000000`), { body: { lat: 39.908823, time: null } }],
  [
    'time',
    'a time with nibbles above 9',
    frame(0x0200, `${BASE}26030207301f`),
    { body: { lat: 39.908823, time: null } },
  ],
  [
    'digits',
    'a mileage of the recorder that is no number',
    frame(0x0700, `00010355 7a03 0014 00 ${TIME}${TIME} 0000 00ff 0000 0001 00`.replaceAll(' ', '')),
    { body: { packet: { content: { initialMileageKm: null, mileageKm: 0.1 } } } },
  ],
  [
    'text',
    'a plate that is no GB 18030',
    frame(0x0100, `000b0069${'00'.repeat(32)}02bea9ff`),
    {
      body: { plateColor: 2, plate: expect.stringMatching(/^京/) },
    },
  ],
  [
    'sign',
    'coordinates in two’s complement',
    frame(0x0200, `00000000000c0003fd9f0a29f90fea62002c0146007d${TIME}`),
    { body: { lat: -39.908823, lon: -116.39747 } },
  ],
  [
    'range',
    'a latitude beyond the pole',
    frame(0x0200, `00000000000c000306f0159e06f0159e002c0146007d${TIME}`),
    { body: { lat: 116.39747, lon: 116.39747 } },
  ],
  [
    'gzip',
    'a compressed report that is no GZIP',
    frame(0x0901, '00000003010203'),
    { body: { contentHex: '010203' } },
  ],
];

describe('what real terminals send beside the tables', () => {
  it.each(TAKEN)('%s: %s is read, with that warning', (word, _, line, read) => {
    const object = new FrameReader().read(line) as unknown as { warnings: string[] };
    expect(object).toMatchObject({ ok: true, ...read });
    expect(object.warnings.map((warning) => warning.split(':')[0])).toContain(word);
  });

  it.each(TAKEN)('%s: %s comes back byte for byte', (word, _, line) => {
    if (word === 'garbage' || word === 'escape') return;
    const object = new FrameReader().read(line);
    expect(new FrameWriter().write(JSON.stringify(object))).toEqual([line]);
  });

  it('is what the README of the room names, word for word', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../protocol/README.md'), 'utf8');
    const table = readme.slice(readme.indexOf('| word '), readme.indexOf('A frame that is refused'));
    const named = table
      .split('\n')
      .slice(2)
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, word]) => word));
    expect(new Set(TAKEN.map(([word]) => word))).toEqual(new Set(named));
  });
});

describe('what cannot be read with certainty', () => {
  it('is refused, with what its bytes say all the same', () => {
    const declared = sealed(`02000030${F.southWest.slice(10, -4)}`);
    expect(new FrameReader().read(declared)).toMatchObject({
      ok: false,
      error: 'length',
      detail: expect.stringContaining('48 bytes of body, there are 28'),
      body: { lat: -33.856784 },
    });
    expect(new FrameReader().read(frame(0x0200, BASE))).toMatchObject({
      ok: false,
      error: 'body',
      detail: expect.stringContaining('time is missing'),
      body: { lat: 39.908823, speedKmh: 32.6 },
    });
  });
});
