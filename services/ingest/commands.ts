import { commandSubject } from '../bus/subjects.ts';
import { CommandDelivery } from './command-delivery.ts';
import type { Session } from './session.ts';

/**
 * A terminal that has authenticated gets what waits for it, now and whenever somebody, anywhere in the system, says
 * that there is something. Returns what ends it.
 */
export function serveCommands(session: Session, phone: string): () => void {
  const version = session.edition ?? session.header?.version ?? '2013';
  const delivery = new CommandDelivery(session, phone, version);
  session.delivery = delivery;
  const stop = session.world.bus.serve(commandSubject(phone), async () => {
    delivery.wake();
    return { held: !session.closed };
  });
  delivery.wake();
  return stop;
}
