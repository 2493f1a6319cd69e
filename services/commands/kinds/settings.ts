import { Type } from 'typebox';
import type { Version } from '../../../protocol/jt808/message.ts';
import { type CommandMessage, kind } from '../command-kind.ts';

const DAY_S = 86_400;
const ParameterId = Type.String({ pattern: '^0x[0-9A-Fa-f]{4,8}$', description: '`0x0055`' });

/** 0x8106 came with 2013: before it a terminal is asked for all it has. */
function read(ids: readonly string[] | undefined, version: Version): CommandMessage {
  return ids === undefined || ids.length === 0 || version === '2011'
    ? { msgId: 0x8104, body: {} }
    : { msgId: 0x8106, body: { paramIds: [...ids] } };
}

export const readParameters = kind({
  type: 'read_parameters',
  group: 'settings',
  summary: "Reads the terminal's parameters, all or those named",
  right: 'command',
  fields: Type.Object({ ids: Type.Optional(Type.Array(ParameterId, { maxItems: 200 })) }),
  msgIds: [0x8104, 0x8106],
  expiresInS: DAY_S,
  messages: ({ ids }, version) => [read(ids, version)],
});

/** What was written is read back: what the terminal says it has now is the answer. */
export const writeParameters = kind({
  type: 'write_parameters',
  group: 'settings',
  summary: 'Sets parameters and reads them back',
  right: 'configure',
  fields: Type.Object({
    params: Type.Array(
      Type.Object(
        {
          id: ParameterId,
          value: Type.Unknown({ description: 'Number, text or fields, as the parameter has them' }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
  }),
  msgIds: [0x8103, 0x8104, 0x8106],
  expiresInS: 7 * DAY_S,
  messages: ({ params }, version) => [
    { msgId: 0x8103, body: { params: params.map(({ id, value }) => ({ id, value })) } },
    read(
      params.map(({ id }) => id),
      version,
    ),
  ],
});

export const readAttributes = kind({
  type: 'read_attributes',
  group: 'settings',
  summary: 'Asks the terminal what it is: maker, model, versions',
  right: 'command',
  fields: Type.Object({}),
  msgIds: [0x8107],
  editions: ['2013', '2019'],
  expiresInS: DAY_S,
  messages: () => [{ msgId: 0x8107, body: {} }],
});
