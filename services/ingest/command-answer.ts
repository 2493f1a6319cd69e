import type { Body } from '../../protocol/jt808/message.ts';
import type { Answer } from './commands-under-way.ts';

/** A terminal's answer as it is kept. */
export interface AnswerRecord {
  readonly msgId: string;
  readonly result?: number;
  readonly body?: Body;
  /** Its size in characters, where it was too long to be kept here. */
  readonly tooLong?: number;
}

/** An answer that is longer as JSON, such as a recorder's hours of seconds, is not kept whole. */
const MAX_CHARACTERS = 512 * 1024;

const RESULTS: { readonly [result: number]: string } = {
  1: 'terminal_failed',
  2: 'terminal_message_error',
  3: 'terminal_unsupported',
};
const PHOTO_REPLY = 0x0805;
const NO_CHANNEL = 2;

export function answerRecord(answer: Answer): AnswerRecord {
  if (answer.kind === 'general') return { msgId: '0x0001', result: answer.result };
  const msgId = `0x${answer.msgId.toString(16).toUpperCase().padStart(4, '0')}`;
  const { length } = JSON.stringify(answer.body);
  return length > MAX_CHARACTERS ? { msgId, tooLong: length } : { msgId, body: answer.body };
}

/** Why the terminal says no, or null where it says yes. */
export function refusalOf(answer: Answer): string | null {
  if (answer.kind === 'general') {
    return answer.result === 0 ? null : (RESULTS[answer.result] ?? `terminal_result_${answer.result}`);
  }
  if (answer.msgId !== PHOTO_REPLY || answer.body.result === 0) return null;
  return answer.body.result === NO_CHANNEL ? 'no_such_channel' : 'terminal_failed';
}
