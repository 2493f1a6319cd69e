import type { Body, Message } from '../../protocol/jt808/message.ts';
import type { FixSource } from './fix-source.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import { hexId, ID, location, terminalReply } from './terminal-messages.ts';
import type { TerminalSettings } from './terminal-settings.ts';

/** What a command may do with a terminal. */
export interface CommandHost {
  readonly identity: TerminalIdentity;
  readonly settings: TerminalSettings;
  readonly source: FixSource;
  send(msgId: number, body: Body, now: number): void;
}

const DONE = 0;
const FAILED = 1;
const UNSUPPORTED = 3;

/** Parameters that the terminal keeps, by id (JT/T 808-2019 table 12): how each is read and set. */
const PARAMETERS: readonly {
  readonly id: number;
  read(host: CommandHost): number;
  write(host: CommandHost, value: number): void;
}[] = [
  {
    id: 0x0001,
    read: (host) => Math.round(host.settings.heartbeatMs / 1000),
    write: (host, seconds) => {
      host.settings.heartbeatMs = seconds * 1000;
    },
  },
  {
    id: 0x0002,
    read: (host) => Math.ceil(host.settings.replyTimeoutMs / 1000),
    write: (host, seconds) => {
      host.settings.replyTimeoutMs = seconds * 1000;
    },
  },
  {
    id: 0x0003,
    read: (host) => host.settings.retransmissions,
    write: (host, count) => {
      host.settings.retransmissions = count;
    },
  },
  {
    id: 0x0029,
    read: (host) => Math.round(host.source.intervalS),
    write: (host, seconds) => host.source.setInterval(seconds),
  },
];

/** Does what the platform asks and answers as JT/T 808 has it; what it does not know it says so. */
export function answerCommand(host: CommandHost, message: Message, now: number): void {
  const result = obey(host, message, now);
  if (result === null) return;
  host.send(ID.terminalReply, terminalReply(message.serial, message.msgId, result), now);
}

/** The result for a general reply (0x0001), or null where the command has an answer of its own, sent already. */
function obey(host: CommandHost, message: Message, now: number): number | null {
  switch (message.msgId) {
    case ID.text:
    case ID.linkCheck:
      return DONE;
    case ID.queryLocation: {
      const fix = host.source.peek(now);
      if (!fix) return FAILED;
      // The answer of 2011 does not say to which question.
      const asked = host.identity.version === '2011' ? {} : { responseSerial: message.serial };
      host.send(ID.locationAnswer, { ...asked, location: location(fix) }, now);
      return null;
    }
    case ID.tracking: {
      const intervalS = Number(message.body.intervalS ?? 0);
      host.source.track(intervalS, now + Number(message.body.validityS ?? 0) * 1000);
      return DONE;
    }
    case ID.setParameters:
      return setParameters(host, message.body) ? DONE : FAILED;
    case ID.queryParameters:
      answerParameters(host, message, () => true, now);
      return null;
    case ID.queryListed: {
      const asked = new Set(list(message.body.paramIds).map(Number));
      answerParameters(host, message, (id) => asked.has(id), now);
      return null;
    }
    default:
      return UNSUPPORTED;
  }
}

/** Takes what it knows; false where there was something that it does not know or cannot be. */
function setParameters(host: CommandHost, body: Body): boolean {
  let all = true;
  for (const given of list(body.params)) {
    const { id, value } = given as { id: unknown; value: unknown };
    const parameter = PARAMETERS.find((known) => known.id === Number(id));
    const takes = typeof value === 'number' && value > 0;
    if (parameter && takes) parameter.write(host, value);
    else all = false;
  }
  return all;
}

function answerParameters(
  host: CommandHost,
  message: Message,
  asked: (id: number) => boolean,
  now: number,
): void {
  const params = PARAMETERS.filter((parameter) => asked(parameter.id)).map((parameter) => ({
    id: hexId(parameter.id),
    value: parameter.read(host),
  }));
  host.send(ID.parameters, { responseSerial: message.serial, params }, now);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
