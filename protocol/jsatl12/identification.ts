import { bytes, text, time, u8 } from '../jt808/describe/build.ts';

/** T/JSATL 12-2017 table 4-16: what identifies one alarm and its attachments. 16 bytes. */
export const IDENTIFICATION = [
  text('terminalId', 7),
  time('time'),
  u8('sequence', { note: 'of alarms within the second, from 0' }),
  u8('attachments'),
  bytes('reservedHex', 1),
] as const;

/** T/GDRTA 002-2020: the same with the wider terminal id of 2019. 40 bytes. */
export const WIDE_IDENTIFICATION = [
  text('terminalId', 30),
  time('time'),
  u8('sequence', { note: 'of alarms within the second, from 0' }),
  u8('attachments'),
  bytes('reservedHex', 2),
] as const;
