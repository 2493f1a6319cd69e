import type { Body, Message } from '../../protocol/jt808/message.ts';
import type { FixSource } from './fix-source.ts';
import { areasAnswer, keepAreas } from './terminal-areas.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import type { TerminalMedia } from './terminal-media.ts';
import { MAX_KEPT, type TerminalMemory } from './terminal-memory.ts';
import { attributes, ID, location, statusOf, terminalReply } from './terminal-messages.ts';
import { listOf, parametersOf, setParameters } from './terminal-parameters.ts';
import { recorderAnswer } from './terminal-recorder.ts';
import type { TerminalSettings } from './terminal-settings.ts';

/** What a command may do with a terminal. */
export interface CommandHost {
  readonly identity: TerminalIdentity;
  readonly settings: TerminalSettings;
  readonly source: FixSource;
  readonly memory: TerminalMemory;
  send(msgId: number, body: Body, now: number): void;
  readonly media: TerminalMedia;
  /** Uploads the files of an alarm over a connection of their own. */
  uploadAlarm(order: Body): void;
  /** Goes down and comes up again, as after 0x8105. */
  restart(now: number): void;
}

const DONE = 0;
const FAILED = 1;
const MESSAGE_ERROR = 2;
const UNSUPPORTED = 3;

/** Cameras of a bus: the road, the driver, the aisle, the door. */
const CAMERAS = 4;
const NO_SUCH_CAMERA = 2;
const STORE_ONLY = 1;
const MOST_PHOTOS = 10;
/** 0x8105: commands of table 17, and those that terminals have beside them. */
const RESET = 4;
const FACTORY_RESET = 5;
const CUT_SUPPLY = 0xf0;
const RESTORE_SUPPLY = 0xf1;

/** Does what the platform asks and answers as JT/T 808 has it; what it does not know it says so. */
export function answerCommand(host: CommandHost, message: Message, now: number): void {
  const result = obey(host, message, now);
  if (result === null) return;
  host.send(ID.terminalReply, terminalReply(message.serial, message.msgId, result), now);
  if (message.msgId === ID.terminalControl && result === DONE) afterControl(host, message.body, now);
}

/** The result for a general reply (0x0001), or null where the command has an answer of its own, sent already. */
function obey(host: CommandHost, message: Message, now: number): number | null {
  const { body } = message;
  const to = { responseSerial: message.serial };
  switch (message.msgId) {
    case ID.text:
    case ID.linkCheck:
    case ID.callBack:
    case ID.information:
      return DONE;
    case ID.queryLocation: {
      const fix = host.source.peek(now);
      if (!fix) return FAILED;
      // The answer of 2011 does not say to which question.
      const asked = host.identity.version === '2011' ? {} : to;
      host.send(ID.locationAnswer, { ...asked, location: location(fix, statusOf(host.memory)) }, now);
      return null;
    }
    case ID.tracking: {
      const intervalS = Number(body.intervalS ?? 0);
      host.source.track(intervalS, now + Number(body.validityS ?? 0) * 1000);
      return DONE;
    }
    case ID.setParameters:
      return setParameters(host, body) ? DONE : FAILED;
    case ID.queryParameters:
      host.send(ID.parameters, { ...to, params: parametersOf(host, () => true) }, now);
      return null;
    case ID.queryListed: {
      const asked = new Set(listOf(body.paramIds).map(Number));
      host.send(ID.parameters, { ...to, params: parametersOf(host, (id) => asked.has(id)) }, now);
      return null;
    }
    case ID.queryAttributes:
      host.send(ID.attributes, attributes(host.identity), now);
      return null;
    case ID.question: {
      // The driver reads it and presses the first key.
      const [first] = listOf(body.answers) as readonly Body[];
      host.send(ID.terminalReply, terminalReply(message.serial, message.msgId, DONE), now);
      host.send(ID.answer, { ...to, answerId: Number(first?.id ?? 0) }, now);
      return null;
    }
    case ID.photo:
      return takePhoto(host, message, now);
    case ID.mediaReply:
      host.media.answered(message);
      return null;
    case ID.packetsAsked:
      return host.media.packetsAsked(message) ? null : FAILED;
    case ID.attachmentOrder:
      host.uploadAlarm(body);
      return DONE;
    case ID.vehicleControl:
      return controlDoors(host, message, now);
    case ID.terminalControl:
      return controlTerminal(host, body);
    case ID.phoneBook:
      return keepContacts(host.memory, body);
    case ID.queryAreas:
      host.send(ID.areas, areasAnswer(host.memory, body), now);
      return null;
    case ID.recorderRead: {
      const mileageKm = host.source.peek(now)?.mileageKm ?? 0;
      const command = Number(body.command);
      const answer = recorderAnswer(host.identity, message.serial, command, Math.round(mileageKm), now);
      host.send(ID.recorder, answer, now);
      return null;
    }
    case ID.recorderWrite:
      return DONE;
    default: {
      const kept = keepAreas(host.memory, message.msgId, body);
      return kept === null ? UNSUPPORTED : kept ? DONE : FAILED;
    }
  }
}

/** 0x8801: the shutter, and the ids of what was taken. 2011 has no answer of its own for it. */
function takePhoto(host: CommandHost, message: Message, now: number): number | null {
  const { channelId, command, save } = message.body;
  const known = Number(channelId) >= 1 && Number(channelId) <= CAMERAS;
  const count = known ? Math.min(Number(command), MOST_PHOTOS) : 0;
  const mediaIds = host.memory.newMediaIds(count);
  const taken = known ? { result: DONE, mediaIds } : { result: NO_SUCH_CAMERA };
  const answers = host.identity.version !== '2011';
  if (answers) host.send(ID.photoAnswer, { responseSerial: message.serial, ...taken }, now);
  const fix = host.source.peek(now);
  // Stored only, they wait until they are asked for.
  if (fix && save !== STORE_ONLY)
    for (const id of mediaIds) host.media.upload(id, Number(channelId), fix, now);
  if (answers) return null;
  return known ? DONE : FAILED;
}

/** 0x8500: the general reply at once, then where the bus is, its doors as they are now. */
function controlDoors(host: CommandHost, message: Message, now: number): number | null {
  const { flag, controls } = message.body;
  const [control] = listOf(controls) as readonly Body[];
  if (control === undefined && typeof flag !== 'number') return MESSAGE_ERROR;
  // 2019 has 0 for locking, the editions before it 1.
  host.memory.doorsLocked = control === undefined ? (Number(flag) & 1) === 1 : control.param === 0;
  const fix = host.source.peek(now);
  if (!fix) return DONE;
  host.send(ID.terminalReply, terminalReply(message.serial, message.msgId, DONE), now);
  const body = { responseSerial: message.serial, location: location(fix, statusOf(host.memory)) };
  host.send(ID.vehicleControlAnswer, body, now);
  return null;
}

function controlTerminal(host: CommandHost, { command }: Body): number {
  switch (command) {
    case RESET:
    case FACTORY_RESET:
      return DONE;
    case CUT_SUPPLY:
    case RESTORE_SUPPLY:
      host.memory.supplyCut = command === CUT_SUPPLY;
      return DONE;
    default:
      return UNSUPPORTED;
  }
}

/** The answer is out before the terminal goes down. */
function afterControl(host: CommandHost, { command }: Body, now: number): void {
  if (command === FACTORY_RESET) host.memory.forget(host.identity.version);
  if (command === RESET || command === FACTORY_RESET) host.restart(now);
}

/** 0x8401: 0 deletes all, 1 replaces, 2 appends, 3 changes those of the same name. */
function keepContacts(memory: TerminalMemory, { op, contacts }: Body): number {
  const given = listOf(contacts) as readonly Body[];
  const others = memory.contacts.filter(({ name }) => !given.some((contact) => contact.name === name));
  if (op === 0 || op === 1) memory.contacts = op === 0 ? [] : given;
  else memory.contacts = [...(op === 2 ? memory.contacts : others), ...given];
  return memory.contacts.length <= MAX_KEPT ? DONE : FAILED;
}
