import { bytes, count, digits, list, text, time, u8, u32 } from '../describe/build.ts';
import { ALL, message, SINCE_2013 } from '../describe/message-description.ts';

export const driverRequest = message({
  id: 0x8702,
  name: 'request driver identity',
  zh: '上报驾驶员身份信息请求',
  direction: 'down',
  reply: 0x0702,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 8.46 (empty)', fields: [] }],
});

/**
 * By the table the later fields are there only when a card was put in and could be read; real terminals send them
 * with other states too, so they are read while there are bytes.
 */
export const driverIdentity = message({
  id: 0x0702,
  name: 'driver identity',
  zh: '驾驶员身份信息采集上报',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 table 75',
      fields: [
        u8('status', { labels: { 1: 'card put in', 2: 'card taken out' } }),
        time('time'),
        u8('readResult', {
          absent: 'allowed',
          labels: {
            0: 'success',
            1: 'key authentication failed',
            2: 'card locked',
            3: 'card taken out',
            4: 'checksum wrong',
          },
        }),
        text('driverName', { prefix: 1 }, { absent: 'allowed' }),
        text('certificate', 20, { absent: 'allowed' }),
        text('agency', { prefix: 1 }, { absent: 'allowed' }),
        time('validUntil', 'date', { absent: 'allowed' }),
        text('idCard', 20, { absent: 'allowed', since: '2019' }),
      ],
      plausible: (body) => body[0] === 1 || body[0] === 2,
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 64',
      fields: [
        text('driverName', { prefix: 1 }),
        text('idCard', 20),
        text('certificate', 40),
        text('agency', { prefix: 1 }),
      ],
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 64',
      fields: [
        text('driverName', { prefix: 1 }),
        text('idCard', 20),
        text('certificate', 20),
        text('agency', { prefix: 1 }),
      ],
      variant: 'certificate of 20 bytes',
    },
  ],
});

/** The content of a waybill is not laid down. */
export const waybill = message({
  id: 0x0701,
  name: 'electronic waybill',
  zh: '电子运单上报',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    { versions: ALL, source: 'JT/T 808-2013 table 74', fields: [bytes('contentHex', { prefix: 4 })] },
  ],
});

export const canData = message({
  id: 0x0705,
  name: 'CAN data',
  zh: 'CAN 总线数据上传',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 78 and 79',
      fields: [
        count('can', 2),
        digits('timeBcd', 5, { note: 'of the first: hhmmss and milliseconds in four digits' }),
        list('can', { field: 'can' }, [
          u32('id', { asId: true, note: 'bit 31 channel, 30 extended frame, 29 averaged, 28-0 id' }),
          bytes('dataHex', 8),
        ]),
      ],
    },
  ],
});
