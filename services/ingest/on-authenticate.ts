import { decodeMessage } from '../../protocol/jt808/index.ts';
import { StoreUnavailable, type TerminalRow } from '../store/store.ts';
import { serveCommands } from './commands.ts';
import { badBody, FAILURE, type Received, SUCCESS } from './dispatch.ts';
import { otherPlate } from './other-plate.ts';
import { authenticate } from './registration.ts';
import { tellOfSecond } from './second-connection.ts';
import type { Session } from './session.ts';
import { identify } from './terminal-identity.ts';

/** 0x0102: with the code it was given the terminal's vehicle is taken over; the answer comes when it is. */
export function onAuthenticate(session: Session, message: Received): void {
  const { header } = message;
  const decoded = decodeMessage(header, message.body);
  if ('error' in decoded) {
    badBody(session, message, decoded.detail);
    return;
  }
  if (session.lane) {
    // Once per connection is enough; a terminal that asks twice is told so again.
    session.acknowledge(header.serial, header.msgId, SUCCESS);
    return;
  }
  const code = String(decoded.body.authCode ?? '');
  const imei = typeof decoded.body.imei === 'string' ? decoded.body.imei : null;
  session.step(() => takeOver(session, message, code, imei));
}

async function takeOver(
  session: Session,
  { header, bytes }: Received,
  code: string,
  imei: string | null,
): Promise<void> {
  const { world, phone } = session;
  if (phone === null) return;
  const found = await session.untilAvailable(() => authenticate(world.terminals, phone, code));
  if (!found || session.closed) return;
  const row = found.value;
  const identity = row && identify(world.rules.plan, phone, row.plate);
  if (!row || !identity || (!identity.known && world.unknownTerminals === 'refuse')) {
    refuse(session, header.serial, bytes, row ? 'unknown_terminal' : 'wrong_code');
    return;
  }
  const before = world.lanes.get(identity.vehicle);
  const beforeAt = before?.owner?.frameAt ?? null;
  const lane = await world.lanes.claim(identity.vehicle, session);
  if (!lane) {
    session.close('newer_connection');
    return;
  }
  session.plate = row.plate;
  session.edition = header.version === '2013' && row.version === '2011' ? '2011' : header.version;
  session.lane = lane;
  tellOfSecond(lane, before, beforeAt, world.now());
  world.counts.authenticated += 1;
  world.counts.events.add('authenticated');
  session.acknowledge(header.serial, header.msgId, SUCCESS);
  const stopCommands = serveCommands(session, phone);
  const stopCrew = world.crewEvents.serve(lane.vehicle);
  session.stopServing = () => {
    stopCommands();
    stopCrew();
  };
  session.toTell = otherPlate(lane.vehicle, world.rules.plan, row.plate);
  await remember(session, { ...row, imei: imei || row.imei, approved: identity.known });
}

/** When it was last seen, and as what. Nothing hangs on it, so an outage does not hold the terminal up. */
async function remember({ world }: Session, row: TerminalRow): Promise<void> {
  try {
    await world.terminals.save({ ...row, lastSeenAt: world.now() });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    world.counts.events.add('store_unavailable');
  }
}

function refuse(session: Session, serial: number, bytes: Uint8Array, why: string): void {
  const { counts, limits, log } = session.world;
  counts.events.add('authentication_refused');
  log.warn('authentication_refused', { why, phone: session.phone, remote: session.remote });
  session.quarantine(why, 'authentication refused', bytes);
  session.acknowledge(serial, 0x0102, FAILURE);
  session.authFailures += 1;
  if (session.authFailures >= limits.maxAuthFailures) session.close('authentication_refused');
}
