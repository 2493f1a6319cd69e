import { decodeMessage } from '../../protocol/jt808/index.ts';
import { badBody, type Received } from './dispatch.ts';
import { register } from './registration.ts';
import type { Session } from './session.ts';
import { identify } from './terminal-identity.ts';

/** 0x8100 results: JT/T 808-2019 table 10. */
const OK = 0;
const TERMINAL_NOT_IN_DATABASE = 4;

/** 0x0100: an authentication code for a terminal the plan knows, and for others as the configuration says. */
export function onRegister(session: Session, message: Received): void {
  const { header, bytes } = message;
  const decoded = decodeMessage(header, message.body);
  if ('error' in decoded) {
    badBody(session, message, decoded.detail);
    return;
  }
  const { body, version } = decoded;
  const { world, phone } = session;
  if (phone === null) return;
  const plate = String(body.plate ?? '');
  const { vehicle, known } = identify(world.rules.plan, phone, plate);
  if (!known) {
    world.counts.events.add('unknown_terminal');
    session.quarantine('unknown_terminal', `registration of ${vehicle}, ${world.unknownTerminals}`, bytes);
    world.log.warn('unknown_terminal', { phone, remote: session.remote, policy: world.unknownTerminals });
    if (world.unknownTerminals === 'refuse') {
      world.counts.events.add('registration_refused');
      session.send(0x8100, { responseSerial: header.serial, result: TERMINAL_NOT_IN_DATABASE });
      return;
    }
  }
  const said = {
    phone,
    plate,
    plateColour: Number(body.plateColor ?? 0),
    manufacturer: String(body.manufacturer ?? ''),
    model: String(body.model ?? ''),
    terminalId: String(body.terminalId ?? ''),
    version,
  };
  session.step(async () => {
    const done = await session.untilAvailable(() => register(world.terminals, said, known, world.now()));
    if (!done) return;
    world.counts.events.add('registered');
    session.send(0x8100, { responseSerial: header.serial, result: OK, authCode: done.value });
  });
}
