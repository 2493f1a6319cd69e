import { badBody, type Received } from './dispatch.ts';
import type { Session } from './session.ts';

/** 0x0001: the terminal's answer to a command. Itself never answered. */
export function onTerminalReply(session: Session, message: Received): void {
  const { body } = message;
  if (body.length < 5) {
    badBody(session, message, `${body.length} bytes of 5`);
    return;
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (session.hasCommands) session.commands.answered(view.getUint16(0), view.getUint16(2), view.getUint8(4));
}
