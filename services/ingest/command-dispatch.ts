import { EncodeError } from '../../protocol/jt808/index.ts';
import type { Version } from '../../protocol/jt808/message.ts';
import type { CommandKind, CommandMessage } from '../commands/command-kind.ts';
import { replyTo } from '../commands/command-table.ts';
import type { CommandRow, Sending } from '../store/command-store.ts';
import { type AnswerRecord, answerRecord, refusalOf } from './command-answer.ts';
import type { Answer, MessageUnderWay, Outcome, SentMessage } from './commands-under-way.ts';
import type { Session } from './session.ts';

export interface Dispatched {
  readonly row: CommandRow;
  readonly kind: CommandKind;
  readonly version: Version;
  /** The next command need not wait for this one any longer. */
  readonly giveWay: () => void;
}

/** Sends a command's messages one after another. False where it turned out not to be this connection's to send. */
export async function dispatchCommand(session: Session, dispatched: Dispatched): Promise<boolean> {
  const { kind, version } = dispatched;
  let { row } = dispatched;
  let messages: readonly CommandMessage[];
  try {
    messages = kind.messages(row.request as never, version);
  } catch (error) {
    await fail(session, row, 'not_encodable', { error: String(error) });
    return true;
  }
  while (row.step < messages.length) {
    const message = messages[row.step] as CommandMessage;
    const next = await sendStep(session, dispatched, row, message, messages.length);
    if (next === 'not_ours') return false;
    if (next === 'ended') return true;
    row = next;
    if (row.state !== 'sent') return true;
  }
  return true;
}

async function sendStep(
  session: Session,
  { kind, version, giveWay }: Dispatched,
  row: CommandRow,
  { msgId, body, replyId = replyTo(msgId) }: CommandMessage,
  steps: number,
): Promise<CommandRow | 'ended' | 'not_ours'> {
  const { world } = session;
  let sent: SentMessage;
  try {
    sent = { msgId, replyId, ...session.prepare(msgId, body, version) };
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    await fail(session, row, 'not_encodable', { error: error.message });
    return 'ended';
  }
  const plan = waits(kind, world.limits.commandAnswerMs, world.limits.commandRepeats);
  let now: CommandRow = row;
  let underWay: MessageUnderWay | null = null;
  let outcome: Outcome = { kind: 'silence' };
  for (const [n, waitMs] of plan.entries()) {
    const begun = await begin(session, now, sent, version, steps, n > 0);
    if (!begun) {
      if (underWay) session.commands.giveUp(underWay);
      return 'not_ours';
    }
    now = begun;
    underWay ??= session.commands.expect(sent);
    session.sendFrames(sent.frames);
    world.counts.commands.add(n === 0 ? 'sent' : 'sent_again');
    outcome = await underWay.wait(waitMs);
    if (outcome.kind !== 'silence') break;
    giveWay();
    if (underWay.accepted) break;
  }
  if (!underWay) return 'not_ours';
  if (outcome.kind === 'silence' && underWay.accepted) outcome = await underWay.wait(patienceMs(kind, plan));
  return end(session, kind, now, underWay, outcome);
}

/** What came of it, written down; the row as it is now, or `ended`. */
async function end(
  session: Session,
  kind: CommandKind,
  row: CommandRow,
  underWay: MessageUnderWay,
  outcome: Outcome,
): Promise<CommandRow | 'ended'> {
  switch (outcome.kind) {
    case 'closed':
      await lost(session, kind, row);
      return 'ended';
    case 'silence':
      if (underWay.accepted && kind.acceptanceCounts) {
        session.commands.giveUp(underWay);
        return answered(session, row, { msgId: '0x0001', result: 0 }, underWay.sent);
      }
      underWay.onLate = (answer) => session.world.commands.track(late(session, row, answer));
      session.commands.giveUp(underWay);
      await fail(session, row, 'no_answer', { accepted: underWay.accepted });
      return 'ended';
    default: {
      session.commands.giveUp(underWay);
      const refusal = refusalOf(outcome);
      if (refusal === null) return answered(session, row, answerRecord(outcome), underWay.sent);
      await fail(session, row, refusal, { answer: answerRecord(outcome), serial: underWay.sent.firstSerial });
      return 'ended';
    }
  }
}

/**
 * T, then 2T, then 6T, as JT/T 808-2013 4.5.2 has the waits grow. Where somebody on board has to do something the
 * terminal is given that time at once, and asked once more at most.
 */
function waits(kind: CommandKind, answerMs: number, repeats: number): number[] {
  const first = Math.max(answerMs, (kind.answerWithinS ?? 0) * 1_000);
  const times = kind.once ? 0 : kind.answerWithinS === undefined ? repeats : Math.min(1, repeats);
  const all = [first];
  for (let n = 1; n <= times; n += 1) all.push((all[n - 1] as number) * (n + 1));
  return all;
}

/** After "yes" and before what was asked for. */
const patienceMs = (kind: CommandKind, plan: readonly number[]): number =>
  Math.max((kind.answerWithinS ?? 0) * 1_000, (plan[0] ?? 0) * 2);

async function begin(
  session: Session,
  last: Sending,
  sent: SentMessage,
  version: Version,
  steps: number,
  again: boolean,
): Promise<CommandRow | null> {
  const { lane, world } = session;
  if (!lane || session.closed) return null;
  const detail = {
    message: hex(sent.msgId),
    serial: sent.firstSerial,
    packets: sent.frames.length,
    edition: version,
    remote: session.remote,
    ...(again ? { again: true } : {}),
  };
  const row = await world.commands.write(() =>
    world.commands.store.begin(last, lane, steps, world.now(), detail),
  );
  if (!row) return null;
  if (session.closed) {
    await release(session, row);
    return null;
  }
  if (!again) world.commands.tell(row);
  return row;
}

async function answered(
  session: Session,
  row: CommandRow,
  answer: AnswerRecord,
  sent: SentMessage,
): Promise<CommandRow | 'ended'> {
  const { commands, counts, now } = session.world;
  const detail = { reply: answer.msgId, serial: sent.firstSerial };
  const next = await commands.write(() => commands.store.answered(row, answer, now(), detail));
  if (!next) {
    await stale(session, row, answer);
    return 'ended';
  }
  counts.commands.add('answered');
  commands.tell(next);
  return next;
}

/** An answer of a connection that has lost the terminal since, or to a sending that is not the last. */
async function stale({ world }: Session, row: CommandRow, answer: AnswerRecord): Promise<void> {
  world.counts.commands.add('stale_answer');
  await world.commands.write(() =>
    world.commands.store.note(row.id, world.now(), 'stale_answer', { attempt: row.attempt, answer }),
  );
}

async function late(session: Session, row: CommandRow, answer: Answer): Promise<void> {
  const { commands, counts, now } = session.world;
  counts.commands.add('answered_late');
  const record = answerRecord(answer);
  const refusal = refusalOf(answer);
  const next =
    refusal === null ? await commands.write(() => commands.store.answeredLate(row, record, now())) : null;
  if (next) commands.tell(next);
  else
    await commands.write(() =>
      commands.store.note(row.id, now(), 'late_answer', { answer: record, ...(refusal && { refusal }) }),
    );
}

async function lost(session: Session, kind: CommandKind, row: CommandRow): Promise<void> {
  if (kind.once) await fail(session, row, 'connection_lost', {});
  else await release(session, row);
}

async function release({ world }: Session, row: CommandRow): Promise<void> {
  const next = await world.commands.write(() => world.commands.store.released(row, world.now(), {}));
  world.counts.commands.add('connection_lost');
  if (next) world.commands.tell(next);
}

async function fail(
  { world }: Session,
  row: CommandRow,
  reason: string,
  detail: { readonly [name: string]: unknown },
): Promise<void> {
  const { commands, now } = world;
  const next = await commands.write(() => commands.store.failed(row, reason, now(), detail));
  world.counts.commands.add(reason);
  if (next) commands.tell(next);
  else if (!world.ending.aborted)
    await commands.write(() => commands.store.note(row.id, now(), 'stale', { attempt: row.attempt, reason }));
}

const hex = (msgId: number): string => `0x${msgId.toString(16).toUpperCase().padStart(4, '0')}`;
