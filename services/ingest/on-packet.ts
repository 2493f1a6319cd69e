import { Assembler, type Header } from '../../protocol/jt808/index.ts';
import { COMMAND_REPLIES } from '../commands/command-table.ts';
import { dispatchMessage, hexId, notAuthenticated, UNSUPPORTED } from './dispatch.ts';
import { onMedia } from './on-media.ts';
import { type AckSink, OwedAck } from './owed-ack.ts';
import type { Session } from './session.ts';

/** Messages worth putting together: those whose whole is used. The packets of any other are kept one by one. */
const ASSEMBLED = new Set([0x0200, 0x0704, ...COMMAND_REPLIES]);

/**
 * One packet of a message sent in several (JT/T 808-2019 4.4.3). Its packets are acknowledged each, as some terminals
 * need, but all at once when the whole is committed: until then the terminal must keep them. A terminal that waits for
 * one answer before it sends the next packet repeats itself; then that packet alone is stored first, and answered.
 */
export function onPacket(session: Session, header: Header, body: Uint8Array, frame: Uint8Array): void {
  const { world } = session;
  if (!session.lane) {
    notAuthenticated(session, { header, body, bytes: frame, sink: session });
    return;
  }
  if (header.msgId === 0x0801 && world.media) {
    onMedia(session, session.lane, world.media, header, body, frame);
    return;
  }
  if (!ASSEMBLED.has(header.msgId)) {
    world.counts.faults.add('unsupported');
    const detail = `packet ${header.part} of ${header.parts} of message ${hexId(header.msgId)}`;
    session.quarantine('unsupported', detail, frame);
    session.acknowledge(header.serial, header.msgId, UNSUPPORTED);
    return;
  }
  session.assembler ??= new Assembler({
    maxBytes: world.limits.maxAssemblerBytes,
    retryAfterMs: world.limits.missingPacketsMs,
    maxRetries: world.limits.maxPacketRequests,
  });
  const accepted = session.assembler.accept(header, body, world.now());
  switch (accepted.state) {
    case 'waiting':
      return;
    case 'repeated':
      world.counts.events.add('packet_repeated');
      world.batchers.any.addQuarantine(
        {
          receivedAt: world.now(),
          phone: session.phone,
          remote: session.remote,
          reason: 'packet_before_whole',
          detail: `packet ${header.part} of ${header.parts} of message ${hexId(header.msgId)}`,
          frame: Buffer.from(frame),
        },
        new OwedAck(session, header.serial, header.msgId),
      );
      return;
    case 'refused':
      session.fault('packets', accepted.reason, frame);
      return;
    case 'complete': {
      const sink = answerEach(session, accepted.firstSerial, accepted.parts);
      const whole = accepted.body;
      dispatchMessage(session, { header, body: whole, bytes: whole, sink });
    }
  }
}

/** Once a second: asks for what is missing (0x8003), and gives up what has been asked for often enough. */
export function expirePackets(session: Session, now: number): void {
  const { assembler, world } = session;
  if (!assembler) return;
  const { requests, givenUp } = assembler.expire(now);
  for (const { firstSerial, missing } of requests) {
    world.counts.events.add('packets_requested');
    session.send(0x8003, { originalSerial: firstSerial, retransmitIds: missing });
  }
  for (const { msgId, parts, missing } of givenUp) {
    // Nothing of it was acknowledged, so the terminal still has it.
    world.counts.faults.add('incomplete');
    world.log.warn('incomplete', {
      message: hexId(msgId),
      parts,
      missing: missing.length,
      phone: session.phone,
    });
  }
  if (assembler.size === 0) session.assembler = null;
}

function answerEach(session: Session, firstSerial: number, parts: number): AckSink {
  return {
    acknowledge(_serial, msgId, result) {
      for (let i = 0; i < parts; i += 1) session.acknowledge((firstSerial + i) & 0xffff, msgId, result);
    },
  };
}
