import { Type } from 'typebox';
import { kind } from '../command-kind.ts';

/** GB/T 19056-2012 annex A: what a recorder can be asked for. Those from 0x08 on take a span. */
const READS = {
  standard: 0x00,
  driver: 0x01,
  clock: 0x02,
  mileage: 0x03,
  pulses: 0x04,
  vehicle: 0x05,
  signals: 0x06,
  serial_number: 0x07,
  speeds: 0x08,
  positions: 0x09,
  accidents: 0x10,
  overtime_driving: 0x11,
  driver_logins: 0x12,
  power: 0x13,
  parameter_changes: 0x14,
  speed_checks: 0x15,
} as const;
type Read = keyof typeof READS;
const FIRST_WITH_SPAN = 0x08;
/** Blocks answered in one packet at most: GB/T 19056-2012 A.2 lets the asker say. */
const MAX_BLOCKS = 10;

/** 0xAA75 is how the host speaks to the recorder (GB/T 19056-2012 A.1.2). */
const HOST_HEAD = 0xaa75;

/** The packet's own check: every byte of it XORed. The codec leaves it to whoever speaks to the recorder. */
function checked(command: number, content: readonly number[]): number {
  const bytes = [
    HOST_HEAD >> 8,
    HOST_HEAD & 0xff,
    command,
    content.length >> 8,
    content.length & 0xff,
    0,
    ...content,
  ];
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

/** BCD[6] of a +08:00 time, for the check. */
const bcd = (time: string): number[] =>
  (time.slice(2, 19).replace(/[-T:]/g, '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

const china = (ms: number): string => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

export const readRecorder = kind({
  type: 'read_recorder',
  group: 'recorder',
  summary: "Reads the driving recorder's data (GB/T 19056)",
  right: 'command',
  fields: Type.Object({
    data: Type.Enum(Object.keys(READS) as [Read, ...Read[]]),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Needed for what has a span' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  msgIds: [0x8700],
  expiresInS: 86_400,
  answerWithinS: 60,
  messages: ({ data, from, to }) => {
    const command = READS[data];
    const packet = { head: '0xAA75', packetCommand: `0x${command.toString(16).padStart(2, '0')}` };
    if (command < FIRST_WITH_SPAN) {
      return [
        { msgId: 0x8700, body: { command, packet: { ...packet, content: '', check: checked(command, []) } } },
      ];
    }
    const start = china(from === undefined ? 0 : Date.parse(from));
    const end = china(to === undefined ? Date.UTC(2099, 0) : Date.parse(to));
    const content = { start, end, maxBlocks: MAX_BLOCKS };
    const check = checked(command, [...bcd(start), ...bcd(end), MAX_BLOCKS >> 8, MAX_BLOCKS & 0xff]);
    return [{ msgId: 0x8700, body: { command, packet: { ...packet, content, check } } }];
  },
});

const SET_CLOCK = 0xc2;

/**
 * Of what 0x8701 can write the clock alone is offered: the vehicle's identity, the pulse coefficient and the mileage
 * of a recorder are evidence, and are set in a workshop.
 */
export const setRecorderClock = kind({
  type: 'set_recorder_clock',
  group: 'recorder',
  summary: "Sets the driving recorder's clock",
  right: 'configure',
  fields: Type.Object({ time: Type.String({ format: 'date-time' }) }),
  msgIds: [0x8701],
  // A clock set late is a clock set wrong.
  expiresInS: 30,
  once: true,
  messages: ({ time }) => {
    const realTime = china(Date.parse(time));
    const packet = {
      head: '0xAA75',
      packetCommand: '0xC2',
      content: { realTime },
      check: checked(SET_CLOCK, bcd(realTime)),
    };
    return [{ msgId: 0x8701, body: { command: SET_CLOCK, packet } }];
  },
});
