/** Bytes of the attachment port and of alarms with files, written by hand apart from the code under test. */
import { bcdTime, locationBody } from './terminal-bytes.ts';

const dword = (n: number): number[] => [(n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff];
const padded = (text: string, width: number): number[] => [
  ...Buffer.from(text, 'latin1'),
  ...new Array<number>(width - text.length).fill(0),
];

export interface AlarmOfTest {
  readonly terminalId?: string;
  readonly time: number;
  readonly sequence?: number;
  readonly files: number;
}

/** T/JSATL 12-2017 table 4-16. */
export const identification = ({
  terminalId = 'T000001',
  time,
  sequence = 0,
  files,
}: AlarmOfTest): number[] => [...padded(terminalId, 7), ...bcdTime(time), sequence, files, 0];

/** A 0x0200 with an ADAS item (table 4-15): forward collision of level 2. */
export const adasLocation = (alarm: AlarmOfTest): number[] => [
  ...locationBody({ time: alarm.time }),
  0x64,
  47,
  ...dword(1),
  ...[0, 1, 2, 40, 12, 0, 0, 0],
  ...[36, 0, 12],
  ...dword(31_810_000),
  ...dword(119_970_000),
  ...bcdTime(alarm.time),
  ...[0, 1],
  ...identification(alarm),
];

/** 0x1210, table 4-23. */
export const attachmentsBody = (
  alarm: AlarmOfTest,
  number: string,
  files: readonly { readonly name: string; readonly bytes: number }[],
): number[] => [
  ...padded(alarm.terminalId ?? 'T000001', 7),
  ...identification(alarm),
  ...padded(number, 32),
  0,
  files.length,
  ...files.flatMap(({ name, bytes }) => [name.length, ...Buffer.from(name, 'latin1'), ...dword(bytes)]),
];

/** 0x1211 and 0x1212, table 4-25. */
export const fileBody = (name: string, type: number, bytes: number): number[] => [
  name.length,
  ...Buffer.from(name, 'latin1'),
  type,
  ...dword(bytes),
];

/** Table 4-26. */
export const streamPacket = (name: string, offset: number, data: Uint8Array, said = data.length): Buffer =>
  Buffer.concat([
    Buffer.from([0x30, 0x31, 0x63, 0x64, ...padded(name, 50), ...dword(offset), ...dword(said)]),
    data,
  ]);

/** What a 0x9208 tells the terminal. */
export function readOrder(body: Buffer): {
  address: string;
  port: number;
  identification: Buffer;
  number: string;
} {
  const n = body[0] as number;
  return {
    address: body.subarray(1, 1 + n).toString('latin1'),
    port: body.readUInt16BE(1 + n),
    identification: body.subarray(5 + n, 21 + n),
    number: body.subarray(21 + n, 53 + n).toString('latin1'),
  };
}

/** What a 0x9212 says of a file. */
export function readFileAnswer(body: Buffer): { name: string; result: number; gaps: [number, number][] } {
  const n = body[0] as number;
  const name = body.subarray(1, 1 + n).toString('latin1');
  const gaps = Array.from({ length: body[3 + n] as number }, (_, i): [number, number] => [
    body.readUInt32BE(4 + n + 8 * i),
    body.readUInt32BE(8 + n + 8 * i),
  ]);
  return { name, result: body[2 + n] as number, gaps };
}
