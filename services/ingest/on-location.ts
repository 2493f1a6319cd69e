import { type LocationCore, readLocationCore } from '../../protocol/jt808/index.ts';
import { batchItems } from './batch-items.ts';
import { badBody, type Received } from './dispatch.ts';
import { OwedAck } from './owed-ack.ts';
import type { Session } from './session.ts';
import { takeLocation } from './take-location.ts';
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
  const { serial } = header;
  const { backfill } = batch;
  for (const { core, item } of readable)
    takeLocation(session, lane, { core, body: item, serial, backfill, live: false }, ack);
}

const tooShort = (body: Uint8Array): string => `${body.length} bytes are no location`;

/** A location that was sent as it was made. */
function take(
  session: Session,
  lane: VehicleLane,
  core: LocationCore,
  body: Uint8Array,
  serial: number,
  backfill: boolean,
  ack: OwedAck,
): void {
  takeLocation(session, lane, { core, body, serial, backfill, live: true }, ack);
}
