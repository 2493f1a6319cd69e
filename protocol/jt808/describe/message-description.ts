import type { Version } from '../message.ts';
import type { Fields } from './field.ts';

/** One layout of a message: one edition's table, or several editions' where they agree. */
export interface Layout<F extends Fields = Fields> {
  readonly versions: readonly Version[];
  /** Edition and table. */
  readonly source: string;
  readonly fields: F;
  /** Another form that real terminals send under the same edition; tried when the one before does not fit. */
  readonly variant?: string;
  /** Tells this layout from another of the same length, where the lengths alone do not. */
  readonly plausible?: (body: Uint8Array) => boolean;
}

/** Everything there is to know of one message. */
export interface MessageDescription {
  readonly id: number;
  readonly name: string;
  readonly zh: string;
  /** `up` from the terminal, `down` from the platform. */
  readonly direction: 'up' | 'down';
  /** Id of the message that answers it; null for none. */
  readonly reply: number | null;
  readonly layouts: readonly Layout[];
}

/** A message described: the same fields for every edition given. */
export function message<const D extends MessageDescription>(description: D): D {
  return description;
}

export const ALL: readonly Version[] = ['2011', '2013', '2019'];
export const BEFORE_2019: readonly Version[] = ['2011', '2013'];
export const SINCE_2013: readonly Version[] = ['2013', '2019'];
