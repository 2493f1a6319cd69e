import { count, item, listedItems, text, u8, u16, u32, values } from '../describe/build.ts';
import { ALL, message, SINCE_2013 } from '../describe/message-description.ts';

const S = 'JT/T 808-2019 table 13';

/** Terminal parameters: JT/T 808-2019 table 13 (2013: table 12). */
export const PARAMETERS = [
  item(0x0001, S, u32('heartbeatIntervalS', { unit: 's' })),
  item(0x0002, S, u32('tcpReplyTimeoutS', { unit: 's' })),
  item(0x0003, S, u32('tcpRetransmissions')),
  item(0x0013, S, text('mainServer'), { min: 0 }),
  item(0x0027, S, u32('sleepIntervalS', { unit: 's' })),
  item(0x0028, S, u32('emergencyIntervalS', { unit: 's' })),
  item(0x0029, S, u32('defaultIntervalS', { unit: 's' })),
  item(0x0055, S, u32('maxSpeedKmh', { unit: 'km/h' })),
  item(0x0056, S, u32('overspeedDurationS', { unit: 's' })),
  item(0x0057, S, u32('continuousDrivingS', { unit: 's' })),
  item(0x0080, S, u32('mileageKm', { scale: 10, unit: 'km' })),
  item(0x0083, S, text('plate'), { min: 0 }),
  item(0x0084, S, u8('plateColor')),
] as const;

export const setParameters = message({
  id: 0x8103,
  name: 'set parameters',
  zh: '设置终端参数',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2019 table 11',
      fields: [count('params', 1), listedItems('params', 'params', PARAMETERS)],
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 9',
      fields: [
        count('params', 1),
        count('params', 1, { role: 'packet' }),
        listedItems('params', 'params', PARAMETERS),
      ],
    },
  ],
});

export const queryParameters = message({
  id: 0x8104,
  name: 'query parameters',
  zh: '查询终端参数',
  direction: 'down',
  reply: 0x0104,
  layouts: [{ versions: ALL, source: 'JT/T 808-2019 8.13 (empty)', fields: [] }],
});

export const queryListedParameters = message({
  id: 0x8106,
  name: 'query listed parameters',
  zh: '查询指定终端参数',
  direction: 'down',
  reply: 0x0104,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2019 table 15',
      fields: [values('paramIds', { prefix: 1 }, u32('id', { asId: true }))],
    },
  ],
});

export const parametersAnswer = message({
  id: 0x0104,
  name: 'parameters reply',
  zh: '查询终端参数应答',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2019 table 16',
      fields: [u16('responseSerial'), count('params', 1), listedItems('params', 'params', PARAMETERS)],
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 12',
      fields: [
        u16('responseSerial'),
        count('params', 1),
        count('params', 1, { role: 'packet' }),
        listedItems('params', 'params', PARAMETERS),
      ],
    },
  ],
});
