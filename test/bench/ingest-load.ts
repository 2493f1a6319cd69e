/**
 * The load of the benchmark, in a process of its own: so many terminals over real TCP, each with one report in
 * flight. Frames are patched in place, since every microsecond here is taken from the server on the same machine.
 */
import { connect, type Socket } from 'node:net';
import {
  AnswerReader,
  authBody,
  bcdTime,
  frame,
  locationBody,
  plainFrame,
  registerBody,
} from '../support/terminal-bytes.ts';
import { phoneOfBus, placeOf, REPORT_EVERY_S, SPEED_KMH } from './bench-fleet.ts';

interface Task {
  readonly port: number;
  readonly buses: number;
  readonly start: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Against the bare server there is nobody to register with. */
  readonly bare: boolean;
}

const task = JSON.parse(process.argv[2] as string) as Task;
const FLAG = 0x7e;
const SERIAL_AT = 10;
const BODY_AT = 12;
const CONNECTS_AT_ONCE = 200;

let measuring = false;
let acked = 0;
let failed = 0;
const latencies = new Float64Array(20_000_000);

class Bus {
  readonly #n: number;
  readonly #socket: Socket;
  /** Header and location with checksum, not escaped. */
  readonly #plain: Buffer;
  #serial = 2;
  #report = 0;
  #sentAt = 0;

  constructor(n: number, socket: Socket) {
    this.#n = n;
    this.#socket = socket;
    const edition = { version: '2013' as const, phone: phoneOfBus(n) };
    const body = [
      ...locationBody({ time: task.start, speedKmh: SPEED_KMH }),
      0x01,
      4,
      0,
      0,
      0,
      1,
      0x31,
      1,
      12,
    ];
    this.#plain = Buffer.from(plainFrame(edition, 0x0200, 0, body));
  }

  async login(): Promise<void> {
    const edition = { version: '2013' as const, phone: phoneOfBus(this.#n) };
    const reader = new AnswerReader();
    const answer = (): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        const onData = (chunk: Buffer) => {
          const [first] = reader.push(chunk);
          if (!first) return;
          this.#socket.off('data', onData);
          resolve(first.body);
        };
        this.#socket.on('data', onData);
        this.#socket.once('close', () => reject(new Error('closed')));
      });
    this.#socket.write(frame(edition, 0x0100, 0, registerBody(edition, `B${this.#n}`)));
    const code = (await answer()).subarray(3).toString('latin1');
    this.#socket.write(frame(edition, 0x0102, 1, authBody(edition, code)));
    if ((await answer())[4] !== 0) throw new Error('authentication was refused');
  }

  start(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#answered(chunk));
    this.#send();
  }

  #answered(chunk: Buffer): void {
    // One report in flight, so one answer a chunk.
    if (chunk.length < 15 || chunk[chunk.length - 1] !== FLAG)
      throw new Error(`half an answer: ${chunk.toString('hex')}`);
    if (measuring) {
      latencies[acked] = performance.now() - this.#sentAt;
      acked += 1;
      if (!task.bare && resultOf(chunk) !== 0) failed += 1;
    }
    this.#send();
  }

  #send(): void {
    const plain = this.#plain;
    const { lat, lon } = placeOf(this.#n, this.#report);
    plain.writeUInt16BE(this.#serial, SERIAL_AT);
    plain.writeUInt32BE(Math.round(lat * 1e6), BODY_AT + 8);
    plain.writeUInt32BE(Math.round(lon * 1e6), BODY_AT + 12);
    plain.set(bcdTime(task.start + this.#report * REPORT_EVERY_S * 1_000), BODY_AT + 22);
    this.#serial = (this.#serial + 1) & 0xffff;
    this.#report += 1;
    this.#sentAt = performance.now();
    this.#socket.write(sealed(plain));
  }
}

/** Of a general reply: the byte before the checksum, which may be two where it is escaped. */
function resultOf(reply: Buffer): number {
  const last = reply.length - 3;
  return reply[reply[last] === 0x7d ? last - 1 : last] as number;
}

/** Checksum, escapes and flags. */
function sealed(plain: Buffer): Buffer {
  const last = plain.length - 1;
  let sum = 0;
  for (let i = 0; i < last; i += 1) sum ^= plain[i] as number;
  plain[last] = sum;
  const out = Buffer.allocUnsafe(plain.length * 2 + 2);
  out[0] = FLAG;
  let at = 1;
  for (let i = 0; i <= last; i += 1) {
    const byte = plain[i] as number;
    if (byte === FLAG || byte === 0x7d) {
      out[at++] = 0x7d;
      out[at++] = byte - 0x7c;
    } else out[at++] = byte;
  }
  out[at++] = FLAG;
  return out.subarray(0, at);
}

async function open(n: number): Promise<Bus> {
  const socket = connect({ port: task.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  const bus = new Bus(n, socket);
  if (!task.bare) await bus.login();
  return bus;
}

const buses: Bus[] = [];
for (let n = 0; n < task.buses; n += CONNECTS_AT_ONCE) {
  const some = Array.from({ length: Math.min(CONNECTS_AT_ONCE, task.buses - n) }, (_, i) => open(n + i));
  buses.push(...(await Promise.all(some)));
}
process.send?.({ ready: true });
await new Promise((resolve) => process.once('message', resolve));
for (const bus of buses) bus.start();
setTimeout(() => {
  process.send?.({ started: true });
  const cpu = process.cpuUsage();
  measuring = true;
  const began = performance.now();
  setTimeout(() => {
    measuring = false;
    const seconds = (performance.now() - began) / 1_000;
    const sorted = latencies.subarray(0, acked).sort();
    const used = process.cpuUsage(cpu);
    process.send?.({
      result: {
        total: acked,
        cpuSeconds: (used.user + used.system) / 1e6,
        perSecond: acked / seconds,
        failed,
        p50Ms: sorted[Math.floor(acked * 0.5)],
        p99Ms: sorted[Math.floor(acked * 0.99)],
      },
    });
    process.exit(0);
  }, task.measureMs);
}, task.warmUpMs);
