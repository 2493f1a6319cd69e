import { type Static, Type } from 'typebox';
import type { FaultCode } from '../../../protocol/jt808/message.ts';
import type * as contract from '../contract.ts';
import { objectOrNull, words } from './basics.ts';

const FAULTS = [
  'framing',
  'checksum',
  'truncated',
  'length',
  'unsupported',
  'body',
] as const satisfies readonly FaultCode[];

/** A frame of JT/T 808 taken apart, as `contract.ts` has it. */
export const FrameView = Type.Object({
  title: Type.String({ description: 'Id, name and edition of the message' }),
  source: Type.String({ description: 'Edition and table of the body' }),
  bytes: Type.String({ description: 'Header, body and checksum in hex, without flags and escapes' }),
  fields: Type.Array(
    Type.Object({
      offset: Type.Integer({ description: 'Of its first byte within bytes' }),
      hex: Type.String(),
      path: Type.String({ description: 'In parentheses what is only of the wire' }),
      value: Type.Unknown(),
      unit: Type.String(),
      meaning: Type.String({ description: 'What a code or the bits mean' }),
      source: Type.String({ description: 'Edition and table' }),
    }),
  ),
  warnings: Type.Array(Type.String()),
  fault: objectOrNull(Type.Object({ code: words(FAULTS), detail: Type.String() })),
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Agrees<T extends true> = T;
/** Does not compile where the schema and the contract differ. */
export type ContractHolds = Agrees<Same<Static<typeof FrameView>, contract.FrameView>>;
