import type { CommandKind } from '../../commands/command-kind.ts';
import { commandKind, replyTo } from '../../commands/command-table.ts';
import type { CommandEvent, CommandRow } from '../../store/command-store.ts';
import type { CommandAnswer, CommandKindView, CommandType, CommandView } from '../contract.ts';
import { requestSchema } from '../schemas/commands.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';

export function commandView(row: CommandRow): CommandView {
  return {
    id: row.id,
    phone: row.phone,
    vehicle: row.vehicle,
    type: row.type as CommandType,
    group: commandKind(row.type)?.group ?? null,
    request: row.request as CommandView['request'],
    state: row.state,
    reason: row.reason,
    by: row.userName,
    queuedAt: isoTime(row.queuedAt),
    expiresAt: isoTime(row.expiresAt),
    sentAt: isoTimeOrNull(row.sentAt),
    endedAt: isoTimeOrNull(row.endedAt),
    attempts: row.attempt,
    step: row.step,
    steps: row.steps,
    answers: row.answers as CommandAnswer[],
  };
}

export const eventsView = (events: readonly CommandEvent[]): CommandView['events'] =>
  events.map(({ at, event, detail }) => ({ at: isoTime(at), event, detail }));

const hex = (msgId: number): string => `0x${msgId.toString(16).toUpperCase().padStart(4, '0')}`;

export function commandKindView(kind: CommandKind): CommandKindView {
  return {
    type: kind.type as CommandType,
    group: kind.group,
    summary: kind.summary,
    right: kind.right,
    messages: kind.msgIds.map(hex),
    replies: [...new Set(kind.msgIds.map(replyTo))].map(hex),
    editions: [...(kind.editions ?? ['2011', '2013', '2019'])],
    expiresInS: kind.expiresInS,
    once: kind.once ?? false,
    schema: requestSchema(kind) as unknown as CommandKindView['schema'],
  };
}
