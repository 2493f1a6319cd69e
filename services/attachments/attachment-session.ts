import type { Socket } from 'node:net';
import type { RuleName } from '../../geo/finding.ts';
import { xor } from '../../protocol/jt808/frame/escape.ts';
import {
  Assembler,
  decodeHeader,
  decodeMessage,
  encodeGeneralReply,
  encodeMessage,
  type Header,
} from '../../protocol/jt808/index.ts';
import { plainPhone } from '../ingest/terminal-identity.ts';
import { saidKind } from '../media/keep-media.ts';
import { type AlarmUpload, beginFile, channelOf, endFile, introduce, takeData } from './alarm-upload.ts';
import { AttachmentCutter } from './attachment-cutter.ts';
import type { AttachmentWorld } from './attachment-world.ts';

/** Results of the general reply: JT/T 808-2019 table 5. */
const SUCCESS = 0;
const FAILURE = 1;
const MESSAGE_ERROR = 2;
const UNSUPPORTED = 3;

/** Stretches that one 0x9212 may name. */
const MOST_GAPS = 255;
const COMPLETE = 0;
const SEND_MISSING = 1;

/** Alerts that the files of an item belong to. */
const RULES_OF_ITEM: { readonly [itemId: number]: readonly RuleName[] } = { 100: ['adas'], 101: ['dsm'] };
const ANY_SAFETY: readonly RuleName[] = ['adas', 'dsm'];

/** Longest message that may come in several packets: a 0x1210 of very many files. */
const MAX_ASSEMBLED_BYTES = 64 * 1024;

/** One connection to the attachment port: one alarm of one terminal after another, each with its files. */
export class AttachmentSession {
  readonly socket: Socket;
  readonly openedAt: number;
  alarm: AlarmUpload | null = null;
  /** Since the last look of the sweep. */
  bytesLately = 0;
  lookedAt: number;
  /** It waits for us, not we for it. */
  busy = false;
  readonly #world: AttachmentWorld;
  readonly #cutter: AttachmentCutter;
  #assembler: Assembler | null = null;
  #header: Header | null = null;
  #serial = 0;
  #faults = 0;
  #closed: string | null = null;

  constructor(world: AttachmentWorld, socket: Socket, now: number) {
    this.#world = world;
    this.socket = socket;
    this.openedAt = now;
    this.lookedAt = now;
    this.#cutter = new AttachmentCutter(world.limits.maxPacketBytes);
  }

  /** Reads until the terminal hangs up or is hung up on. The socket is read only as fast as this goes. */
  async run(): Promise<void> {
    try {
      // The iteration must not end the socket: the last answer is still to be sent.
      for await (const chunk of this.socket.iterator({ destroyOnReturn: false })) {
        this.bytesLately += (chunk as Buffer).length;
        for (const unit of this.#cutter.cut(chunk as Buffer)) {
          if (unit.type === 'fault') this.#fault(unit.reason, unit.detail);
          else if (unit.type === 'data') await this.#data(unit.fileName, unit.offset, unit.data);
          else await this.#frame(unit.frame);
          if (this.#closed !== null) break;
        }
        if (this.#closed !== null) break;
      }
    } catch (error) {
      // A reset is how many terminals hang up.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    } finally {
      for (const file of this.alarm?.open.values() ?? []) void file.spool.discard();
    }
    this.close('by_terminal');
  }

  /** Ends the connection after what is in line has been sent. */
  close(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    this.#world.counts.closed.add(reason);
    this.socket.destroySoon();
  }

  async #data(name: string, offset: number, data: Uint8Array): Promise<void> {
    const file = this.alarm && takeData(this.alarm, name, offset, data);
    if (!file) {
      this.#fault('stray_data', `${data.length} bytes at ${offset} belong to no file`);
      return;
    }
    if (file.spool.full) await this.#waited(() => file.spool.flush());
  }

  async #frame(frame: Uint8Array): Promise<void> {
    if (xor(frame, 0, frame.length) !== 0) {
      this.#fault('checksum', 'the bytes of a frame do not add up');
      return;
    }
    const header = decodeHeader(frame);
    if ('error' in header) {
      this.#fault(header.error, header.detail);
      return;
    }
    this.#header = header;
    const body = frame.subarray(header.bodyStart, header.bodyEnd);
    if (header.parts <= 1) {
      await this.#message(header, body);
      return;
    }
    this.#assembler ??= new Assembler({ maxBytes: MAX_ASSEMBLED_BYTES });
    const accepted = this.#assembler.accept(header, body, this.#world.now());
    // Every packet is answered (T/JSATL 12-2017, 4.2): here nothing hangs on it, since only 0x9212 says "stored".
    if (accepted.state === 'refused') this.#fault('packets', accepted.reason);
    else if (accepted.state === 'complete') await this.#message(header, accepted.body);
    else this.#reply(header, SUCCESS);
  }

  async #message(header: Header, body: Uint8Array): Promise<void> {
    const { msgId } = header;
    if (msgId === 0x0002) {
      this.#reply(header, SUCCESS);
      return;
    }
    if (msgId !== 0x1210 && msgId !== 0x1211 && msgId !== 0x1212) {
      this.#fault('unsupported', `message 0x${msgId.toString(16)}`);
      this.#reply(header, UNSUPPORTED);
      return;
    }
    const message = decodeMessage(header, body);
    if ('error' in message) {
      this.#fault('body', message.detail);
      this.#reply(header, MESSAGE_ERROR);
      return;
    }
    if (msgId === 0x1210) {
      const { limits, key, now } = this.#world;
      const alarm = introduce(message, body, plainPhone(header.phone), key, now(), limits);
      if (typeof alarm === 'string') this.#refuse(header, alarm);
      else {
        for (const file of this.alarm?.open.values() ?? []) void file.spool.discard();
        this.alarm = alarm;
        this.#reply(header, SUCCESS);
      }
      return;
    }
    const file = message.body as { fileName: string; fileType: number; fileSize: number };
    if (!this.alarm || this.alarm.phone !== plainPhone(header.phone)) this.#refuse(header, 'not_introduced');
    else if (msgId === 0x1211) this.#begin(header, this.alarm, file);
    else await this.#end(header, this.alarm, file);
  }

  #begin(
    header: Header,
    alarm: AlarmUpload,
    file: { readonly fileName: string; readonly fileType: number; readonly fileSize: number },
  ): void {
    const begun = beginFile(alarm, file, this.#world.limits, () => this.#world.keeper.options.spool.file());
    if (begun === 'begun') this.#reply(header, SUCCESS);
    else this.#refuse(header, begun);
  }

  /** 0x1212: whole and durable, or what is missing. While it cannot be stored there is no answer, and it comes again. */
  async #end(
    header: Header,
    alarm: AlarmUpload,
    said: { readonly fileName: string; readonly fileType: number },
  ): Promise<void> {
    const { fileName, fileType } = said;
    const file = alarm.open.get(fileName);
    if (!file) {
      if (alarm.stored.has(fileName)) this.#answerFile(header, fileName, fileType, []);
      else this.#refuse(header, 'unannounced');
      return;
    }
    const gaps = file.ranges.missing(file.bytes, MOST_GAPS);
    if (gaps.length > 0) {
      this.#world.counts.outcomes.add('gaps_asked');
      this.#answerFile(header, fileName, fileType, gaps);
      return;
    }
    const stored = await this.#waited(async () => {
      try {
        await file.spool.flush();
      } catch (error) {
        this.#world.log.error({ err: error, phone: alarm.phone }, 'a file could not be written to the spool');
        this.#world.counts.outcomes.add('spool_failed');
        endFile(alarm, file);
        return false;
      }
      const vehicle = await this.#world.vehicleOf(alarm.phone);
      if (vehicle === null) return false;
      const now = this.#world.now();
      const kept = await this.#world.keeper.keep({
        vehicle,
        phone: alarm.phone,
        kind: saidKind(file.fileType),
        message: '0x1212',
        channel: channelOf(fileName),
        event: null,
        terminalMediaId: null,
        name: fileName,
        alarmNumber: alarm.number,
        time: alarm.time ?? now,
        receivedAt: now,
        lat: null,
        lon: null,
        bytes: file.bytes,
        read: () => file.spool.read(0, file.bytes),
        rules: RULES_OF_ITEM[alarm.issued.itemId] ?? ANY_SAFETY,
      });
      return kept !== null;
    });
    if (!stored) return;
    endFile(alarm, file);
    alarm.stored.add(fileName);
    this.#answerFile(header, fileName, fileType, []);
  }

  async #waited<T>(work: () => Promise<T>): Promise<T> {
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
    }
  }

  #answerFile(
    header: Header,
    fileName: string,
    fileType: number,
    gaps: readonly { readonly start: number; readonly end: number }[],
  ): void {
    const { version, protocolVersion, phone } = header;
    const body = {
      fileName,
      fileType,
      result: gaps.length === 0 ? COMPLETE : SEND_MISSING,
      gaps: gaps.map(({ start, end }) => ({ offset: start, length: end - start })),
    };
    const serial = this.#serial;
    const frames = encodeMessage({ msgId: 0x9212, version, protocolVersion, phone, serial, body });
    this.#serial = (serial + frames.length) & 0xffff;
    for (const frame of frames) this.#write(frame);
  }

  #reply({ version, protocolVersion, phone, serial, msgId }: Header, result: number): void {
    const header = { version, protocolVersion, phone, serial: this.#serial };
    this.#serial = (this.#serial + 1) & 0xffff;
    this.#write(encodeGeneralReply(header, serial, msgId, result));
  }

  #write(frame: Uint8Array): void {
    if (this.#closed !== null) return;
    this.socket.write(frame);
    if (this.socket.writableLength > this.#world.limits.maxUnsentBytes) this.close('does_not_read');
  }

  /** What may not be: answered as a failure, and a connection that has no alarm of ours is hung up on. */
  #refuse(header: Header, reason: string): void {
    this.#reply(header, FAILURE);
    this.#fault(reason, `0x${header.msgId.toString(16)} of ${header.phone}`);
    if (!this.alarm) this.close(reason);
  }

  #fault(reason: string, detail: string): void {
    const { counts, log, limits } = this.#world;
    counts.faults.add(reason);
    log.warn(`attachment_${reason}`, {
      detail,
      phone: this.#header?.phone ?? null,
      remote: this.socket.remoteAddress,
    });
    this.#faults += 1;
    if (this.#faults >= limits.maxFaults) this.close('too_many_faults');
  }
}
