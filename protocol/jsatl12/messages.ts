import { bytes, list, struct, text, u8, u16, u32 } from '../jt808/describe/build.ts';
import { ALL, message } from '../jt808/describe/message-description.ts';
import { IDENTIFICATION, WIDE_IDENTIFICATION } from './identification.ts';

/** Upload of the attachments of an active safety alarm: T/JSATL 12-2017, 4.6 and 4.7. */

const WIDE = 'identification of 40 bytes (T/GDRTA 002-2020)';

function uploadOrder(identification: typeof IDENTIFICATION | typeof WIDE_IDENTIFICATION) {
  return [
    text('serverIp', { prefix: 1 }),
    u16('tcpPort'),
    u16('udpPort'),
    struct('identification', identification),
    text('alarmNumber', 32),
    bytes('reservedHex', 16),
  ] as const;
}

export const attachmentOrder = message({
  id: 0x9208,
  name: 'upload alarm attachments',
  zh: '报警附件上传指令',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    { versions: ALL, source: 'T/JSATL 12-2017 table 4-21', fields: uploadOrder(IDENTIFICATION) },
    {
      versions: ALL,
      source: 'T/GDRTA 002-2020, message 0x9208 (table not known)',
      fields: uploadOrder(WIDE_IDENTIFICATION),
      variant: WIDE,
    },
  ],
});

const FILES = [
  text('alarmNumber', 32),
  u8('infoType', { labels: { 0: 'normal', 1: 'sent again' } }),
  list('files', { prefix: 1 }, [text('fileName', { prefix: 1 }), u32('fileSize', { unit: 'bytes' })]),
] as const;

export const attachmentInfo = message({
  id: 0x1210,
  name: 'alarm attachments',
  zh: '报警附件信息消息',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'T/JSATL 12-2017 table 4-23',
      fields: [text('terminalId', 7), struct('identification', IDENTIFICATION), ...FILES],
    },
    {
      versions: ALL,
      source: 'T/GDRTA 002-2020, message 0x1210 (table not known)',
      fields: [text('terminalId', 30), struct('identification', WIDE_IDENTIFICATION), ...FILES],
      variant: WIDE,
    },
  ],
});

const FILE = [
  text('fileName', { prefix: 1 }),
  u8('fileType', { labels: { 0: 'image', 1: 'audio', 2: 'video', 3: 'text', 4: 'other' } }),
] as const;

export const fileInfo = message({
  id: 0x1211,
  name: 'attachment file',
  zh: '文件信息上传',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'T/JSATL 12-2017 table 4-25',
      fields: [...FILE, u32('fileSize', { unit: 'bytes' })],
    },
  ],
});

export const fileDone = message({
  id: 0x1212,
  name: 'attachment file sent',
  zh: '文件上传完成消息',
  direction: 'up',
  reply: 0x9212,
  layouts: [
    {
      versions: ALL,
      source: 'T/JSATL 12-2017 table 4-27',
      fields: [...FILE, u32('fileSize', { unit: 'bytes' })],
    },
  ],
});

export const fileDoneReply = message({
  id: 0x9212,
  name: 'attachment file received',
  zh: '文件上传完成消息应答',
  direction: 'down',
  reply: null,
  layouts: [
    {
      versions: ALL,
      source: 'T/JSATL 12-2017 tables 4-28 and 4-29',
      fields: [
        ...FILE,
        u8('result', { labels: { 0: 'complete', 1: 'send what is missing' } }),
        list('gaps', { prefix: 1 }, [u32('offset'), u32('length', { unit: 'bytes' })]),
      ],
    },
  ],
});
