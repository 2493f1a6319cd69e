import type { Header } from '../../protocol/jt808/index.ts';
import { onAuthenticate } from './on-authenticate.ts';
import { onDeregister } from './on-deregister.ts';
import { onDriverCard } from './on-driver-card.ts';
import { onBatchLocations, onLocation, onLocationAnswer } from './on-location.ts';
import { onMedia, onMediaEvent } from './on-media.ts';
import { onPacket } from './on-packet.ts';
import { onRegister } from './on-register.ts';
import { onMissingPackets, onOwnReply, onTerminalReply } from './on-terminal-reply.ts';
import { onTimeQuery } from './on-time-query.ts';
import type { AckSink } from './owed-ack.ts';
import type { Session } from './session.ts';
import { plainPhone } from './terminal-identity.ts';

/** One message, whole: put together from its packets if it came in several. */
export interface Received {
  readonly header: Header;
  readonly body: Uint8Array;
  /** The frame as it came, or the body put together: what is kept where it cannot be understood. */
  readonly bytes: Uint8Array;
  /** Where its acknowledgement goes: the session, or all of its packets. */
  readonly sink: AckSink;
}

/** Results of the general reply: JT/T 808-2019 table 5. */
export const SUCCESS = 0;
export const FAILURE = 1;
export const MESSAGE_ERROR = 2;
export const UNSUPPORTED = 3;

/** From the frame to the message: whose it is, whether it may be read, whether it is only a part. */
export function dispatch(session: Session, header: Header, frame: Uint8Array): void {
  if (!isTheTerminal(session, header, frame)) return;
  const body = frame.subarray(header.bodyStart, header.bodyEnd);
  if (header.encryption !== 0) dispatchEncrypted(session, header, body, frame);
  else dispatchBody(session, header, body, frame);
}

/** A body whose encryption cannot be taken off is kept, counted and refused (JT/T 808-2019 4.4.3). */
function dispatchEncrypted(session: Session, header: Header, body: Uint8Array, frame: Uint8Array): void {
  const { decryptBody, counts } = session.world;
  const plain = decryptBody?.(header.encryption, body) ?? null;
  if (plain !== null) {
    dispatchBody(session, { ...header, encryption: 0 }, plain, frame);
    return;
  }
  const why = decryptBody === null ? 'no key is configured' : 'the key configured does not open it';
  session.quarantine('encrypted', `the body is encrypted (header bits 10 to 12) and ${why}`, frame);
  counts.faults.add('encrypted');
  session.acknowledge(header.serial, header.msgId, UNSUPPORTED);
}

function dispatchBody(session: Session, header: Header, body: Uint8Array, frame: Uint8Array): void {
  if (header.parts > 1) onPacket(session, header, body, frame);
  else dispatchMessage(session, { header, body, bytes: frame, sink: session });
}

/** A connection is one terminal's: its first number holds, and its edition may change until it authenticates. */
function isTheTerminal(session: Session, header: Header, frame: Uint8Array): boolean {
  const known = session.header;
  if (known && known.phone === header.phone && known.version === header.version) return true;
  const phone = plainPhone(header.phone);
  if (session.lane && session.phone !== phone) {
    session.fault('phone_changed', `this connection is terminal ${session.phone}`, frame);
    session.acknowledge(header.serial, header.msgId, FAILURE);
    return false;
  }
  session.phone = phone;
  session.header = header;
  return true;
}

/** The state gate first (nothing but registration and authentication before success, JT/T 808-2019 8.8), then the handler. */
export function dispatchMessage(session: Session, message: Received): void {
  const { header } = message;
  switch (header.msgId) {
    case 0x0100:
      onRegister(session, message);
      return;
    case 0x0102:
      onAuthenticate(session, message);
      return;
    case 0x0004:
      onTimeQuery(session, message);
      return;
  }
  if (!session.lane) {
    notAuthenticated(session, message);
    return;
  }
  switch (header.msgId) {
    case 0x0002:
      message.sink.acknowledge(header.serial, header.msgId, SUCCESS);
      return;
    case 0x0200:
      onLocation(session, session.lane, message);
      return;
    case 0x0704:
      onBatchLocations(session, session.lane, message);
      return;
    case 0x0201:
    case 0x0500:
      onLocationAnswer(session, session.lane, message);
      return;
    case 0x0702:
      onDriverCard(session, session.lane, message);
      return;
    case 0x0800:
      if (!session.world.media) break;
      onMediaEvent(session, session.lane, session.world.media, message);
      return;
    case 0x0801:
      if (!session.world.media) break;
      onMedia(session, session.lane, session.world.media, header, message.body, message.bytes);
      return;
    case 0x0001:
      onTerminalReply(session, message);
      return;
    case 0x0005:
      onMissingPackets(session, message);
      return;
    case 0x0104:
    case 0x0107:
    case 0x0302:
    case 0x0608:
    case 0x0700:
    case 0x0802:
    case 0x0805:
      onOwnReply(session, message);
      return;
    case 0x0003:
      onDeregister(session, message);
      return;
  }
  session.world.counts.faults.add('unsupported');
  session.quarantine('unsupported', `message ${hexId(header.msgId)}`, message.bytes);
  message.sink.acknowledge(header.serial, header.msgId, UNSUPPORTED);
}

/** Kept, since nothing that arrives is thrown away, and refused; a terminal that goes on so is hung up on. */
export function notAuthenticated(session: Session, { header, bytes }: Received): void {
  const { counts, limits } = session.world;
  counts.faults.add('not_authenticated');
  session.quarantine('not_authenticated', `message ${hexId(header.msgId)}`, bytes);
  session.acknowledge(header.serial, header.msgId, FAILURE);
  session.authFailures += 1;
  if (session.authFailures >= limits.maxAuthFailures) session.close('not_authenticated');
}

/** A body that its table does not describe: kept, and answered as a message error so that it is not sent for ever. */
export function badBody(session: Session, { header, bytes, sink }: Received, detail: string): void {
  session.fault('body', `${hexId(header.msgId)}: ${detail}`, bytes);
  sink.acknowledge(header.serial, header.msgId, MESSAGE_ERROR);
}

export const hexId = (msgId: number): string => `0x${msgId.toString(16).toUpperCase().padStart(4, '0')}`;
