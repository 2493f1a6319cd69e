import { decodeMessage } from '../../protocol/jt808/index.ts';
import { badBody, hexId, type Received, SUCCESS } from './dispatch.ts';
import type { Session } from './session.ts';

const GENERAL_REPLY_BYTES = 5;

/** 0x0001: the terminal's answer to a message of the platform's. Itself never answered. */
export function onTerminalReply(session: Session, message: Received): void {
  const { body } = message;
  if (body.length < GENERAL_REPLY_BYTES) {
    badBody(session, message, `${body.length} bytes of ${GENERAL_REPLY_BYTES}`);
    return;
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const known =
    session.hasCommands && session.commands.general(view.getUint16(0), view.getUint16(2), view.getUint8(4));
  // Some terminals answer every answer: what nobody asked for is counted and no more.
  if (!known) session.world.counts.events.add('reply_unmatched');
}

/** An answer of a command's own: 0x0104, 0x0107, 0x0302, 0x0608, 0x0700, 0x0802, 0x0805. */
export function onOwnReply(session: Session, message: Received): void {
  const { header, sink } = message;
  const hint = session.edition === null ? {} : { version: session.edition };
  const decoded = decodeMessage({ ...header, part: 0, parts: 0 }, message.body, hint);
  if ('error' in decoded) {
    badBody(session, message, decoded.detail);
    return;
  }
  const { responseSerial } = decoded.body;
  const serial = typeof responseSerial === 'number' ? responseSerial : null;
  const known = session.hasCommands && session.commands.own(serial, header.msgId, () => decoded.body);
  if (!known) {
    session.world.counts.events.add('reply_unmatched');
    session.quarantine(
      'reply_unmatched',
      `${hexId(header.msgId)} answers nothing that was asked`,
      message.bytes,
    );
  }
  sink.acknowledge(header.serial, header.msgId, SUCCESS);
}

/** 0x0005: packets of a message of ours that did not arrive. The packets themselves are the answer. */
export function onMissingPackets(session: Session, message: Received): void {
  const decoded = decodeMessage(message.header, message.body);
  if ('error' in decoded) {
    badBody(session, message, decoded.detail);
    return;
  }
  const { originalSerial, retransmitIds } = decoded.body;
  const numbers = Array.isArray(retransmitIds) ? retransmitIds.map(Number) : [];
  const frames = session.hasCommands ? session.commands.packets(Number(originalSerial), numbers) : null;
  session.world.counts.events.add(frames ? 'packets_sent_again' : 'packets_unknown');
  if (frames) session.sendFrames(frames);
}
