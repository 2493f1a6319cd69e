import { LOCATION_BASE_BYTES, type LocationCore, readLocationCore } from '../../protocol/jt808/index.ts';
import { askForAttachments } from './ask-for-attachments.ts';
import { batchItems } from './batch-items.ts';
import { badBody, type Received } from './dispatch.ts';
import { OwedAck } from './owed-ack.ts';
import { reportOf, timeFault } from './report-of.ts';
import type { Session } from './session.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** 0x0200. */
export function onLocation(session: Session, lane: VehicleLane, message: Received): void {
  const { header, body, sink } = message;
  const core = readLocationCore(body);
  if (!core) {
    badBody(session, message, tooShort(body));
    return;
  }
  const ack = new OwedAck(sink, header.serial, header.msgId);
  take(session, lane, core, body, header.serial, false, ack);
}

/** 0x0201: a location in answer to 0x8201, kept like any other (JT/T 808-2019 table 34). */
export function onLocationAnswer(session: Session, lane: VehicleLane, message: Received): void {
  const { header, body, sink } = message;
  const core = readLocationCore(body, 2);
  if (!core) {
    badBody(session, message, tooShort(body));
    return;
  }
  const asked = ((body[0] as number) << 8) | (body[1] as number);
  if (session.hasCommands) session.commands.answered(asked, null, 0);
  const ack = new OwedAck(sink, header.serial, header.msgId);
  take(session, lane, core, body.subarray(2), header.serial, false, ack);
}

/** 0x0704: one answer once every item is committed; what cannot be read is kept, the rest counts. */
export function onBatchLocations(session: Session, lane: VehicleLane, message: Received): void {
  const { header, body, bytes, sink } = message;
  const batch = batchItems(body);
  if (!batch || batch.items.length === 0) {
    badBody(session, message, 'no item that could be read');
    return;
  }
  const readable: { core: LocationCore; item: Uint8Array }[] = [];
  const unreadable: string[] = [];
  for (const [i, item] of batch.items.entries()) {
    const core = readLocationCore(item);
    if (!core) unreadable.push(`item ${i + 1}: ${tooShort(item)}`);
    else readable.push({ core, item });
  }
  if (batch.rest.length > 0) unreadable.push(`${batch.rest.length} bytes after the last whole item`);
  if (readable.length === 0) {
    badBody(session, message, unreadable[0] ?? 'no item that could be read');
    return;
  }
  if (unreadable.length > 0) session.fault('body', unreadable.join('; ').slice(0, 1_000), bytes);
  // In order of event time, so that a batch that is whole in itself is judged in one go.
  readable.sort((a, b) => (a.core.timeMs ?? 0) - (b.core.timeMs ?? 0));
  const ack = new OwedAck(sink, header.serial, header.msgId, readable.length);
  for (const { core, item } of readable) take(session, lane, core, item, header.serial, batch.backfill, ack);
}

const tooShort = (body: Uint8Array): string => `${body.length} bytes are no location`;

function take(
  session: Session,
  lane: VehicleLane,
  core: LocationCore,
  body: Uint8Array,
  serial: number,
  backfill: boolean,
  ack: OwedAck,
): void {
  const { world } = session;
  const receivedAt = lane.nextReceivedAt(world.now());
  const fault = timeFault(core.timeMs, receivedAt);
  // The frame is in a buffer that is used again.
  const kept = Buffer.from(body);
  if (fault !== null || core.timeMs === null) {
    world.counts.reports.add('bad_time');
    world.log.warn('bad_time', { fault, phone: session.phone });
    world.batchers.any.addQuarantine(
      {
        receivedAt,
        phone: session.phone,
        remote: session.remote,
        reason: 'bad_time',
        detail: fault ?? '',
        frame: kept,
      },
      ack,
    );
    return;
  }
  const report = reportOf(core, core.timeMs, lane.vehicle, receivedAt, backfill, serial);
  if (!report.positioned)
    world.counts.reports.add((core.statusFlags & 2) === 0 ? 'not_positioned' : 'absurd_position');
  lane.take({ report, body: kept, ack });
  if (world.attachments && kept.length > LOCATION_BASE_BYTES)
    askForAttachments(session, world.attachments, kept);
}
