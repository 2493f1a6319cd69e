import { Type } from 'typebox';
import { COMMAND_GROUPS, type CommandKind } from '../../commands/command-kind.ts';
import { COMMANDS } from '../../commands/command-table.ts';
import { COMMAND_STATES } from '../../store/command-store.ts';
import type { TerminalCommandRequest } from '../contract.ts';
import { objectOrNull, textOrNull, time, timeOrNull, words } from './basics.ts';

const MAX_EXPIRY_S = 30 * 86_400;

const common = {
  expiresInS: Type.Optional(
    Type.Integer({
      minimum: 5,
      maximum: MAX_EXPIRY_S,
      description: 'How long it is worth delivering; each type has a default',
    }),
  ),
};

/** The request of one kind, made of its description. */
export const requestSchema = ({ type, fields, summary }: Pick<CommandKind, 'type' | 'fields' | 'summary'>) =>
  Type.Object(
    { type: Type.Literal(type), ...fields.properties, ...common },
    { additionalProperties: false, description: summary },
  );

/** Not in the table: what it becomes is `set_areas`, made of the plan when it is asked for. */
export const PLAN_AREAS = {
  type: 'plan_areas',
  fields: Type.Object({}),
  summary: 'Sets the areas and routes of the plan along the ways of this bus, with the limit of each section',
} as const;

/** Any request. The type decides which schema it is held to, so that a fault is named once and not for every type. */
export const CommandBody = Type.Unsafe<TerminalCommandRequest>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [...COMMANDS.map(requestSchema), requestSchema(PLAN_AREAS)],
});

const Answer = Type.Object({
  msgId: Type.String(),
  result: Type.Optional(Type.Integer()),
  body: Type.Optional(Type.Object({}, { additionalProperties: true })),
  tooLong: Type.Optional(Type.Integer({ description: 'Characters; what is so long is not kept' })),
});

export const Command = Type.Object(
  {
    id: Type.String(),
    phone: Type.String(),
    vehicle: Type.String(),
    type: Type.String(),
    group: objectOrNull(words(COMMAND_GROUPS)),
    request: Type.Object({}, { additionalProperties: true }),
    state: words(COMMAND_STATES),
    reason: textOrNull('Why it failed, as a stable word'),
    by: Type.String(),
    queuedAt: time(),
    expiresAt: time(),
    sentAt: timeOrNull(),
    endedAt: timeOrNull(),
    attempts: Type.Integer(),
    step: Type.Integer({ description: 'Messages of it that were answered' }),
    steps: Type.Union([Type.Integer(), Type.Null()]),
    answers: Type.Array(Answer),
    events: Type.Optional(
      Type.Array(
        Type.Object({
          at: time(),
          event: Type.String(),
          detail: Type.Object({}, { additionalProperties: true }),
        }),
      ),
    ),
    connected: Type.Optional(Type.Boolean({ description: 'Of the terminal, when it was asked for' })),
  },
  { $id: 'Command' },
);

export const CommandKindSchema = Type.Object({
  type: Type.String(),
  group: words(COMMAND_GROUPS),
  summary: Type.String(),
  right: words(['command', 'configure', 'control']),
  messages: Type.Array(Type.String()),
  replies: Type.Array(Type.String()),
  editions: Type.Array(Type.String()),
  expiresInS: Type.Integer(),
  once: Type.Boolean(),
  schema: Type.Object({}, { additionalProperties: true, description: 'JSON Schema of the request' }),
});
