import { encodeBody, hex } from '../../protocol/jt808/index.ts';
import type { Body, Version } from '../../protocol/jt808/message.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import { chinaTime } from './terminal-messages.ts';

const RECORDER_HEAD = 0x557a;
/** Head, command, length and spare byte before the data (GB/T 19056-2012 A.1.2), after 0x0700's own three bytes. */
const REPLY_BYTES = 3;

/** 0x0700 to a question of GB/T 19056: the recorder's year, driver, clock, mileage, vehicle and serial number. */
export function recorderAnswer(
  identity: TerminalIdentity,
  serial: number,
  command: number,
  mileageKm: number,
  now: number,
): Body {
  const content = contentOf(identity, command, mileageKm, chinaTime(now));
  const packet = {
    head: `0x${RECORDER_HEAD.toString(16).toUpperCase()}`,
    packetCommand: `0x${command.toString(16).toUpperCase().padStart(2, '0')}`,
    content,
  };
  const body = (check: number) => ({ responseSerial: serial, command, packet: { ...packet, check } });
  const unchecked = encodeBody(0x0700, '2013', body(0)).subarray(REPLY_BYTES);
  const check = unchecked.reduce((sum, byte) => sum ^ byte, 0);
  return asEdition(identity.version, command, body(check));
}

function asEdition(version: Version, command: number, body: Body): Body {
  if (version !== '2011') return body;
  const data = encodeBody(0x0700, '2013', body).subarray(REPLY_BYTES);
  return { command, totalBytes: data.length, dataHex: hex(data, 0, data.length) };
}

function contentOf(
  { plate, terminalId }: TerminalIdentity,
  command: number,
  mileageKm: number,
  realTime: string,
): Body | '' {
  switch (command) {
    case 0x00:
      return { standardYear: '12', amendment: 0 };
    case 0x01:
      return { licence: '320400198001011234' };
    case 0x02:
      return { realTime };
    case 0x03:
      return { realTime, installTime: '2026-01-01T00:00:00+08:00', initialMileageKm: 0, mileageKm };
    case 0x04:
      return { realTime, pulsesPerKm: 3_600 };
    case 0x05:
      return { vin: `LBGSIM${terminalId.padStart(11, '0')}`, plate, plateClass: '大型汽车' };
    // What has a span is kept by a recorder and not by this one: no blocks.
    default:
      return command >= 0x08 ? { blocks: [] } : '';
  }
}
