import { type Received, SUCCESS } from './dispatch.ts';
import { deregister } from './registration.ts';
import type { Session } from './session.ts';

/** 0x0003: the code is void, and with it this connection. */
export function onDeregister(session: Session, { header }: Received): void {
  const { world, phone } = session;
  if (phone === null) return;
  session.step(async () => {
    const done = await session.untilAvailable(() => deregister(world.terminals, phone));
    if (!done) return;
    session.acknowledge(header.serial, header.msgId, SUCCESS);
    session.close('deregistered');
  });
}
