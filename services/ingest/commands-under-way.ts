import type { TerminalCommandResult } from './live-events.ts';

interface Command {
  readonly msgId: number;
  readonly deadline: number;
  readonly answer: (result: TerminalCommandResult) => void;
}

/** Commands one terminal may have unanswered. */
const MAX_UNDER_WAY = 32;

/** Messages sent down one connection that wait for the terminal's answer, by their serial number. */
export class CommandsUnderWay {
  readonly #bySerial = new Map<number, Command>();

  /** Resolves with the terminal's answer, or with why there will be none. */
  expect(serial: number, msgId: number, deadline: number): Promise<TerminalCommandResult> {
    return new Promise((answer) => this.#bySerial.set(serial, { msgId, deadline, answer }));
  }

  get full(): boolean {
    return this.#bySerial.size >= MAX_UNDER_WAY;
  }

  /** 0x0001 names the message it answers; a dedicated reply gives only its serial number. */
  answered(serial: number, msgId: number | null, result: number): void {
    const command = this.#bySerial.get(serial);
    if (!command || (msgId !== null && msgId !== command.msgId)) return;
    this.#bySerial.delete(serial);
    command.answer({ ok: true, result });
  }

  expire(now: number): void {
    for (const [serial, command] of this.#bySerial) {
      if (command.deadline > now) continue;
      this.#bySerial.delete(serial);
      command.answer({ ok: false, error: 'timeout' });
    }
  }

  close(): void {
    for (const command of this.#bySerial.values()) command.answer({ ok: false, error: 'closed' });
    this.#bySerial.clear();
  }
}
