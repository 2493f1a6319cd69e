import type { Static, TObject } from 'typebox';
import type { Body, Version } from '../../protocol/jt808/message.ts';

/** What a command is about; the console shows them in these groups, in this order. */
export const COMMAND_GROUPS = [
  'talk',
  'look',
  'position',
  'settings',
  'areas',
  'recorder',
  'control',
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/**
 * What a login needs to send it; `services/api/policy` says which role has which. `command` is daily work,
 * `configure` changes what the terminal does from now on, `control` reaches into the vehicle or listens in.
 */
export type CommandRight = 'command' | 'configure' | 'control';

/** One message of a command, its fields as the codec names them. */
export interface CommandMessage {
  readonly msgId: number;
  readonly body: Body;
  /** The message that answers it, where an edition has another than the description says. */
  readonly replyId?: number;
}

/** One thing that may be asked of a terminal, described once. */
export interface CommandKind<Type extends string = string, Fields extends TObject = TObject> {
  readonly type: Type;
  readonly group: CommandGroup;
  readonly summary: string;
  readonly right: CommandRight;
  /** Of the request, beside `type`. */
  readonly fields: Fields;
  /** The messages it may become; what answers each is in the protocol's own description. */
  readonly msgIds: readonly number[];
  /** Editions of JT/T 808 that have it; left out: all. */
  readonly editions?: readonly Version[];
  /** How long it is worth delivering, if the request does not say. */
  readonly expiresInS: number;
  /** Never sent a second time: doing it twice is not the same as doing it once. */
  readonly once?: true;
  /** The general reply says enough where the reply of its own does not come. */
  readonly acceptanceCounts?: true;
  /** A person answers, or a camera: longer than a terminal takes by itself. */
  readonly answerWithinS?: number;
  /** Why this request needs a vehicle known to stand still; null where it does not. */
  standing?(fields: Static<Fields>): boolean;
  /** Does this request need `confirm` to hold the plate? */
  confirmed?(fields: Static<Fields>): boolean;
  /** Sent one after another, each after the answer to the one before. */
  messages(fields: Static<Fields>, version: Version): readonly CommandMessage[];
}

/** Keeps the literal types of a kind, so that requests are typed by the table. */
export const kind = <Type extends string, Fields extends TObject>(
  described: CommandKind<Type, Fields>,
): CommandKind<Type, Fields> => described;

/** The request of a kind, as it comes and as it is kept. */
export type RequestOf<K> =
  K extends CommandKind<infer Type, infer Fields> ? { type: Type } & Static<Fields> : never;
