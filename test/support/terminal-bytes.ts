/**
 * JT/T 808 frames written by hand for tests, apart from the codec under test: header, escape and checksum as the
 * standard's tables have them. Enough for a terminal of a test, no more.
 */

export interface TerminalEdition {
  readonly version: '2013' | '2019';
  readonly phone: string;
}

const bcd = (digits: string): number[] =>
  (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
const word = (n: number): number[] => [(n >> 8) & 0xff, n & 0xff];
const dword = (n: number): number[] => [(n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff];
const ascii = (text: string, width: number): number[] => [
  ...Buffer.from(text, 'latin1'),
  ...new Array<number>(Math.max(0, width - text.length)).fill(0),
];

export interface Packet {
  readonly total: number;
  readonly number: number;
}

/** Header and body with checksum, neither flags nor escapes. */
export function plainFrame(
  { version, phone }: TerminalEdition,
  msgId: number,
  serial: number,
  body: readonly number[] | Uint8Array,
  packet?: Packet,
): number[] {
  const attributes = body.length | (packet ? 0x2000 : 0) | (version === '2019' ? 0x4000 : 0);
  const who = version === '2019' ? [1, ...bcd(phone.padStart(20, '0'))] : bcd(phone.padStart(12, '0'));
  const parts = packet ? [...word(packet.total), ...word(packet.number)] : [];
  const plain = [...word(msgId), ...word(attributes), ...who, ...word(serial), ...parts, ...body];
  return [...plain, plain.reduce((sum, byte) => sum ^ byte, 0)];
}

/** Flags and escapes around what `plainFrame` gives. */
export function wrap(plain: readonly number[]): Buffer {
  const escaped = plain.flatMap((b) => (b === 0x7d ? [0x7d, 1] : b === 0x7e ? [0x7d, 2] : [b]));
  return Buffer.from([0x7e, ...escaped, 0x7e]);
}

export const frame = (
  edition: TerminalEdition,
  msgId: number,
  serial: number,
  body: readonly number[] | Uint8Array,
  packet?: Packet,
): Buffer => wrap(plainFrame(edition, msgId, serial, body, packet));

export function registerBody(edition: TerminalEdition, plate = 'SU-D0001'): number[] {
  const [maker, model, id] = edition.version === '2019' ? [11, 30, 30] : [5, 20, 7];
  return [
    ...word(32),
    ...word(412),
    ...ascii('TESTS', maker),
    ...ascii('SB-1', model),
    ...ascii('T000001', id),
    2,
    ...ascii(plate, plate.length),
  ];
}

export const authBody = (edition: TerminalEdition, code: string): number[] =>
  edition.version === '2019'
    ? [code.length, ...ascii(code, code.length), ...ascii('861234567890123', 15), ...ascii('1.0', 20)]
    : ascii(code, code.length);

export interface LocationFields {
  /** Milliseconds since the epoch, whole seconds. */
  readonly time: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly speedKmh?: number;
  readonly directionDeg?: number;
  readonly alarm?: number;
  /** Default: ACC on, positioned. */
  readonly status?: number;
}

/** The 28 bytes of the basic part of 0x0200. */
export function locationBody(at: LocationFields): number[] {
  const { lat = 31.81, lon = 119.97, speedKmh = 36, directionDeg = 90, alarm = 0, status = 3 } = at;
  return [
    ...dword(alarm),
    ...dword(status),
    ...dword(Math.round(lat * 1e6)),
    ...dword(Math.round(lon * 1e6)),
    ...word(12),
    ...word(Math.round(speedKmh * 10)),
    ...word(directionDeg),
    ...bcdTime(at.time),
  ];
}

/** BCD[6] YYMMDDhhmmss, GMT+8. */
export const bcdTime = (time: number): number[] =>
  bcd(new Date(time + 8 * 3_600_000).toISOString().replace(/[-:T]/g, '').slice(2, 14));

/** 0x0704: `type` 0 for a normal batch, 1 for the upload after a blind area. */
export function batchBody(items: readonly (readonly number[])[], type: 0 | 1 = 1): number[] {
  return [...word(items.length), type, ...items.flatMap((item) => [...word(item.length), ...item])];
}

export interface PlatformFrame {
  readonly msgId: number;
  readonly serial: number;
  readonly version: '2013' | '2019';
  readonly phone: string;
  readonly body: Buffer;
}

/** Cuts the platform's answers out of a stream; throws on one that is not well formed. */
export class AnswerReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): PlatformFrame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: PlatformFrame[] = [];
    for (;;) {
      const end = this.#rest.indexOf(0x7e, 1);
      if (end < 0) return frames;
      if (this.#rest[0] !== 0x7e) throw new Error(`no flag at the start of ${this.#rest.toString('hex')}`);
      frames.push(readAnswer(this.#rest.subarray(1, end)));
      this.#rest = this.#rest.subarray(end + 1);
    }
  }
}

function readAnswer(escaped: Buffer): PlatformFrame {
  const plain: number[] = [];
  for (let i = 0; i < escaped.length; i += 1) {
    if (escaped[i] === 0x7d) {
      i += 1;
      plain.push(escaped[i] === 1 ? 0x7d : 0x7e);
    } else plain.push(escaped[i] as number);
  }
  const bytes = Buffer.from(plain);
  if (bytes.reduce((sum, b) => sum ^ b, 0) !== 0) throw new Error(`checksum of ${bytes.toString('hex')}`);
  const attributes = bytes.readUInt16BE(2);
  const is2019 = (attributes & 0x4000) !== 0;
  const phone = bytes.subarray(is2019 ? 5 : 4, is2019 ? 15 : 10).toString('hex');
  const header = is2019 ? 17 : 12;
  const packets = (attributes & 0x2000) === 0 ? 0 : 4;
  const body = bytes.subarray(header + packets, -1);
  if (body.length !== (attributes & 0x3ff)) throw new Error(`length of ${bytes.toString('hex')}`);
  return {
    msgId: bytes.readUInt16BE(0),
    serial: bytes.readUInt16BE(header - 2),
    version: is2019 ? '2019' : '2013',
    phone,
    body,
  };
}
