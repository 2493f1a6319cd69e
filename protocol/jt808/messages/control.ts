import { bits, bytes, count, list, struct, text, u8, u16, u32, values, when } from '../describe/build.ts';
import { ALL, BEFORE_2019, message, SINCE_2013 } from '../describe/message-description.ts';
import { ALARM_BITS } from './alarm-bits.ts';
import { LOCATION } from './location.ts';

/** Parameters of a command are fields separated by `;` (JT/T 808-2013 table 19). */
export const terminalControl = message({
  id: 0x8105,
  name: 'terminal control',
  zh: '终端控制',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 17 to 19',
      fields: [
        u8('command', {
          labels: {
            1: 'upgrade over the air',
            2: 'connect to a server',
            3: 'power off',
            4: 'reset',
            5: 'factory reset',
            6: 'close data communication',
            7: 'close all wireless communication',
          },
        }),
        text('commandParams', 'rest', { absent: 'allowed' }),
      ],
    },
  ],
});

export const alarmConfirmation = message({
  id: 0x8203,
  name: 'manual alarm confirmation',
  zh: '人工确认报警消息',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 35 and 36',
      fields: [
        u16('alarmSerial', { note: '0 confirms every alarm of the type' }),
        u32('alarmType', { views: [{ kind: 'names', name: 'alarms', bits: ALARM_BITS }] }),
      ],
    },
  ],
});

export const callBack = message({
  id: 0x8400,
  name: 'call back',
  zh: '电话回拨',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 50',
      fields: [u8('flag', { labels: { 0: 'call', 1: 'listen in' } }), text('phoneNumber')],
    },
  ],
});

const CONTACTS = list('contacts', { field: 'contacts' }, [
  u8('flag', { labels: { 1: 'incoming', 2: 'outgoing', 3: 'both' } }),
  text('phoneNumber', { prefix: 1 }),
  text('name', { prefix: 1 }),
]);

export const phoneBook = message({
  id: 0x8401,
  name: 'set phone book',
  zh: '设置电话本',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 51 and 52',
      fields: [
        u8('op', { labels: { 0: 'delete all', 1: 'replace', 2: 'append', 3: 'modify' } }),
        when('op', { not: [0] }, [
          count('contacts', 1),
          count('contacts', 1, { role: 'packet', until: '2011' }),
          CONTACTS,
        ]),
      ],
    },
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 51 and 52',
      fields: [u8('op'), count('contacts', 1), CONTACTS],
      variant: 'a list where nothing should follow',
    },
  ],
});

/** 2019 has a list of controls in the opposite sense to the bit of 2013; some terminals of 2019 leave the count out. */
export const vehicleControl = message({
  id: 0x8500,
  name: 'vehicle control',
  zh: '车辆控制',
  direction: 'down',
  reply: 0x0500,
  layouts: [
    {
      versions: BEFORE_2019,
      source: 'JT/T 808-2013 tables 53 and 54',
      fields: [u8('flag', { note: 'bit 0: 0 unlocks, 1 locks the doors' })],
    },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x8500 (table not known)',
      fields: [
        count('controls', 2),
        list('controls', { field: 'controls' }, [
          u16('type', { asId: true, note: '0x0001 doors' }),
          when('type', { equals: [1] }, [u8('param', { labels: { 0: 'lock', 1: 'open' } })]),
        ]),
      ],
    },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x8500 (table not known)',
      fields: [list('controls', 'rest', [u16('type', { asId: true }), u8('param')])],
      variant: 'no count before the controls',
    },
  ],
});

export const vehicleControlReply = message({
  id: 0x0500,
  name: 'vehicle control reply',
  zh: '车辆控制应答',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 55',
      fields: [u16('responseSerial'), struct('location', LOCATION)],
    },
  ],
});

const PASSTHROUGH_TYPES = {
  0: 'GNSS detail',
  11: 'road transport IC card',
  65: 'serial port 1',
  66: 'serial port 2',
  247: 'peripheral status (T/JSATL 12)',
  248: 'peripheral information (T/JSATL 12)',
} as const;

const TYPE = u8('passthroughType', { labels: PASSTHROUGH_TYPES });
const PERIPHERAL = { 100: 'ADAS', 101: 'DSM', 102: 'TPMS', 103: 'BSD' } as const;
const NOT_PERIPHERALS = 'content that is no list of peripherals';

export const passthroughDown = message({
  id: 0x8900,
  name: 'transparent data down',
  zh: '数据下行透传',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 tables 91 and 93; T/JSATL 12-2017 tables 4-1 and 4-3',
      fields: [
        TYPE,
        when('passthroughType', { equals: [0xf7, 0xf8] }, [
          values('peripherals', { prefix: 1 }, u8('id', { labels: PERIPHERAL })),
        ]),
        when('passthroughType', { not: [0xf7, 0xf8] }, [bytes('contentHex')]),
      ],
    },
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 tables 91 and 93',
      fields: [TYPE, bytes('contentHex')],
      variant: NOT_PERIPHERALS,
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 74',
      fields: [TYPE, u32('totalBytes'), bytes('contentHex', { prefix: 2 })],
    },
  ],
});

export const passthroughUp = message({
  id: 0x0900,
  name: 'transparent data up',
  zh: '数据上行透传',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 tables 92 and 93; T/JSATL 12-2017 tables 4-2 to 4-7',
      fields: [
        TYPE,
        when('passthroughType', { equals: [0xf7] }, [
          list('statuses', { prefix: 1 }, [
            u8('id', { labels: PERIPHERAL }),
            struct(
              'status',
              [
                u8('state', {
                  labels: { 1: 'working', 2: 'standby', 3: 'upgrading', 4: 'faulty', 16: 'disconnected' },
                }),
                bits('faults', 4, {
                  0: 'camera',
                  1: 'mainStorage',
                  2: 'backupStorage',
                  3: 'infrared',
                  4: 'speaker',
                  5: 'battery',
                  10: 'communication',
                  11: 'positioning',
                }),
              ],
              { extent: { prefix: 1 } },
            ),
          ]),
        ]),
        when('passthroughType', { equals: [0xf8] }, [
          list('peripherals', { prefix: 1 }, [
            u8('id', { labels: PERIPHERAL }),
            struct(
              'information',
              [
                text('company', { prefix: 1 }),
                text('product', { prefix: 1 }),
                text('hardware', { prefix: 1 }),
                text('software', { prefix: 1 }),
                text('deviceId', { prefix: 1 }),
                text('customer', { prefix: 1 }),
              ],
              { extent: { prefix: 1 } },
            ),
          ]),
        ]),
        when('passthroughType', { not: [0xf7, 0xf8] }, [bytes('contentHex')]),
      ],
    },
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 tables 92 and 93',
      fields: [TYPE, bytes('contentHex')],
      variant: NOT_PERIPHERALS,
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 75',
      fields: [TYPE, u32('totalBytes'), bytes('contentHex', { prefix: 2 })],
    },
  ],
});

/** A report of a terminal is a few kilobytes; a bomb is not unpacked. */
const MAX_UNZIPPED_BYTES = 1024 * 1024;

/** GZIP of other messages: unpacked beside, as the packed bytes alone give the same frame again. */
export const compressedReport = message({
  id: 0x0901,
  name: 'compressed report',
  zh: '数据压缩上报',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 94',
      fields: [
        bytes(
          'contentHex',
          { prefix: 4 },
          { unzipped: { name: 'unzippedHex', maxBytes: MAX_UNZIPPED_BYTES } },
        ),
      ],
    },
  ],
});

const RSA_KEY = [u32('rsaE'), bytes('rsaNHex', 128)] as const;

export const platformRsaKey = message({
  id: 0x8a00,
  name: 'platform RSA public key',
  zh: '平台 RSA 公钥',
  direction: 'down',
  reply: 0x0a00,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 95', fields: RSA_KEY }],
});

export const terminalRsaKey = message({
  id: 0x0a00,
  name: 'terminal RSA public key',
  zh: '终端 RSA 公钥',
  direction: 'up',
  reply: 0x8a00,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 96', fields: RSA_KEY }],
});
