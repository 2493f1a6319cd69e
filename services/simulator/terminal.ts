import { connect, type Socket } from 'node:net';
import { CLEARED_ON_REPLY } from '../../protocol/jt808/index.ts';
import type { Body, Message } from '../../protocol/jt808/message.ts';
import { uploadAttachments } from './attachment-upload.ts';
import type { FixSource } from './fix-source.ts';
import type { FleetCounts } from './fleet-counts.ts';
import { ReportQueue, type StoredReport } from './report-queue.ts';
import { adasItem, alarmFiles } from './safety-alarm.ts';
import type { Random } from './seeded-random.ts';
import { FrameReader, MISSING_AFTER_MS, packFrames } from './terminal-codec.ts';
import { answerCommand, type CommandHost } from './terminal-commands.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import { TerminalMedia } from './terminal-media.ts';
import { TerminalMemory } from './terminal-memory.ts';
import { authentication, batch, ID, location, registration, statusOf } from './terminal-messages.ts';
import { reconnectWaitMs, replyWaitMs, type TerminalSettings } from './terminal-settings.ts';
import type { Sleeper, WakeHeap } from './wake-heap.ts';

export interface TerminalOptions {
  readonly identity: TerminalIdentity;
  readonly host: string;
  readonly port: number;
  readonly source: FixSource;
  readonly settings: TerminalSettings;
  readonly heap: WakeHeap;
  readonly counts: FleetCounts;
  readonly random: Random;
  /** Wall times without radio: nothing is sent or heard, and no connection is closed in order. */
  readonly silences: readonly { readonly from: number; readonly to: number }[];
  /** Called after each reply of the platform: the terminal may have become `settled`. */
  readonly onReply: () => void;
}

type State = 'waiting' | 'connecting' | 'registering' | 'authenticating' | 'online' | 'no radio' | 'stopped';

/** A message that waits for its reply. */
interface Flight {
  readonly msgId: number;
  readonly serial: number;
  readonly frame: Uint8Array;
  readonly reports: readonly StoredReport[];
  /** Alarm bits that this message told of. */
  readonly alarms: number;
  readonly firstSentAt: number;
  sendings: number;
  dueAt: number;
}

/**
 * One JT/T 808 terminal on a real TCP connection: registers, authenticates, keeps alive, reports, sends again what is
 * not acknowledged, stores what is measured without a line and sends it up when the line is back.
 */
export class Terminal implements Sleeper, CommandHost {
  heapIndex = -1;
  readonly identity: TerminalIdentity;
  readonly settings: TerminalSettings;
  readonly source: FixSource;
  readonly memory: TerminalMemory;
  readonly media = new TerminalMedia(this);
  /** Ends the uploads that are under way. */
  private readonly uploads = new AbortController();
  private readonly options: TerminalOptions;
  private readonly queue: ReportQueue;
  private readonly flights = new Map<number, Flight>();
  private state: State = 'waiting';
  private socket: Socket | null = null;
  /** A connection of before a radio silence: closed once the new one is let in. */
  private ghost: Socket | null = null;
  private reader: FrameReader | null = null;
  private serial = 0;
  private token: string | null = null;
  private wasOnline = false;
  private finishing = false;
  private attempts = 0;
  private connections = 0;
  private nextConnectAt: number;
  private connectDueAt = Number.POSITIVE_INFINITY;
  private lastSentAt = 0;
  /** Alarm bits that stay until a report that tells of them is acknowledged. */
  private heldAlarms = 0;
  private readonly clearable: number;

  /** `firstConnectAt` spreads the terminals of a fleet over the first seconds. */
  constructor(options: TerminalOptions, firstConnectAt: number) {
    this.options = options;
    this.identity = options.identity;
    this.settings = { ...options.settings };
    this.source = options.source;
    this.memory = new TerminalMemory(options.identity.version);
    this.queue = new ReportQueue(this.settings.memory);
    this.clearable = CLEARED_ON_REPLY[options.identity.version];
    this.nextConnectAt = firstConnectAt;
    this.sleep();
  }

  /** Nothing is left to send or to wait for. */
  get settled(): boolean {
    return this.state === 'stopped' || (this.queue.length === 0 && this.reportsInFlight() === 0);
  }

  /** The source is exhausted and everything acknowledged. */
  get done(): boolean {
    return this.source.nextDue() === null && this.settled;
  }

  /** Measures no more; what is there still goes up. */
  finish(): void {
    this.finishing = true;
    this.sleep();
  }

  /** Closes the connection and never opens another. */
  stop(): void {
    this.lineDown(this.options.heap.now());
    this.state = 'stopped';
    this.ghost?.destroy();
    this.uploads.abort();
    this.options.heap.remove(this);
  }

  /** Down, and up again after the shortest wait: it knows its code and need not register. */
  restart(now: number): void {
    this.attempts = 0;
    this.lineDown(now);
    this.sleep();
  }

  wake(now: number): void {
    if (this.state === 'stopped') return;
    this.askForPackets(now);
    this.radio(now);
    this.measure(now);
    if (this.state === 'waiting' && now >= this.nextConnectAt) this.connect(now);
    if (this.state === 'connecting' && now >= this.connectDueAt) this.lineDown(now);
    this.repeat(now);
    this.report(now);
    if (this.state === 'online' && now >= this.lastSentAt + this.settings.heartbeatMs) {
      this.send(ID.heartbeat, {}, now);
    }
    this.sleep();
  }

  /** What of the platform's long messages got lost; 2011 and 2013 have no way to say so. */
  private askForPackets(now: number): void {
    if (this.state !== 'online' || this.identity.version !== '2019') return;
    for (const { firstSerial, missing } of this.reader?.missing(now) ?? [])
      this.send(ID.missingPackets, { originalSerial: firstSerial, retransmitIds: missing }, now);
  }

  // What can come from the platform

  private connect(now: number): void {
    this.state = 'connecting';
    this.connectDueAt = now + this.settings.connectTimeoutMs;
    if (this.connections++ > 0) this.options.counts.reconnects++;
    const socket = connect({ host: this.options.host, port: this.options.port, noDelay: true });
    this.socket = socket;
    this.reader = new FrameReader(this.identity.version, () => this.options.heap.now(), {
      onMessage: (message) => this.received(message),
      onFault: () => {
        this.options.counts.faults++;
      },
    });
    socket.on('connect', () => {
      if (this.socket !== socket) return;
      const at = this.options.heap.now();
      if (this.token === null) {
        this.state = 'registering';
        this.send(ID.register, registration(this.identity), at);
      } else this.authenticate(at);
      this.sleep();
    });
    socket.on('data', (chunk: Buffer) => {
      if (this.socket !== socket) return;
      this.reader?.push(chunk);
      // A message that is not whole yet wakes nobody by itself.
      if (this.reader?.assembling) this.sleep();
    });
    // The fault itself says nothing that the close after it does not: the line is down.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.lineDown(this.options.heap.now());
      this.sleep();
    });
  }

  private authenticate(now: number): void {
    this.state = 'authenticating';
    this.send(ID.authenticate, authentication(this.identity, this.token ?? ''), now);
  }

  private received(message: Message): void {
    const now = this.options.heap.now();
    if (message.msgId === ID.registerReply) this.registered(message.body, now);
    else if (message.msgId === ID.platformReply) this.replied(message.body, now);
    else if (this.state === 'online') answerCommand(this, message, now);
    this.report(now);
    this.sleep();
  }

  private registered(body: Body, now: number): void {
    const flight = this.flights.get(Number(body.responseSerial));
    if (this.state !== 'registering' || flight?.msgId !== ID.register) return;
    this.flights.delete(flight.serial);
    if (body.result === 0) {
      this.token = String(body.authCode ?? '');
      this.authenticate(now);
    } else {
      this.options.counts.refused++;
      this.lineDown(now);
    }
  }

  private replied(body: Body, now: number): void {
    const flight = this.flights.get(Number(body.responseSerial));
    if (!flight || Number(body.responseMsgId) !== flight.msgId) return;
    const result = Number(body.result);
    if (flight.msgId === ID.authenticate) {
      this.flights.delete(flight.serial);
      this.authenticated(result, now);
      return;
    }
    // "Failure" is no word about the message: it is sent again when its time is up.
    if (result === 1) return;
    this.flights.delete(flight.serial);
    const { counts } = this.options;
    if (flight.reports.length > 0) {
      if (result === 0 || result === 4) {
        counts.acknowledged += flight.reports.length;
        counts.ackLatency.add(now - flight.firstSentAt);
      } else counts.rejected += flight.reports.length;
    }
    this.heldAlarms &= ~flight.alarms;
    this.options.onReply();
  }

  private authenticated(result: number, now: number): void {
    const { counts } = this.options;
    if (result !== 0) {
      // The platform has forgotten this terminal or its code: it must register again.
      counts.refused++;
      this.token = null;
      this.lineDown(now);
      return;
    }
    this.state = 'online';
    this.attempts = 0;
    counts.online++;
    if (!this.wasOnline) {
      this.wasOnline = true;
      counts.connected++;
      this.source.lineUp(now);
    }
    this.ghost?.destroy();
    this.ghost = null;
    this.media.lineUp(now);
    this.options.onReply();
  }

  // What goes to the platform

  /** Sends a message; one that is answered waits for its reply. Returns its serial number. */
  send(msgId: number, body: Body, now: number, reports: readonly StoredReport[] = [], alarms = 0): number {
    const serial = this.serial;
    const frames = packFrames(this.identity, msgId, serial, body);
    this.serial = (this.serial + frames.length) & 0xffff;
    const frame = frames.length === 1 ? (frames[0] as Uint8Array) : Buffer.concat(frames);
    if (awaitsReply(msgId)) {
      const dueAt = now + replyWaitMs(this.settings.replyTimeoutMs, 1);
      this.flights.set(serial, {
        msgId,
        serial,
        frame,
        reports,
        alarms,
        firstSentAt: now,
        sendings: 1,
        dueAt,
      });
    }
    this.socket?.write(frame);
    this.lastSentAt = now;
    return serial;
  }

  sendPackets(msgId: number, body: Body, now: number): { serial: number; frames: Uint8Array[] } {
    const { serial } = this;
    const frames = packFrames(this.identity, msgId, serial, body);
    this.serial = (serial + frames.length) & 0xffff;
    this.sendAgain(frames);
    this.lastSentAt = now;
    return { serial, frames };
  }

  sendAgain(frames: readonly Uint8Array[]): void {
    if (this.state === 'online' && frames.length > 0) this.socket?.write(Buffer.concat(frames));
  }

  uploadAlarm(order: Body): void {
    const files = alarmFiles(this.identity.vehicle, order);
    void uploadAttachments(this.identity, order, files, this.uploads.signal).then((complete) => {
      if (complete) this.options.counts.attachments += files.length;
    });
  }

  private measure(now: number): void {
    if (!this.measuring()) return;
    for (let due = this.nextDue(); due !== null && due <= now; due = this.nextDue()) {
      const blind = this.wasOnline && this.state !== 'online';
      const fix = this.source.take(now);
      this.heldAlarms |= fix.alarmFlags & this.clearable;
      this.queue.push({
        fix: { ...fix, alarmFlags: (fix.alarmFlags | this.heldAlarms) >>> 0 },
        blind,
        sent: false,
      });
      this.options.counts.overwritten += this.queue.takeOverwritten();
    }
  }

  private measuring(): boolean {
    return this.wasOnline || !this.source.waitsForLine;
  }

  private nextDue(): number | null {
    return this.finishing ? null : this.source.nextDue();
  }

  /** Sends stored reports, oldest first, as many as may be under way. */
  private report(now: number): void {
    while (
      this.state === 'online' &&
      this.reportsInFlight() < this.settings.inFlight &&
      this.queue.length > 0
    ) {
      // 0x0704 came with the edition of 2013.
      const most = this.identity.version === '2011' ? 1 : this.settings.batchSize;
      const reports = this.queue.take(most);
      const { counts } = this.options;
      for (const report of reports) {
        if (report.sent) counts.retransmitted++;
        else counts.sent++;
        if (report.blind && !report.sent) counts.blind++;
        report.sent = true;
      }
      const alarms = reports.reduce((bits, report) => bits | (report.fix.alarmFlags & this.clearable), 0);
      const status = statusOf(this.memory);
      const bodies = reports.map(({ fix }) => withAdas(location(fix, status), adasItem(this.identity, fix)));
      if (reports[0]!.blind && this.identity.version !== '2011')
        this.send(ID.batch, batch(bodies), now, reports, alarms);
      else this.send(ID.location, bodies[0]!, now, reports, alarms);
    }
  }

  /** Sends again what had no reply in time; after the last repetition the line is dead. */
  private repeat(now: number): void {
    for (const flight of this.flights.values()) {
      if (flight.dueAt > now) continue;
      if (flight.sendings > this.settings.retransmissions) {
        this.lineDown(now);
        return;
      }
      flight.sendings++;
      flight.dueAt = now + replyWaitMs(this.settings.replyTimeoutMs, flight.sendings);
      this.options.counts.retransmitted++;
      this.socket?.write(flight.frame);
      this.lastSentAt = now;
    }
  }

  private reportsInFlight(): number {
    let count = 0;
    for (const flight of this.flights.values()) if (flight.reports.length > 0) count++;
    return count;
  }

  // The line

  private lineDown(now: number): void {
    const socket = this.socket;
    this.socket = null;
    this.reader = null;
    socket?.destroy();
    this.forgetFlights();
    if (this.state === 'stopped') return;
    this.state = 'waiting';
    this.connectDueAt = Number.POSITIVE_INFINITY;
    this.nextConnectAt = now + reconnectWaitMs(this.settings, this.attempts++, this.options.random());
  }

  private forgetFlights(): void {
    if (this.state === 'online') this.options.counts.online--;
    const unanswered = [...this.flights.values()].flatMap((flight) => flight.reports);
    this.flights.clear();
    this.queue.putBack(unanswered);
  }

  /** Loses and finds the radio: without it the connection is neither used nor closed, as when a bus enters a tunnel. */
  private radio(now: number): void {
    const silent = this.options.silences.some((silence) => silence.from <= now && now < silence.to);
    if (silent && this.state !== 'no radio') {
      this.ghost?.destroy();
      this.ghost = this.socket;
      this.ghost?.pause();
      this.socket = null;
      this.reader = null;
      this.forgetFlights();
      this.state = 'no radio';
    } else if (!silent && this.state === 'no radio') {
      this.state = 'waiting';
      this.attempts = 0;
      this.nextConnectAt = now;
    }
  }

  /** Asks to be woken when there is something to do next. */
  private sleep(): void {
    if (this.state === 'stopped') return;
    const now = this.options.heap.now();
    let at = Number.POSITIVE_INFINITY;
    if (this.state === 'waiting') at = this.nextConnectAt;
    else if (this.state === 'connecting') at = this.connectDueAt;
    else if (this.state === 'online') at = this.lastSentAt + this.settings.heartbeatMs;
    for (const flight of this.flights.values()) at = Math.min(at, flight.dueAt);
    if (this.reader?.assembling) at = Math.min(at, now + MISSING_AFTER_MS);
    for (const { from, to } of this.options.silences) {
      if (now < to) at = Math.min(at, now < from ? from : to);
    }
    const due = this.measuring() ? this.nextDue() : null;
    this.options.heap.set(this, due === null ? at : Math.min(at, due));
  }
}

function withAdas(body: Body, adas: Body | null): Body {
  return adas === null ? body : { ...body, extras: { ...(body.extras as Body), adas } };
}

/** Answers of a terminal that the platform does not answer in turn. */
const LAST_WORDS: ReadonlySet<number> = new Set([
  ID.terminalReply,
  ID.missingPackets,
  ID.parameters,
  ID.attributes,
  ID.locationAnswer,
  ID.vehicleControlAnswer,
  ID.areas,
  ID.photoAnswer,
]);

/** Every message of a terminal has a reply but the replies themselves. */
function awaitsReply(msgId: number): boolean {
  return !LAST_WORDS.has(msgId);
}
