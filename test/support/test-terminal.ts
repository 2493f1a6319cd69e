import { connect, type Socket } from 'node:net';
import {
  AnswerReader,
  authBody,
  frame,
  type LocationFields,
  locationBody,
  type PlatformFrame,
  registerBody,
  type TerminalEdition,
} from './terminal-bytes.ts';

/** A terminal of a test over real TCP: says what it is told to, and waits for what the platform answers. */
export class TestTerminal {
  readonly edition: TerminalEdition;
  readonly socket: Socket;
  readonly received: PlatformFrame[] = [];
  closed = false;
  serial = 0;
  readonly #reader = new AnswerReader();
  #waiters: (() => void)[] = [];

  private constructor(edition: TerminalEdition, socket: Socket) {
    this.edition = edition;
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received.push(...this.#reader.push(chunk));
      this.#tell();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.#tell();
    });
  }

  static async connect(
    port: number,
    phone: string,
    version: TerminalEdition['version'] = '2013',
  ): Promise<TestTerminal> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const terminal = new TestTerminal({ version, phone }, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return terminal;
  }

  /** Registers and authenticates. Returns the authentication code. */
  async login(plate?: string): Promise<string> {
    const code = await this.register(plate);
    if (code === null) throw new Error('registration was refused');
    const result = await this.authenticate(code);
    if (result !== 0) throw new Error(`authentication gave ${result}`);
    return code;
  }

  /** The authentication code, or null where the platform refuses. */
  async register(plate?: string): Promise<string | null> {
    const serial = this.send(0x0100, registerBody(this.edition, plate));
    const { body } = await this.answer((f) => f.msgId === 0x8100 && f.body.readUInt16BE(0) === serial);
    return body[2] === 0 ? body.subarray(3).toString('latin1') : null;
  }

  async authenticate(code: string): Promise<number> {
    return this.ackOf(this.send(0x0102, authBody(this.edition, code)));
  }

  send(msgId: number, body: readonly number[] | Uint8Array = []): number {
    const serial = this.serial;
    this.serial = (serial + 1) & 0xffff;
    this.socket.write(frame(this.edition, msgId, serial, body));
    return serial;
  }

  /** Sends a location and waits for its general reply. */
  async report(at: LocationFields): Promise<number> {
    return this.ackOf(this.send(0x0200, locationBody(at)));
  }

  /** Result of the 0x8001 that answers the serial number. */
  async ackOf(serial: number): Promise<number> {
    const answer = await this.answer((f) => f.msgId === 0x8001 && f.body.readUInt16BE(0) === serial);
    return answer.body[4] as number;
  }

  acked(serial: number): boolean {
    return this.received.some((f) => f.msgId === 0x8001 && f.body.readUInt16BE(0) === serial);
  }

  async answer(match: (frame: PlatformFrame) => boolean): Promise<PlatformFrame> {
    for (;;) {
      const found = this.received.find(match);
      if (found) return found;
      if (this.closed) throw new Error('the platform closed the connection');
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async whenClosed(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #tell(): void {
    for (const tell of this.#waiters.splice(0)) tell();
  }

  end(): void {
    this.socket.destroy();
  }
}
