import type { Socket } from 'node:net';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import { xor } from '../../protocol/jt808/frame/escape.ts';
import {
  type Assembler,
  decodeHeader,
  encodeGeneralReply,
  encodeMessage,
  encodeParts,
  type FrameFault,
  type Header,
  StreamFramer,
} from '../../protocol/jt808/index.ts';
import type { Body, Version } from '../../protocol/jt808/message.ts';
import type { AskedAlarms } from './ask-for-attachments.ts';
import type { CommandDelivery } from './command-delivery.ts';
import { CommandsUnderWay } from './commands-under-way.ts';
import { dispatch } from './dispatch.ts';
import type { IngestWorld } from './ingest-world.ts';
import type { MediaUploads } from './media-uploads.ts';
import { expireMedia } from './on-media.ts';
import { expirePackets } from './on-packet.ts';
import type { AckSink } from './owed-ack.ts';
import { PAUSED_BY_LANE, PAUSED_BY_PRESSURE, PAUSED_BY_RATE, PAUSED_BY_STEP } from './pause-reasons.ts';
import { untilAvailable } from './retry.ts';
import type { LaneOwner, VehicleLane } from './vehicle-lane.ts';

/**
 * One connection: bytes to frames to the handler of each message, answers back in the terminal's own edition. What
 * goes wrong here ends at most this connection.
 */
export class Session implements AckSink, LaneOwner {
  readonly world: IngestWorld;
  readonly socket: Socket;
  readonly address: string;
  readonly openedAt: number;
  readonly order: number;
  /** The newest whole frame. */
  frameAt: number;
  closed = false;
  /** Set once authenticated. */
  lane: VehicleLane | null = null;
  /** Without leading zeros; set by the first frame that names one. */
  phone: string | null = null;
  /** Header of a frame of this terminal: answers take its edition and its number's bytes from it. */
  header: Header | null = null;
  /** What it gave as its plate when it registered. */
  plate = '';
  /** Goes with its next location: of its own it would make late what the terminal still has to send. */
  toTell: VehicleEvent | null = null;
  authFailures = 0;
  assembler: Assembler | null = null;
  /** Photos and recordings that are on their way. */
  media: MediaUploads | null = null;
  askedAlarms: AskedAlarms | null = null;
  stopServing: (() => void) | null = null;
  /** Of its messages down. Known when it has authenticated: the header alone does not tell 2011 from 2013. */
  edition: Version | null = null;
  delivery: CommandDelivery | null = null;
  #framer: StreamFramer | null = null;
  #commands: CommandsUnderWay | null = null;
  #faults = 0;
  #serial = 0;
  #paused = 0;
  #framesThisSecond = 0;
  #bytesThisSecond = 0;
  #secondsOverRate = 0;
  #stepping = false;
  /** Frames that came in one chunk behind one that has to be done first. */
  #backlog: Uint8Array[] = [];
  /** Answers in line: mostly one. */
  #answer: Uint8Array | null = null;
  #moreAnswers: Uint8Array[] | null = null;

  constructor(world: IngestWorld, socket: Socket, now: number, order: number) {
    this.world = world;
    this.socket = socket;
    this.address = socket.remoteAddress ?? '';
    this.openedAt = now;
    this.order = order;
    this.frameAt = now;
    if (world.pressure.full) this.pause(PAUSED_BY_PRESSURE);
  }

  get remote(): string {
    return `${this.address}:${this.socket.remotePort ?? 0}`;
  }

  get commands(): CommandsUnderWay {
    this.#commands ??= new CommandsUnderWay();
    return this.#commands;
  }

  get hasCommands(): boolean {
    return this.#commands !== null;
  }

  data(chunk: Uint8Array): void {
    const { counts, limits } = this.world;
    counts.bytes += chunk.length;
    this.#bytesThisSecond += chunk.length;
    this.#framer ??= new StreamFramer({ maxFrameBytes: limits.maxFrameBytes });
    this.#framer.push(chunk, this.#onFrame, this.#onFault);
    if (
      this.#framesThisSecond > limits.maxFramesPerSecond ||
      this.#bytesThisSecond > limits.maxBytesPerSecond
    )
      this.pause(PAUSED_BY_RATE);
    this.world.outbox.flush();
  }

  readonly #onFrame = (frame: Uint8Array): void => {
    this.world.counts.frames += 1;
    this.#framesThisSecond += 1;
    if (this.closed) return;
    this.frameAt = this.world.now();
    if (this.#stepping) this.#backlog.push(Buffer.from(frame));
    else this.#handle(frame);
  };

  #handle(frame: Uint8Array): void {
    if (xor(frame, 0, frame.length) !== 0) {
      this.fault('checksum', `the bytes do not add up to ${frame.at(-1)}`, frame);
      return;
    }
    const header = decodeHeader(frame);
    if ('error' in header) this.fault(header.error, header.detail, frame);
    else dispatch(this, header, frame);
  }

  /** Bytes that are no frame: kept, counted, not answered, since whom to answer is not known. */
  readonly #onFault = ({ error, detail, byteCount, bytes }: FrameFault): void => {
    if (this.closed) return;
    const kept =
      byteCount > bytes.length ? `${detail}; the first ${bytes.length} of ${byteCount} are kept` : detail;
    this.fault(error, kept, bytes);
  };

  /** Keeps what could not be understood, and ends a connection that sends little else. */
  fault(reason: string, detail: string, bytes: Uint8Array): void {
    const { counts, log, limits } = this.world;
    counts.faults.add(reason);
    log.warn(reason, { detail, phone: this.phone, remote: this.remote });
    this.quarantine(reason, detail, bytes);
    this.#faults += 1;
    if (this.#faults >= limits.maxFaults) this.close('too_many_faults');
  }

  quarantine(reason: string, detail: string, bytes: Uint8Array): void {
    const frame = Buffer.from(bytes);
    this.world.batchers.any.addQuarantine(
      { receivedAt: this.world.now(), phone: this.phone, remote: this.remote, reason, detail, frame },
      null,
    );
  }

  /** Runs a step that the frames behind it must wait for; nothing more is read meanwhile. */
  step(work: () => Promise<void>): void {
    this.#stepping = true;
    this.pause(PAUSED_BY_STEP);
    void this.#step(work);
  }

  async #step(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.world.counts.events.add('step_failed');
      this.world.log.error(
        { err: error, phone: this.phone, remote: this.remote },
        'a step of a session failed',
      );
      this.close('fault');
    }
    this.#stepping = false;
    this.frameAt = this.world.now();
    while (!this.#stepping && !this.closed) {
      const frame = this.#backlog.shift();
      if (!frame) break;
      this.#handle(frame);
    }
    this.world.outbox.flush();
    if (!this.#stepping) this.resume(PAUSED_BY_STEP);
  }

  /** For a step: calls until the database answers; null where the connection or the service ends first. */
  untilAvailable<T>(call: () => Promise<T>): Promise<{ readonly value: T } | null> {
    return untilAvailable(this.world.limits, this.world.ending, call, () => this.closed);
  }

  get stepping(): boolean {
    return this.#stepping;
  }

  pause(reason: number): void {
    if (this.closed) return;
    if (this.#paused === 0) {
      this.world.counts.paused += 1;
      this.socket.pause();
    }
    this.#paused |= reason;
  }

  resume(reason: number): void {
    if (this.closed || (this.#paused & reason) === 0) return;
    this.#paused &= ~reason;
    if (this.#paused > 0) return;
    this.world.counts.paused -= 1;
    this.socket.resume();
  }

  /** Once a second, from the one sweep over all connections. */
  everySecond(now: number): void {
    const { limits } = this.world;
    if (this.closed) return;
    const over = (this.#paused & PAUSED_BY_RATE) !== 0;
    // Slowed down it is all the same; but a photo is no reason to hang up.
    this.#secondsOverRate = over && !this.media ? this.#secondsOverRate + 1 : 0;
    this.#framesThisSecond = 0;
    this.#bytesThisSecond = 0;
    if (this.#secondsOverRate >= limits.maxSecondsOverRate) {
      this.close('over_rate');
      return;
    }
    this.resume(PAUSED_BY_RATE);
    const waiting = this.lane?.waiting.length ?? 0;
    if (waiting > limits.maxWaitingPerVehicle) this.pause(PAUSED_BY_LANE);
    else this.resume(PAUSED_BY_LANE);
    expirePackets(this, now);
    expireMedia(this, now);
    // Time that the platform itself made a terminal wait is not held against it.
    if (this.#stepping || this.#paused !== 0) this.frameAt = now;
    else if (!this.lane && now - this.openedAt > limits.authDeadlineMs) this.close('not_authenticated');
    else if (now - this.frameAt > limits.idleMs) this.close('idle');
  }

  #nextSerials(count: number): number {
    const serial = this.#serial;
    this.#serial = (serial + count) & 0xffff;
    return serial;
  }

  acknowledge(serial: number, msgId: number, result: number): void {
    if (this.closed || !this.header) return;
    if (result === 0) this.world.counts.acknowledged += 1;
    const { version, protocolVersion, phone } = this.header;
    const header = { version, protocolVersion, phone, serial: this.#nextSerials(1) };
    this.#put(encodeGeneralReply(header, serial, msgId, result));
  }

  /** Sends a message of the platform's in the terminal's edition; returns its (first) serial number. */
  send(msgId: number, body: { readonly [field: string]: unknown }): number {
    const serial = this.#serial;
    if (this.closed || !this.header) return serial;
    const { version, protocolVersion, phone } = this.header;
    const frames = encodeMessage({ msgId, version, protocolVersion, phone, serial, body });
    this.#nextSerials(frames.length);
    for (const frame of frames) this.#put(frame);
    return serial;
  }

  /** The same for a body that is in bytes. */
  sendBody(msgId: number, body: Uint8Array): void {
    if (this.closed || !this.header) return;
    const { version, protocolVersion, phone } = this.header;
    const serial = this.#serial;
    const frames = encodeParts({ msgId, version, protocolVersion, phone, serial }, body);
    this.#nextSerials(frames.length);
    for (const frame of frames) this.#put(frame);
  }

  /** The packets of a message, with serial numbers of their own, not yet sent. Throws `EncodeError`. */
  prepare(
    msgId: number,
    body: Body,
    version: Version,
  ): { readonly firstSerial: number; readonly frames: readonly Uint8Array[] } {
    if (!this.header) throw new Error('nothing is sent to a terminal that has not said who it is');
    const { protocolVersion, phone } = this.header;
    const firstSerial = this.#serial;
    const frames = encodeMessage({ msgId, version, protocolVersion, phone, serial: firstSerial, body });
    this.#nextSerials(frames.length);
    return { firstSerial, frames };
  }

  /** Sends what `prepare` gave, for the first time or again. */
  sendFrames(frames: readonly Uint8Array[]): void {
    if (this.closed) return;
    for (const frame of frames) this.#put(frame);
    this.world.outbox.flush();
  }

  #put(frame: Uint8Array): void {
    if (this.#answer === null) {
      this.#answer = frame;
      this.world.outbox.add(this);
    } else if (this.#moreAnswers) this.#moreAnswers.push(frame);
    else this.#moreAnswers = [this.#answer, frame];
  }

  /** One write for all that is in line. */
  flush(): void {
    const one = this.#answer;
    const many = this.#moreAnswers;
    this.#answer = null;
    this.#moreAnswers = null;
    if (this.closed || one === null) return;
    this.socket.write(many === null ? one : Buffer.concat(many));
    if (this.socket.writableLength > this.world.limits.maxUnsentBytes) this.close('does_not_read');
  }

  laneLost(reason: string): void {
    this.close(reason);
  }

  /** Ends the connection after what is in line has been sent. */
  close(reason: string): void {
    if (this.closed) return;
    this.flush();
    // What could not be flushed may have closed it.
    if (this.closed) return;
    const { counts, log, sessionClosed } = this.world;
    if (this.#paused !== 0) counts.paused -= 1;
    this.closed = true;
    counts.closed.add(reason);
    if (reason !== 'by_terminal') log.warn(`closed_${reason}`, { phone: this.phone, remote: this.remote });
    this.stopServing?.();
    this.stopServing = null;
    this.#commands?.close();
    this.#backlog = [];
    this.assembler = null;
    this.media?.close();
    this.media = null;
    this.#framer = null;
    this.socket.destroySoon();
    sessionClosed(this);
  }
}
