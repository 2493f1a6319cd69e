import type { Body } from '../../protocol/jt808/message.ts';

/** One message that went down a connection, in as many packets as it took. */
export interface SentMessage {
  readonly msgId: number;
  /** The message that answers it: 0x0001, or one of its own. */
  readonly replyId: number;
  readonly firstSerial: number;
  /** As they went out: what is asked for again (0x0005) goes out the same (JT/T 808-2019 4.4.3). */
  readonly frames: readonly Uint8Array[];
}

export type Answer =
  | { readonly kind: 'general'; readonly result: number }
  | { readonly kind: 'own'; readonly msgId: number; readonly body: Body };

/** What waiting came to. `silence`: nothing yet; `closed`: nothing will come on this connection. */
export type Outcome = Answer | { readonly kind: 'silence' } | { readonly kind: 'closed' };

const GENERAL_REPLY = 0x0001;
const SUCCESS = 0;
/** Messages given up whose answer may still come; of more the oldest are forgotten. */
const MAX_LATE = 16;
/** Commands one connection may have unanswered. */
export const MAX_UNDER_WAY = 16;

/** A message on its way, until it is answered or given up. */
export class MessageUnderWay {
  readonly sent: SentMessage;
  /** 0x0001 said yes; the answer proper is still to come. */
  accepted = false;
  /** Told of the answer where it comes after all waiting is over. */
  onLate: ((answer: Answer) => void) | null = null;
  readonly #packets = new Set<number>();
  #outcome: Outcome | null = null;
  #tell: ((outcome: Outcome) => void) | null = null;

  constructor(sent: SentMessage) {
    this.sent = sent;
  }

  /** Resolves with the answer, or with `silence` after `ms`; waits anew if asked again. */
  async wait(ms: number): Promise<Outcome> {
    if (this.#outcome) return this.#outcome;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<Outcome>((resolve) => {
      timer = setTimeout(resolve, ms, { kind: 'silence' });
    });
    const told = new Promise<Outcome>((resolve) => {
      this.#tell = resolve;
    });
    const outcome = await Promise.race([told, silence]);
    clearTimeout(timer);
    this.#tell = null;
    // A terminal that names the first packet of several, and no other, has answered the whole.
    if (outcome.kind === 'silence' && this.#packets.size === 1 && this.#packets.has(0)) return this.#yes();
    return outcome;
  }

  /**
   * 0x0001, to any of the packets. Some terminals answer the last packet alone, some the first, some every one: "no"
   * to any is no, and "yes" to the last, or to each, is yes.
   */
  general(packet: number, result: number): void {
    if (result !== SUCCESS) {
      this.settle({ kind: 'general', result });
      return;
    }
    this.#packets.add(packet);
    const { length } = this.sent.frames;
    if (packet !== length - 1 && this.#packets.size < length) return;
    const yes = this.#yes();
    if (yes.kind === 'general') this.settle(yes);
  }

  #yes(): Outcome {
    if (this.sent.replyId === GENERAL_REPLY) return { kind: 'general', result: SUCCESS };
    this.accepted = true;
    return { kind: 'silence' };
  }

  settle(outcome: Outcome): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    if (this.#tell) this.#tell(outcome);
    else if (outcome.kind === 'general' || outcome.kind === 'own') this.onLate?.(outcome);
  }

  get settled(): boolean {
    return this.#outcome !== null;
  }
}

/** Messages sent down one connection that wait for the terminal's answer, by the serial numbers of their packets. */
export class CommandsUnderWay {
  readonly #bySerial = new Map<number, MessageUnderWay>();
  readonly #waiting = new Set<MessageUnderWay>();
  #late: MessageUnderWay[] = [];

  expect(sent: SentMessage): MessageUnderWay {
    const message = new MessageUnderWay(sent);
    this.#waiting.add(message);
    for (let i = 0; i < sent.frames.length; i += 1)
      this.#bySerial.set((sent.firstSerial + i) & 0xffff, message);
    return message;
  }

  /** Nobody waits for it any more; its answer is still known for a while if `onLate` is set. */
  giveUp(message: MessageUnderWay): void {
    this.#waiting.delete(message);
    if (message.onLate && !message.settled) {
      this.#late.push(message);
      if (this.#late.length <= MAX_LATE) return;
    }
    const gone = message.onLate && !message.settled ? this.#late.shift() : message;
    if (gone) this.#forget(gone);
  }

  #forget(message: MessageUnderWay): void {
    this.#late = this.#late.filter((other) => other !== message);
    const { firstSerial, frames } = message.sent;
    for (let i = 0; i < frames.length; i += 1) {
      const serial = (firstSerial + i) & 0xffff;
      // Serials wrap: the number may be another's by now.
      if (this.#bySerial.get(serial) === message) this.#bySerial.delete(serial);
    }
  }

  /** 0x0001 names the message and the serial that it answers. False where nothing of the kind was sent. */
  general(serial: number, msgId: number, result: number): boolean {
    const message = this.#bySerial.get(serial);
    if (!message || message.sent.msgId !== msgId) return false;
    message.general((serial - message.sent.firstSerial) & 0xffff, result);
    return true;
  }

  /** An answer of its own names the serial alone; of 2011 some do not even do that (null): the oldest it can be. */
  own(serial: number | null, msgId: number, body: () => Body): boolean {
    const message =
      serial === null
        ? [...this.#waiting, ...this.#late].find(({ sent }) => sent.replyId === msgId)
        : this.#bySerial.get(serial);
    if (!message || message.sent.replyId !== msgId) return false;
    message.settle({ kind: 'own', msgId, body: body() });
    return true;
  }

  /** 0x0005: packets of a message by their numbers, from 1; null where it is not known any more. */
  packets(firstSerial: number, numbers: readonly number[]): Uint8Array[] | null {
    const message = this.#bySerial.get(firstSerial);
    if (!message || message.sent.firstSerial !== firstSerial) return null;
    return numbers.flatMap((number) => message.sent.frames[number - 1] ?? []);
  }

  close(): void {
    for (const message of this.#waiting) message.settle({ kind: 'closed' });
    this.#waiting.clear();
    this.#late = [];
    this.#bySerial.clear();
  }
}
