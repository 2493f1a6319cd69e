import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { decodeHeader, decodeMessage, encodeMessage } from '../../../protocol/jt808/index.ts';
import type { Version } from '../../../protocol/jt808/message.ts';
import { CommandBody } from '../../../services/api/schemas/commands.ts';
import {
  COMMANDS,
  type CommandRequest,
  commandKind,
  replyTo,
} from '../../../services/commands/command-table.ts';

const rule = { id: 1, name: '校门前' };

/** At least one request of every type. */
const REQUESTS: readonly CommandRequest[] = [
  { type: 'text', text: '请减速' },
  { type: 'call_back', phoneNumber: '13912345678' },
  { type: 'question', question: '到了吗', answers: ['是', '否'] },
  { type: 'information', infoType: 1, text: '雨' },
  { type: 'photo', channel: 1, count: 2, intervalS: 1, resolution: '1024x768' },
  { type: 'media_search', media: 'image', from: '2026-11-24T07:00:00+08:00' },
  { type: 'media_upload', mediaId: 7 },
  { type: 'locate' },
  { type: 'track', intervalS: 5, durationS: 60 },
  { type: 'link_check' },
  { type: 'read_parameters' },
  { type: 'read_parameters', ids: ['0x0055', '0x0029'] },
  {
    type: 'write_parameters',
    params: [
      { id: '0x0055', value: 60 },
      { id: '0x005B', value: 5 },
      { id: '0x0083', value: '苏D0001' },
      { id: '0x005D', value: { accelerationG: 1, time: 4 } },
    ],
  },
  { type: 'read_attributes' },
  { type: 'phone_book', mode: 'replace', contacts: [{ name: '调度', phoneNumber: '123456', calls: 'both' }] },
  { type: 'phone_book', mode: 'clear', contacts: [] },
  {
    type: 'set_areas',
    circles: [{ ...rule, lat: 31.7, lon: 119.9, radiusM: 80, maxSpeedKmh: 30, from: '06:30', to: '08:00' }],
    rectangles: [{ ...rule, north: -31.7, west: -119, south: -31.8, east: -118, tellDriver: true }],
    polygons: [
      {
        ...rule,
        maxSpeedKmh: 20,
        vertices: [
          [119, 31],
          [120, 31],
          [120, 32],
        ],
      },
    ],
    routes: [
      {
        ...rule,
        points: [
          { lat: 31, lon: 119, widthM: 120, maxSpeedKmh: 60 },
          { lat: -31.1, lon: -119.1, widthM: 120 },
        ],
      },
    ],
  },
  { type: 'set_areas', circles: [], rectangles: [], polygons: [], routes: [] },
  { type: 'read_areas', which: 'routes', ids: [3] },
  { type: 'delete_areas', which: 'polygons' },
  { type: 'read_recorder', data: 'clock' },
  {
    type: 'read_recorder',
    data: 'speeds',
    from: '2026-11-24T07:00:00+08:00',
    to: '2026-11-24T08:00:00+08:00',
  },
  { type: 'set_recorder_clock', time: '2026-11-24T07:00:00+08:00' },
  { type: 'control_doors', action: 'lock' },
  { type: 'control_terminal', action: 'reset' },
  { type: 'connect_server', host: '192.0.2.1', tcpPort: 8808, confirm: '苏D0001' },
  { type: 'shut_terminal', action: 'power_off', confirm: '苏D0001' },
  { type: 'listen_in', phoneNumber: '13912345678' },
  { type: 'record_audio', durationS: 10 },
  { type: 'cut_supply', action: 'cut', confirm: '苏D0001' },
];
const VERSIONS: readonly Version[] = ['2011', '2013', '2019'];

const named = (requests: readonly CommandRequest[]) =>
  requests.map((request) => [request.type, request] as const);

describe('the table of commands', () => {
  it('has every type once, and here a request of each', () => {
    const types = COMMANDS.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect([...new Set(REQUESTS.map(({ type }) => type))].sort()).toEqual([...types].sort());
  });

  it.each(named(REQUESTS))('%s is what its schema takes, and nothing more', (_type, request) => {
    const ajv = new Ajv({ strict: false, discriminator: true, formats: { 'date-time': true } });
    const takes = ajv.compile(CommandBody);
    expect(takes(request), JSON.stringify(takes.errors)).toBe(true);
    expect(takes({ ...request, more: 1 })).toBe(false);
    expect(takes({ ...request, type: 'none' })).toBe(false);
  });

  it.each(named(REQUESTS))(
    '%s becomes messages of each of its editions, which say the same',
    (type, request) => {
      const kind = commandKind(type);
      const { type: _, ...fields } = request;
      for (const version of kind?.editions ?? VERSIONS) {
        const phone = version === '2019' ? '00000000013912345678' : '013912345678';
        const messages = kind?.messages(fields as never, version) ?? [];
        expect(messages.length).toBeGreaterThan(0);
        for (const { msgId, body } of messages) {
          expect(kind?.msgIds, `${msgId.toString(16)}`).toContain(msgId);
          const [wire] = encodeMessage({ msgId, version, phone, serial: 1, body });
          const frame = unwrapped(wire as Uint8Array);
          const header = decodeHeader(frame);
          if ('error' in header) throw new Error(header.detail);
          const decoded = decodeMessage(header, frame.subarray(header.bodyStart, header.bodyEnd), {
            version,
          });
          if ('error' in decoded) throw new Error(decoded.detail);
          expect(decoded.warnings).toEqual([]);
          // Encoded again it gives the same bytes: nothing of it was lost on the way.
          const again = encodeMessage({ msgId, version, phone, serial: 1, body: decoded.body });
          expect(Buffer.concat(again)).toEqual(Buffer.from(wire as Uint8Array));
        }
      }
    },
  );

  it('knows what answers each message', () => {
    expect([0x8300, 0x8104, 0x8107, 0x8500, 0x8302, 0x8700, 0x8801, 0x8201, 0x8608].map(replyTo)).toEqual([
      0x0001, 0x0104, 0x0107, 0x0500, 0x0302, 0x0700, 0x0805, 0x0201, 0x0608,
    ]);
  });

  it('says the doors the other way round since 2019', () => {
    const doors = commandKind('control_doors');
    const lock = (version: Version) => doors?.messages({ action: 'lock' } as never, version)[0]?.body;
    expect(lock('2013')).toEqual({ flag: 1 });
    expect(lock('2019')).toEqual({ controls: [{ type: '0x0001', param: 0 }] });
  });
});

/** Without flags and escapes. */
function unwrapped(wire: Uint8Array): Uint8Array {
  const plain: number[] = [];
  for (let i = 1; i < wire.length - 1; i += 1) {
    if (wire[i] === 0x7d) {
      i += 1;
      plain.push(wire[i] === 1 ? 0x7d : 0x7e);
    } else plain.push(wire[i] as number);
  }
  return Uint8Array.from(plain);
}
