import { alarmsWithFiles, attachmentOrderBody } from '../../protocol/jsatl12/attachment-order.ts';
import { issueAlarmNumber } from '../attachments/alarm-number.ts';
import type { Session } from './session.ts';

/** Where terminals are told to upload the files of their alarms. */
export interface AttachmentOrders {
  /** Under which alarm numbers prove themselves. */
  readonly key: Uint8Array;
  /** As terminals reach it; unset: the address to which the terminal itself connected. */
  readonly address: string | undefined;
  readonly port: number;
}

/** Alarms of one connection that are remembered as asked for. */
const REMEMBERED = 64;
const MINUTE_MS = 60_000;

/** Of one connection: which alarms were asked for, and when, oldest first. */
export type AskedAlarms = Map<string, number>;

/**
 * 0x9208 for each alarm of a report that has files (T/JSATL 12-2017, 4.6). The same alarm in a report sent again is
 * not asked for twice within a minute.
 */
export function askForAttachments(session: Session, orders: AttachmentOrders, location: Uint8Array): void {
  const alarms = alarmsWithFiles(location);
  if (alarms.length === 0) return;
  const { world, phone } = session;
  if (phone === null) return;
  const now = world.now();
  session.askedAlarms ??= new Map();
  const asked = session.askedAlarms;
  for (const { identification, distinct, itemId, alarmType } of alarms) {
    const name = Buffer.from(distinct).toString('hex');
    if (now - (asked.get(name) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) continue;
    const lately = [...asked.values()].filter((at) => now - at < MINUTE_MS).length;
    if (lately >= world.limits.maxAttachmentOrdersPerMinute) {
      world.counts.events.add('attachments_not_asked');
      continue;
    }
    asked.delete(name);
    asked.set(name, now);
    if (asked.size > REMEMBERED) asked.delete(asked.keys().next().value as string);
    const number = issueAlarmNumber(orders.key, { phone, distinct }, { itemId, alarmType, issuedAt: now });
    const address = orders.address ?? plainAddress(session.socket.localAddress ?? '');
    session.sendBody(0x9208, attachmentOrderBody({ address, tcpPort: orders.port }, identification, number));
    world.counts.events.add('attachments_asked');
  }
}

/** An IPv4 address as terminals write it, where the socket has it within IPv6. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');
