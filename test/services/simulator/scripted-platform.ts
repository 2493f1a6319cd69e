import { createServer, type Server, type Socket } from 'node:net';

/** A frame as it came, read by hand and not by the codec under test. */
export interface RawFrame {
  readonly msgId: number;
  readonly long: boolean;
  readonly phone: string;
  readonly serial: number;
  readonly body: Buffer;
  /** With flags and escapes. */
  readonly wire: Buffer;
  /** Number of the connection, from 0. */
  readonly connection: number;
  readonly at: number;
}

/** What the platform does with a frame: the usual answer, none at all, a result, or to cut the connection. */
export type Answer = 'usual' | 'none' | 'cut' | { readonly result: number };

export const AUTH_CODE = 'a-token';

/** What a platform does not answer. */
const LAST_WORDS = new Set([0x0001, 0x0005, 0x0104, 0x0107, 0x0201, 0x0500, 0x0608, 0x0805]);

/** A platform that answers as a script says, and remembers every frame. */
export class ScriptedPlatform {
  readonly frames: RawFrame[] = [];
  connections = 0;
  answer: (frame: RawFrame, platform: ScriptedPlatform) => Answer = () => 'usual';
  private server: Server | null = null;
  private readonly sockets = new Map<number, Socket>();
  private serial = 0;
  private readonly watchers = new Set<() => void>();

  async listen(port = 0): Promise<number> {
    const server = createServer((socket) => this.accept(socket));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Frames of one id, in order. */
  of(msgId: number): RawFrame[] {
    return this.frames.filter((frame) => frame.msgId === msgId);
  }

  /** Resolves as soon as the condition holds, looked at after each frame, each connection that ends and `look`. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.watchers.delete(look);
        resolve();
      };
      this.watchers.add(look);
      look();
    });
  }

  /** Sends a message to the terminal of a frame. */
  send(to: RawFrame, msgId: number, body: Buffer): void {
    this.sockets.get(to.connection)?.write(wireFrame(msgId, to.long, to.phone, this.serial++ & 0xffff, body));
  }

  /** Sends a message in packets, those of the numbers given; returns the serial number of the first. */
  sendParts(
    to: RawFrame,
    msgId: number,
    parts: readonly Buffer[],
    numbers: readonly number[] = parts.map((_, i) => i + 1),
    firstSerial = this.serial,
  ): number {
    this.serial = Math.max(this.serial, firstSerial + parts.length);
    for (const number of numbers) {
      const packet = { total: parts.length, number };
      const serial = firstSerial + number - 1;
      this.sockets
        .get(to.connection)
        ?.write(wireFrame(msgId, to.long, to.phone, serial, parts[number - 1]!, packet));
    }
    return firstSerial;
  }

  cut(connection: number): void {
    this.sockets.get(connection)?.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.values()) socket.destroy();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private accept(socket: Socket): void {
    const connection = this.connections++;
    this.sockets.set(connection, socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(connection);
      this.look();
    });
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const end = rest.indexOf(0x7e, 1);
        if (rest.length === 0 || end < 0) break;
        const wire = rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
        this.received(readFrame(wire, connection));
      }
      this.look();
    });
  }

  private received(frame: RawFrame): void {
    this.frames.push(frame);
    const answer = this.answer(frame, this);
    if (answer === 'cut') this.cut(frame.connection);
    else if (answer !== 'none') this.reply(frame, answer === 'usual' ? 0 : answer.result);
  }

  private reply(frame: RawFrame, result: number): void {
    if (LAST_WORDS.has(frame.msgId)) return;
    const serial = Buffer.alloc(2);
    serial.writeUInt16BE(frame.serial);
    if (frame.msgId === 0x0100) {
      const code = result === 0 ? Buffer.from(AUTH_CODE, 'latin1') : Buffer.alloc(0);
      this.send(frame, 0x8100, Buffer.concat([serial, Buffer.from([result]), code]));
      return;
    }
    this.send(
      frame,
      0x8001,
      Buffer.concat([serial, Buffer.from([frame.msgId >> 8, frame.msgId & 0xff, result])]),
    );
  }

  /** Looks whether what somebody waits for has come about elsewhere. */
  look(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

function readFrame(wire: Buffer, connection: number): RawFrame {
  const bytes: number[] = [];
  for (let i = 1; i < wire.length - 1; i++) {
    if (wire[i] === 0x7d) bytes.push(wire[++i] === 0x01 ? 0x7d : 0x7e);
    else bytes.push(wire[i]!);
  }
  const frame = Buffer.from(bytes);
  const sum = frame.subarray(0, -1).reduce((x, byte) => x ^ byte, 0);
  if (sum !== frame.at(-1)) throw new Error(`checksum of ${wire.toString('hex')}`);
  const attributes = frame.readUInt16BE(2);
  const long = (attributes & 0x4000) !== 0;
  const header = long ? 17 : 12;
  // One packet of several has their number and its own before the body.
  const body = frame.subarray(header + ((attributes & 0x2000) !== 0 ? 4 : 0), -1);
  if (body.length !== (attributes & 0x3ff)) throw new Error(`length of ${wire.toString('hex')}`);
  return {
    msgId: frame.readUInt16BE(0),
    long,
    phone: frame.subarray(long ? 5 : 4, header - 2).toString('hex'),
    serial: frame.readUInt16BE(header - 2),
    body,
    wire: Buffer.from(wire),
    connection,
    at: performance.now(),
  };
}

function wireFrame(
  msgId: number,
  long: boolean,
  phone: string,
  serial: number,
  body: Buffer,
  packet?: { total: number; number: number },
): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(msgId, 0);
  head.writeUInt16BE((long ? 0x4000 : 0) | (packet ? 0x2000 : 0) | body.length, 2);
  const tail = Buffer.alloc(packet ? 6 : 2);
  tail.writeUInt16BE(serial);
  if (packet) {
    tail.writeUInt16BE(packet.total, 2);
    tail.writeUInt16BE(packet.number, 4);
  }
  const parts = [head, ...(long ? [Buffer.from([1])] : []), Buffer.from(phone, 'hex'), tail, body];
  const plain = Buffer.concat(parts);
  const whole = [...plain, plain.reduce((x, byte) => x ^ byte, 0)];
  const escaped = whole.flatMap((byte) =>
    byte === 0x7e ? [0x7d, 0x02] : byte === 0x7d ? [0x7d, 0x01] : [byte],
  );
  return Buffer.from([0x7e, ...escaped, 0x7e]);
}
