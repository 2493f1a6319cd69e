import { randomUUID } from 'node:crypto';
import { BusNoAnswer } from '../../bus/bus.ts';
import { commandedSubject, commandSubject } from '../../bus/subjects.ts';
import type { CommandKind } from '../../commands/command-kind.ts';
import { notStanding } from '../../commands/standing.ts';
import type { CommandChange } from '../../ingest/live-events.ts';
import type { CommandRow } from '../../store/command-store.ts';
import type { ApiParts } from '../app-types.ts';
import { may } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import type { CommandedTerminal } from './terminal-of.ts';

/** How long a nudge to whoever holds the terminal may take; the command is in the queue all the same. */
const NUDGE_MS = 2_000;

type Fields = { readonly [field: string]: unknown };

/** Puts a command into the terminal's queue if the asker may, and tells everybody of it. */
export async function askTerminal(
  parts: ApiParts,
  terminal: CommandedTerminal,
  asked: { readonly kind: CommandKind; readonly fields: Fields; readonly expiresInS?: number | undefined },
  remote: string,
): Promise<CommandRow> {
  const { store, bus, now } = parts;
  const { user, phone, vehicle } = terminal;
  const { kind, fields, expiresInS } = asked;
  if (!may(user, kind.right)) throw new ProblemError('forbidden');
  check(parts, kind, fields, terminal);
  const at = now();
  const queued = await store.commands.queue({
    id: randomUUID(),
    phone,
    vehicle,
    type: kind.type,
    request: fields,
    userId: user.id,
    userName: user.displayName,
    queuedAt: at,
    expiresAt: at + (expiresInS ?? kind.expiresInS) * 1_000,
    remote,
  });
  if (!queued)
    throw new ProblemError('too-many-requests', 'Too many commands wait for this terminal already.');
  const detail = { id: queued.id, type: kind.type };
  await store.audit.append({
    at,
    userId: user.id,
    action: 'terminal-command',
    subject: phone,
    detail,
    remote,
  });
  announceCommand(bus, queued);
  return queued;
}

/** Refused now rather than when it is too late to ask again; the ingest looks once more before it sends. */
function check({ hub, now }: ApiParts, kind: CommandKind, fields: Fields, terminal: CommandedTerminal): void {
  const { phone, plate, vehicle, version } = terminal;
  const given = fields as never;
  if (kind.confirmed?.(given)) {
    const { confirm } = fields as { confirm?: string };
    if (confirm === undefined || (confirm !== plate && confirm !== phone))
      throw new ProblemError('not-confirmed');
  }
  if (kind.standing?.(given)) {
    const why = notStanding(hub.positions.get(vehicle)?.report, now());
    if (why) throw new ProblemError('vehicle-not-standing', why);
  }
  if (kind.editions && version !== null && !kind.editions.some((edition) => edition === version)) {
    throw new ProblemError(
      'not-in-edition',
      `It speaks ${version}; this is of ${kind.editions.join(' and ')}.`,
    );
  }
}

export function announceCommand(bus: ApiParts['bus'], { id, phone, vehicle, type, state }: CommandRow): void {
  const change: CommandChange = { id, phone, vehicle, type, state };
  bus.publish(commandedSubject(phone), change);
}

/** Tells whoever holds the terminal; false where nobody does. A nudge that is lost is made up for by the sweep. */
export async function nudgeTerminal(bus: ApiParts['bus'], phone: string): Promise<boolean> {
  try {
    const answer = await bus.request(commandSubject(phone), {}, NUDGE_MS);
    return (answer as { held?: boolean } | null)?.held === true;
  } catch (error) {
    if (error instanceof BusNoAnswer) return false;
    throw error;
  }
}
