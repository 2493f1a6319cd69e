import { bytes, choice, struct, u8, u16 } from '../describe/build.ts';
import type { Fields } from '../describe/field.ts';
import { ALL, message, SINCE_2013 } from '../describe/message-description.ts';
import { RECORDER_REQUESTS, RECORDER_SETTINGS, RECORDER_UPLOADS } from './recorder-data.ts';

/**
 * A GB/T 19056 packet: 0x557A from the recorder, 0xAA75 to it, and at its end an XOR of itself, which is kept as it
 * came: terminals get it wrong, and the frame around it has a checksum of its own.
 */
function packet(data: { readonly [command: number]: Fields }) {
  return struct(
    'packet',
    [
      u16('head', { asId: true, note: '0x557A from the recorder, 0xAA75 to it' }),
      u8('packetCommand', { asId: true }),
      choice('content', 'packetCommand', data, { prefix: 2, gap: 1 }),
      u8('check'),
    ],
    { absent: 'allowed' },
  );
}

export const recorderCollect = message({
  id: 0x8700,
  name: 'collect recorder data',
  zh: '行驶记录数据采集命令',
  direction: 'down',
  reply: 0x0700,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 71; GB/T 19056-2012 annex A',
      fields: [u8('command'), packet(RECORDER_REQUESTS)],
    },
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 71',
      fields: [u8('command'), bytes('dataHex')],
      variant: 'content that is no recorder packet',
    },
  ],
});

export const recorderUpload = message({
  id: 0x0700,
  name: 'recorder data',
  zh: '行驶记录数据上传',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 table 72; GB/T 19056-2012 annex A',
      fields: [u16('responseSerial'), u8('command'), packet(RECORDER_UPLOADS)],
    },
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 table 72',
      fields: [u16('responseSerial'), u8('command'), bytes('dataHex')],
      variant: 'content that is no recorder packet',
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 61',
      fields: [u8('command'), u16('totalBytes'), bytes('dataHex', { prefix: 2 })],
    },
  ],
});

export const recorderSetting = message({
  id: 0x8701,
  name: 'set recorder parameters',
  zh: '行驶记录参数下传命令',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 73; GB/T 19056-2012 annex A',
      fields: [u8('command'), packet(RECORDER_SETTINGS)],
    },
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 73',
      fields: [u8('command'), bytes('dataHex')],
      variant: 'content that is no recorder packet',
    },
  ],
});
