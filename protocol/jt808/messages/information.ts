import { count, list, text, u8, u16, when } from '../describe/build.ts';
import { ALL, message } from '../describe/message-description.ts';

/** Events, questions and information services: 2011 and 2013; 2019 keeps the ids and drops the bodies. */

export const eventSetup = message({
  id: 0x8301,
  name: 'event setup',
  zh: '事件设置',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 39 and 40',
      fields: [
        u8('op', {
          labels: { 0: 'delete all', 1: 'update', 2: 'append', 3: 'modify', 4: 'delete those listed' },
        }),
        when('op', { not: [0] }, [
          count('events', 1),
          count('events', 1, { role: 'packet', until: '2011' }),
          list('events', { field: 'events' }, [u8('id'), text('content', { prefix: 1 })]),
        ]),
      ],
    },
  ],
});

export const eventReport = message({
  id: 0x0301,
  name: 'event report',
  zh: '事件报告',
  direction: 'up',
  reply: 0x8001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 41', fields: [u8('eventId')] }],
});

export const question = message({
  id: 0x8302,
  name: 'question',
  zh: '提问下发',
  direction: 'down',
  reply: 0x0302,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 42 to 44',
      fields: [
        u8('flag', { note: 'bits: 0 urgent, 3 speech, 4 advertising screen' }),
        text('question', { prefix: 1 }),
        list('answers', 'rest', [u8('id'), text('content', { prefix: 2 })]),
      ],
    },
  ],
});

export const answer = message({
  id: 0x0302,
  name: 'answer',
  zh: '提问应答',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    { versions: ALL, source: 'JT/T 808-2013 table 45', fields: [u16('responseSerial'), u8('answerId')] },
  ],
});

export const menuSetup = message({
  id: 0x8303,
  name: 'information menu setup',
  zh: '信息点播菜单设置',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 46 and 47',
      fields: [
        u8('op', { labels: { 0: 'delete all', 1: 'update', 2: 'append', 3: 'modify' } }),
        when('op', { not: [0] }, [
          count('menus', 1),
          count('menus', 1, { role: 'packet', until: '2011' }),
          list('menus', { field: 'menus' }, [u8('infoType'), text('name', { prefix: 2 })]),
        ]),
      ],
    },
  ],
});

export const subscription = message({
  id: 0x0303,
  name: 'information subscription',
  zh: '信息点播/取消',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 48',
      fields: [u8('infoType'), u8('flag', { labels: { 0: 'cancel', 1: 'subscribe' } })],
    },
  ],
});

export const information = message({
  id: 0x8304,
  name: 'information service',
  zh: '信息服务',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 49',
      fields: [u8('infoType'), text('text', { prefix: 2 })],
    },
  ],
});
