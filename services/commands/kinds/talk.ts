import { Type } from 'typebox';
import { kind } from '../command-kind.ts';

const MINUTE_S = 60;
const DAY_S = 86_400;

const Phone = Type.String({ pattern: '^[0-9+*#-]{3,20}$', description: 'Telephone number' });

/**
 * Of the text flag (JT/T 808-2013 table 38) the edition of 2013 has bit 0 for urgent; that of 2019 has bits 0-1: 2
 * urgent, 3 notice.
 */
export const text = kind({
  type: 'text',
  group: 'talk',
  summary: 'Shows or speaks a text on board',
  right: 'command',
  fields: Type.Object({
    text: Type.String({ minLength: 1, maxLength: 500 }),
    urgent: Type.Optional(Type.Boolean()),
    display: Type.Optional(Type.Boolean({ description: 'True if left out' })),
    speak: Type.Optional(Type.Boolean({ description: 'True if left out' })),
  }),
  msgIds: [0x8300],
  expiresInS: 10 * MINUTE_S,
  messages: ({ text: words, urgent = false, display = true, speak = true }, version) => {
    const is2019 = version === '2019';
    const urgency = urgent ? (is2019 ? 2 : 1) : is2019 ? 3 : 0;
    const flag = urgency | (display ? 0b100 : 0) | (speak ? 0b1000 : 0);
    return [{ msgId: 0x8300, body: { flag, ...(is2019 ? { textType: 1 } : {}), text: words } }];
  },
});

export const callBack = kind({
  type: 'call_back',
  group: 'talk',
  summary: 'Has the terminal ring a number, so that the crew can speak',
  right: 'command',
  fields: Type.Object({ phoneNumber: Phone }),
  msgIds: [0x8400],
  expiresInS: 2 * MINUTE_S,
  once: true,
  messages: ({ phoneNumber }) => [{ msgId: 0x8400, body: { flag: 0, phoneNumber } }],
});

export const listenIn = kind({
  type: 'listen_in',
  group: 'control',
  summary: 'Has the terminal ring a number without a sound on board: for an emergency only',
  right: 'control',
  fields: Type.Object({ phoneNumber: Phone }),
  msgIds: [0x8400],
  expiresInS: 2 * MINUTE_S,
  once: true,
  messages: ({ phoneNumber }) => [{ msgId: 0x8400, body: { flag: 1, phoneNumber } }],
});

/** Retired in 2019. The driver answers by a key, so its answer takes minutes rather than seconds. */
export const question = kind({
  type: 'question',
  group: 'talk',
  summary: 'Asks the driver a question to be answered by a key',
  right: 'command',
  fields: Type.Object({
    question: Type.String({ minLength: 1, maxLength: 100 }),
    answers: Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { minItems: 1, maxItems: 10 }),
    urgent: Type.Optional(Type.Boolean()),
    speak: Type.Optional(Type.Boolean({ description: 'True if left out' })),
  }),
  msgIds: [0x8302],
  editions: ['2011', '2013'],
  expiresInS: 10 * MINUTE_S,
  once: true,
  answerWithinS: 5 * MINUTE_S,
  messages: ({ question: asked, answers, urgent = false, speak = true }) => [
    {
      msgId: 0x8302,
      body: {
        flag: (urgent ? 0b1 : 0) | (speak ? 0b1000 : 0),
        question: asked,
        answers: answers.map((content, i) => ({ id: i + 1, content })),
      },
    },
  ],
});

export const information = kind({
  type: 'information',
  group: 'talk',
  summary: 'Gives out a piece of an information service',
  right: 'command',
  fields: Type.Object({
    infoType: Type.Integer({ minimum: 0, maximum: 255 }),
    text: Type.String({ minLength: 1, maxLength: 500 }),
  }),
  msgIds: [0x8304],
  editions: ['2011', '2013'],
  expiresInS: 60 * MINUTE_S,
  messages: ({ infoType, text: words }) => [{ msgId: 0x8304, body: { infoType, text: words } }],
});

const CALLS = { in: 1, out: 2, both: 3 } as const;

export const phoneBook = kind({
  type: 'phone_book',
  group: 'settings',
  summary: "Sets the terminal's phone book: replaces it, adds to it, or empties it",
  right: 'configure',
  fields: Type.Object({
    mode: Type.Enum(['replace', 'append', 'clear']),
    contacts: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 20 }),
          phoneNumber: Phone,
          calls: Type.Enum(['in', 'out', 'both']),
        },
        { additionalProperties: false },
      ),
      { maxItems: 50 },
    ),
  }),
  msgIds: [0x8401],
  expiresInS: 7 * DAY_S,
  messages: ({ mode, contacts }) => [
    {
      msgId: 0x8401,
      body:
        mode === 'clear'
          ? { op: 0 }
          : {
              op: mode === 'replace' ? 1 : 2,
              contacts: contacts.map(({ calls, phoneNumber, name }) => ({
                flag: CALLS[calls],
                phoneNumber,
                name,
              })),
            },
    },
  ],
});
