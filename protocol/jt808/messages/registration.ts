import { text, u8, u16, when } from '../describe/build.ts';
import { ALL, message } from '../describe/message-description.ts';
import { PLATE_COLORS } from './plate-colors.ts';

const REGION = [
  u16('province', { note: 'first two digits of GB/T 2260; 0 for the default of the platform' }),
  u16('city', { note: 'last four digits of GB/T 2260' }),
] as const;

const PLATE = [
  u8('plateColor', { labels: PLATE_COLORS }),
  text('plate', 'rest', { absent: 'tolerated' }),
] as const;

/**
 * A 2011 plate of 12 bytes and more (a VIN, in practice) is as long as a 2013 body: the terminal id must then be
 * printable where 2013 has it, and the plate colour one that exists.
 */
function plausible2013(body: Uint8Array): boolean {
  const looksRight = (idAt: number) =>
    body[idAt + 7]! in PLATE_COLORS &&
    body.subarray(idAt, idAt + 7).every((byte) => byte === 0 || (byte >= 0x20 && byte < 0x7f));
  return body.length < 37 || looksRight(29) || !looksRight(17);
}

/** The same fields in three widths. */
export const register = message({
  id: 0x0100,
  name: 'terminal registration',
  zh: '终端注册',
  direction: 'up',
  reply: 0x8100,
  layouts: [
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 6',
      fields: [
        ...REGION,
        text('manufacturer', 5),
        text('model', 8, { fill: 0x20 }),
        text('terminalId', 7),
        ...PLATE,
      ],
    },
    {
      versions: ['2013'],
      source: 'JT/T 808-2013 table 7',
      fields: [...REGION, text('manufacturer', 5), text('model', 20), text('terminalId', 7), ...PLATE],
      plausible: plausible2013,
    },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x0100 (table not known)',
      fields: [
        ...REGION,
        text('manufacturer', 11),
        text('model', 30, {
          padLeft: true,
          note: 'padded on the left by the table, on the right by many terminals',
        }),
        text('terminalId', 30),
        ...PLATE,
      ],
    },
  ],
});

export const REGISTRATION_RESULTS = {
  0: 'success',
  1: 'vehicle already registered',
  2: 'vehicle not in database',
  3: 'terminal already registered',
  4: 'terminal not in database',
} as const;

export const registerReply = message({
  id: 0x8100,
  name: 'terminal registration reply',
  zh: '终端注册应答',
  direction: 'down',
  reply: null,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 8',
      fields: [
        u16('responseSerial'),
        u8('result', { labels: REGISTRATION_RESULTS }),
        when('result', { equals: [0] }, [text('authCode')]),
      ],
    },
  ],
});

export const authenticate = message({
  id: 0x0102,
  name: 'terminal authentication',
  zh: '终端鉴权',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    { versions: ['2011', '2013'], source: 'JT/T 808-2013 table 9', fields: [text('authCode')] },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x0102 (table not known)',
      fields: [text('authCode', { prefix: 1 }), text('imei', 15), text('softwareVersion', 20)],
    },
    {
      versions: ['2019'],
      source: 'JT/T 808-2013 table 9',
      fields: [text('authCode')],
      variant: '2013 body under a 2019 header',
    },
  ],
});
