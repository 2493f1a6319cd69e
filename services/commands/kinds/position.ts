import { Type } from 'typebox';
import { kind } from '../command-kind.ts';

export const locate = kind({
  type: 'locate',
  group: 'position',
  summary: 'Asks for a position now',
  right: 'command',
  fields: Type.Object({}),
  msgIds: [0x8201],
  expiresInS: 60,
  messages: () => [{ msgId: 0x8201, body: {} }],
});

export const track = kind({
  type: 'track',
  group: 'position',
  summary: 'Asks for closer reports for a while',
  right: 'command',
  fields: Type.Object({
    intervalS: Type.Integer({ minimum: 0, maximum: 3600, description: '0 ends it' }),
    durationS: Type.Integer({ minimum: 0, maximum: 86_400 }),
  }),
  msgIds: [0x8202],
  expiresInS: 300,
  messages: ({ intervalS, durationS }) => [{ msgId: 0x8202, body: { intervalS, validityS: durationS } }],
});

export const linkCheck = kind({
  type: 'link_check',
  group: 'position',
  summary: 'Asks whether the terminal is there',
  right: 'command',
  fields: Type.Object({}),
  msgIds: [0x8204],
  editions: ['2019'],
  expiresInS: 60,
  messages: () => [{ msgId: 0x8204, body: {} }],
});
