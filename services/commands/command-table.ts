import { catalogueEntry } from '../../protocol/jt808/index.ts';
import type { CommandKind, RequestOf } from './command-kind.ts';
import { deleteAreas, readAreas, setAreas } from './kinds/areas.ts';
import { connectServer, controlDoors, controlTerminal, cutSupply, shutTerminal } from './kinds/control.ts';
import { mediaSearch, mediaUpload, photo, recordAudio } from './kinds/look.ts';
import { linkCheck, locate, track } from './kinds/position.ts';
import { readRecorder, setRecorderClock } from './kinds/recorder.ts';
import { readAttributes, readParameters, writeParameters } from './kinds/settings.ts';
import { callBack, information, listenIn, phoneBook, question, text } from './kinds/talk.ts';

/** Everything that may be asked of a terminal. Request, permission, form and messages all come from here. */
export const COMMANDS = [
  text,
  callBack,
  question,
  information,
  photo,
  mediaSearch,
  mediaUpload,
  locate,
  track,
  linkCheck,
  readParameters,
  writeParameters,
  readAttributes,
  phoneBook,
  setAreas,
  readAreas,
  deleteAreas,
  readRecorder,
  setRecorderClock,
  controlDoors,
  controlTerminal,
  connectServer,
  shutTerminal,
  listenIn,
  recordAudio,
  cutSupply,
] as const;

export type CommandRequest = RequestOf<(typeof COMMANDS)[number]>;
export type CommandType = CommandRequest['type'];

const byType = new Map<string, CommandKind>(COMMANDS.map((kind) => [kind.type, kind]));

/** Null for what this version of the service does not know. */
export const commandKind = (type: string): CommandKind | null => byType.get(type) ?? null;

const GENERAL_REPLY = 0x0001;

/** The message that answers another, as the protocol describes it. */
export const replyTo = (msgId: number): number => catalogueEntry(msgId)?.description.reply ?? GENERAL_REPLY;

/** Answers of their own that terminals give to commands: what the ingest matches by serial. */
export const COMMAND_REPLIES: ReadonlySet<number> = new Set(
  COMMANDS.flatMap((kind) => kind.msgIds.map(replyTo)).filter((id) => id !== GENERAL_REPLY),
);
