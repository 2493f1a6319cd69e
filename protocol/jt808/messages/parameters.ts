import { count, listedItems, u16, u32, values } from '../describe/build.ts';
import { ALL, message, SINCE_2013 } from '../describe/message-description.ts';
import { PARAMETERS } from './parameter-table.ts';

export const setParameters = message({
  id: 0x8103,
  name: 'set parameters',
  zh: '设置终端参数',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 tables 10 to 12',
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
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 8.10 (empty)', fields: [] }],
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
      source: 'JT/T 808-2013 table 15',
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
      source: 'JT/T 808-2013 table 16',
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
