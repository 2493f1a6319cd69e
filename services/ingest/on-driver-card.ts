import { eventReport } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import { decodeMessage } from '../../protocol/jt808/index.ts';
import { badBody, type Received } from './dispatch.ts';
import { OwedAck } from './owed-ack.ts';
import { timeFault } from './report-of.ts';
import type { Session } from './session.ts';
import type { VehicleLane } from './vehicle-lane.ts';

type DriverCard = Extract<VehicleEvent, { kind: 'driver_card' }>;

const TAKEN_OUT = 2;

/** 0x0702: the driver's card was put in or drawn out. A report of its own, acknowledged after the commit. */
export function onDriverCard(session: Session, lane: VehicleLane, message: Received): void {
  const { header, body, sink } = message;
  const decoded = decodeMessage(header, body);
  if ('error' in decoded) {
    badBody(session, message, decoded.detail);
    return;
  }
  const { world } = session;
  const receivedAt = lane.nextReceivedAt(world.now());
  const card = cardOf(decoded.body);
  const said = typeof decoded.body.time === 'string' ? Date.parse(decoded.body.time) : Number.NaN;
  // The edition of 2011 has no time, and a wrong one is worth less than that of arrival.
  const at = Number.isNaN(said) || timeFault(said, receivedAt) !== null ? receivedAt : said;
  // Reports without a position are told apart by their time alone: out and in of one second are two.
  const time = card.inserted ? at + 1 : at;
  lane.take({
    report: { ...eventReport(lane.vehicle, time, receivedAt, [card]), serial: header.serial },
    // The frame is in a buffer that is used again.
    body: Buffer.from(body),
    ack: new OwedAck(sink, header.serial, header.msgId),
  });
}

/** What the card says: JT/T 808-2013 table 75; in the edition of 2011 (table 64) the message itself is a card put in. */
export function cardOf(body: { readonly [field: string]: unknown }): DriverCard {
  const inserted = body.status !== TAKEN_OUT;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const validTo = text(body.validUntil)?.replaceAll('-', '').slice(0, 8) ?? null;
  return {
    kind: 'driver_card',
    inserted,
    readable: !inserted || (body.readResult ?? 0) === 0,
    licenceNo: text(body.certificate) ?? text(body.idCard),
    name: null,
    validTo: validTo !== null && /^\d{8}$/.test(validTo) ? validTo : null,
  };
}
