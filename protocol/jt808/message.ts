/** Editions of JT/T 808. 2011 and 2013 share a header; 2013 stands for both where they cannot be told apart. */
export type Version = '2011' | '2013' | '2019';

/** A decoded message. `body` holds the fields by name, with units in the names; JSON values only. */
export interface Message {
  readonly msgId: number;
  readonly name: string;
  readonly version: Version;
  /** Protocol version byte of a 2019 header (1 is the first); 0 before 2019. */
  readonly protocolVersion: number;
  /** Every BCD digit as sent: 12 before 2019, 20 since. */
  readonly phone: string;
  readonly serial: number;
  readonly encrypted: boolean;
  /** Set on one packet of a message sent in several, both from 1. */
  readonly part?: number;
  readonly parts?: number;
  readonly body: Body;
  /** What was odd but could be understood, one line each, starting with a stable word. */
  readonly warnings: readonly string[];
}

export type Body = { readonly [field: string]: unknown };

/** Why bytes are not a message. The words are those of the `decode` verb. */
export type FaultCode = 'framing' | 'checksum' | 'truncated' | 'length' | 'unsupported' | 'body';

export interface Fault {
  readonly error: FaultCode;
  readonly detail: string;
  /** Header fields as far as they could be read, so that a fault can be answered and attributed. */
  readonly msgId?: number;
  readonly phone?: string;
  readonly serial?: number;
  readonly version?: Version;
  /** What could be read of the body all the same, for people; never to act upon. */
  readonly body?: Body;
  readonly warnings?: readonly string[];
}
