import { text, time, u8, u16, values } from '../describe/build.ts';
import { ALL, message } from '../describe/message-description.ts';

/** Results of the general replies: JT/T 808-2013 tables 4 and 5. */
export const RESULTS = {
  0: 'success',
  1: 'failure',
  2: 'message error',
  3: 'unsupported',
  4: 'alarm handling confirmed',
} as const;

const GENERAL_REPLY = [
  u16('responseSerial'),
  u16('responseMsgId', { asId: true }),
  u8('result', { labels: RESULTS }),
] as const;

export const terminalReply = message({
  id: 0x0001,
  name: 'terminal general reply',
  zh: '终端通用应答',
  direction: 'up',
  reply: null,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 4', fields: GENERAL_REPLY }],
});

export const platformReply = message({
  id: 0x8001,
  name: 'platform general reply',
  zh: '平台通用应答',
  direction: 'down',
  reply: null,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 5', fields: GENERAL_REPLY }],
});

export const heartbeat = message({
  id: 0x0002,
  name: 'heartbeat',
  zh: '终端心跳',
  direction: 'up',
  reply: 0x8001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 8.3 (empty)', fields: [] }],
});

export const deregister = message({
  id: 0x0003,
  name: 'terminal deregistration',
  zh: '终端注销',
  direction: 'up',
  reply: 0x8001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 8.7 (empty)', fields: [] }],
});

export const timeQuery = message({
  id: 0x0004,
  name: 'query server time',
  zh: '查询服务器时间请求',
  direction: 'up',
  reply: 0x8004,
  layouts: [{ versions: ALL, source: 'JT/T 808-2019, message 0x0004 (empty)', fields: [] }],
});

export const timeAnswer = message({
  id: 0x8004,
  name: 'server time',
  zh: '查询服务器时间应答',
  direction: 'down',
  reply: null,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2019, message 0x8004 (UTC) (table not known)',
      fields: [time('time', 'moment', { utc: true })],
    },
  ],
});

const MISSING_PACKETS_2013 = [
  u16('originalSerial', { note: 'serial of the first packet of the message' }),
  values('retransmitIds', { prefix: 1 }, u16('number')),
] as const;
const MISSING_PACKETS_2019 = [
  u16('originalSerial', { note: 'serial of the first packet of the message' }),
  values('retransmitIds', { prefix: 2 }, u16('number')),
] as const;

export const missingFromTerminal = message({
  id: 0x8003,
  name: 'request missing packets',
  zh: '服务器补传分包请求',
  direction: 'down',
  reply: null,
  layouts: [
    { versions: ['2011', '2013'], source: 'JT/T 808-2013 table 6', fields: MISSING_PACKETS_2013 },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x8003 (table not known)',
      fields: MISSING_PACKETS_2019,
    },
  ],
});

export const missingFromPlatform = message({
  id: 0x0005,
  name: 'request missing packets (terminal)',
  zh: '终端补传分包请求',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x0005 (table not known)',
      fields: MISSING_PACKETS_2019,
    },
    {
      versions: ['2011', '2013'],
      source: 'JT/T 808-2019, message 0x0005 (table not known)',
      fields: MISSING_PACKETS_2019,
    },
    {
      versions: ['2011', '2013'],
      source: 'JT/T 808-2013 table 6, the other way',
      fields: MISSING_PACKETS_2013,
      variant: 'count of one byte',
    },
  ],
});

/** The type byte came with 2019. */
export const textMessage = message({
  id: 0x8300,
  name: 'text',
  zh: '文本信息下发',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ['2011', '2013'],
      source: 'JT/T 808-2013 table 37',
      fields: [
        u8('flag', {
          note: 'bits: 0 urgent, 2 display, 3 speech, 4 advertising screen, 5 CAN fault code instead of navigation',
        }),
        text('text'),
      ],
    },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x8300 (table not known)',
      fields: [
        u8('flag', {
          note: 'bits: 0-1 service, urgent or notice (1, 2, 3), 2 display, 3 speech, 5 CAN fault code instead of navigation',
        }),
        u8('textType', { labels: { 1: 'notice', 2: 'service' } }),
        text('text'),
      ],
    },
  ],
});

/** Sent by a platform to see whether the terminal is still there; new in 2019. */
export const linkCheck = message({
  id: 0x8204,
  name: 'link check',
  zh: '链路检测',
  direction: 'down',
  reply: 0x0001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2019, message 0x8204 (empty)', fields: [] }],
});
