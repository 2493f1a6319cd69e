import { decodeMessage, type LocationCore, readLocationCore } from '../../protocol/jt808/index.ts';
import type { Body } from '../../protocol/jt808/message.ts';
import { batchItems } from './batch-items.ts';
import { badBody, type Received } from './dispatch.ts';
import { OwedAck } from './owed-ack.ts';
import type { Session } from './session.ts';
import { takeLocation } from './take-location.ts';
import type { VehicleLane } from './vehicle-lane.ts';

const LOCATION_ANSWER = 0x0201;

/** 0x0200. */
export function onLocation(session: Session, lane: VehicleLane, message: Received): void {
  const { header, body, sink } = message;
  const core = readLocationCore(body);
  if (!core) {
    badBody(session, message, tooShort(body));
    return;
  }
  const ack = new OwedAck(sink, header.serial, header.msgId);
  const { serial } = header;
  takeLocation(session, lane, { core, body, serial, backfill: false, live: true }, ack);
}

/**
 * 0x0201 and 0x0500: a location in answer to 0x8201 or 0x8500, kept like any other (JT/T 808-2019 table 34). That of
 * 2011 does not say what it answers.
 */
export function onLocationAnswer(session: Session, lane: VehicleLane, message: Received): void {
  const { header, body, sink } = message;
  const bare = session.edition === '2011' && header.msgId === LOCATION_ANSWER;
  const start = bare ? 0 : 2;
  const core = readLocationCore(body, start);
  if (!core) {
    badBody(session, message, tooShort(body));
    return;
  }
  const asked = bare ? null : ((body[0] as number) << 8) | (body[1] as number);
  const location = body.subarray(start);
  if (session.hasCommands) session.commands.own(asked, header.msgId, () => wholeBody(session, message));
  const ack = new OwedAck(sink, header.serial, header.msgId);
  const { serial } = header;
  takeLocation(session, lane, { core, body: location, serial, backfill: false, live: true }, ack);
}

/** Everything it says, for whoever asked. What the decoder makes no sense of is kept as a report all the same. */
function wholeBody(session: Session, { header, body }: Received): Body {
  const hint = session.edition === null ? {} : { version: session.edition };
  const decoded = decodeMessage({ ...header, part: 0, parts: 0 }, body, hint);
  return 'error' in decoded ? {} : decoded.body;
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
