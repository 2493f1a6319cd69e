import { Type } from 'typebox';
import { kind } from '../command-kind.ts';

/** JT/T 808-2013 table 17; 2019 kept 2, 4 and 5 alone. */
const CONTROLS = { reset: 4, factory_reset: 5, power_off: 3, close_data: 6, close_wireless: 7 } as const;

export const controlTerminal = kind({
  type: 'control_terminal',
  group: 'control',
  summary: 'Restarts the terminal or sets it back to its factory state',
  right: 'control',
  fields: Type.Object({ action: Type.Enum(['reset', 'factory_reset']) }),
  msgIds: [0x8105],
  expiresInS: 120,
  // The terminal that was restarted comes back; told again it would restart for ever.
  once: true,
  messages: ({ action }) => [{ msgId: 0x8105, body: { command: CONTROLS[action] } }],
});

export const shutTerminal = kind({
  type: 'shut_terminal',
  group: 'control',
  summary: 'Switches the terminal or its radio off: nobody will reach it until somebody is on board',
  right: 'control',
  fields: Type.Object({
    action: Type.Enum(['power_off', 'close_data', 'close_wireless']),
    confirm: Type.String({ maxLength: 40, description: "The vehicle's plate, or the terminal's number" }),
  }),
  msgIds: [0x8105],
  editions: ['2011', '2013'],
  expiresInS: 60,
  once: true,
  confirmed: () => true,
  messages: ({ action }) => [{ msgId: 0x8105, body: { command: CONTROLS[action] } }],
});

const Host = Type.String({ pattern: '^[A-Za-z0-9.:-]{1,100}$' });
const Word = Type.String({ pattern: '^[^;]{0,50}$' });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

/** Fields separated by `;` (JT/T 808-2013 tables 18 and 19). */
export const connectServer = kind({
  type: 'connect_server',
  group: 'control',
  summary: 'Sends the terminal to another platform, as for a supervision in an emergency, or back',
  right: 'control',
  fields: Type.Object({
    back: Type.Optional(Type.Boolean({ description: 'Back to this platform; the rest is not used' })),
    host: Type.Optional(Host),
    tcpPort: Type.Optional(Port),
    authCode: Type.Optional(Word),
    apn: Type.Optional(Word),
    minutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, description: '0 or left out: it stays' }),
    ),
    confirm: Type.String({ maxLength: 40, description: "The vehicle's plate, or the terminal's number" }),
  }),
  msgIds: [0x8105],
  expiresInS: 120,
  once: true,
  confirmed: () => true,
  messages: ({ back = false, host = '', tcpPort = '', authCode = '', apn = '', minutes = 0 }) => [
    {
      msgId: 0x8105,
      body: {
        command: 2,
        commandParams: back ? '1' : `0;${authCode};${apn};;;${host};${tcpPort};;${minutes}`,
      },
    },
  ],
});

/**
 * 2013: bit 0, 1 locks. 2019: a list of controls, type 1 the doors, 0 locks: the other way round. A door unlocked on
 * the move is a danger, so that waits for a bus that stands.
 */
export const controlDoors = kind({
  type: 'control_doors',
  group: 'control',
  summary: 'Locks or unlocks the doors; unlocks those of a standing bus only',
  right: 'control',
  fields: Type.Object({ action: Type.Enum(['lock', 'unlock']) }),
  msgIds: [0x8500],
  expiresInS: 30,
  once: true,
  acceptanceCounts: true,
  standing: ({ action }) => action === 'unlock',
  messages: ({ action }, version) => [
    {
      msgId: 0x8500,
      body:
        version === '2019'
          ? { controls: [{ type: '0x0001', param: action === 'lock' ? 0 : 1 }] }
          : { flag: action === 'lock' ? 1 : 0 },
    },
  ],
});

const CUT_SUPPLY = 0xf0;
const RESTORE_SUPPLY = 0xf1;

/**
 * No edition has a command for it; terminals that can do it take 0x8105 with 0xF0 and 0xF1. A bus that loses its engine
 * loses brake and steering assistance: never on the move, never by a slip of the hand.
 */
export const cutSupply = kind({
  type: 'cut_supply',
  group: 'control',
  summary: 'Cuts oil and power of a standing bus, or restores them',
  right: 'control',
  fields: Type.Object({
    action: Type.Enum(['cut', 'restore']),
    confirm: Type.Optional(
      Type.String({ maxLength: 40, description: "To cut: the vehicle's plate, or the terminal's number" }),
    ),
  }),
  msgIds: [0x8105],
  expiresInS: 30,
  once: true,
  standing: ({ action }) => action === 'cut',
  confirmed: ({ action }) => action === 'cut',
  messages: ({ action }) => [
    { msgId: 0x8105, body: { command: action === 'cut' ? CUT_SUPPLY : RESTORE_SUPPLY } },
  ],
});
