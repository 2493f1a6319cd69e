import { commandSubject } from '../bus/subjects.ts';
import type { TerminalCommand, TerminalCommandResult } from './live-events.ts';
import type { Session } from './session.ts';

/** Text, location query, temporary tracking: what may be sent to a terminal on request. */
const ALLOWED = new Set([0x8300, 0x8201, 0x8202]);
const LONGEST_WAIT_MS = 60_000;

/** Answers requests for commands to the terminal of this session, wherever in the system they are made. */
export function serveCommands(session: Session, phone: string): () => void {
  return session.world.bus.serve(commandSubject(phone), (payload) => command(session, payload));
}

async function command(session: Session, payload: unknown): Promise<TerminalCommandResult> {
  const wanted = asCommand(payload);
  if (!wanted) return { ok: false, error: 'bad_request' };
  if (!ALLOWED.has(wanted.msgId)) return { ok: false, error: 'unsupported' };
  if (session.closed) return { ok: false, error: 'closed' };
  if (session.commands.full) return { ok: false, error: 'busy' };
  const { world } = session;
  let serial: number;
  try {
    serial = session.send(wanted.msgId, wanted.body);
  } catch (error) {
    world.log.warn('command_not_encoded', { err: error, msgId: wanted.msgId });
    return { ok: false, error: 'bad_request' };
  }
  const deadline = world.now() + Math.min(wanted.timeoutMs, LONGEST_WAIT_MS);
  const answer = session.commands.expect(serial, wanted.msgId, deadline);
  world.outbox.flush();
  world.counts.events.add('command_sent');
  return answer;
}

function asCommand(payload: unknown): TerminalCommand | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { msgId, body, timeoutMs } = payload as Record<string, unknown>;
  if (typeof msgId !== 'number' || typeof timeoutMs !== 'number' || !(timeoutMs > 0)) return null;
  if (typeof body !== 'object' || body === null) return null;
  return { msgId, body: body as TerminalCommand['body'], timeoutMs };
}
