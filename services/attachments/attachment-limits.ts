/** Every limit of the attachment port, each with its unit. */
export interface AttachmentLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Without a valid 0x1210 by then the connection is closed. */
  readonly introduceMs: number;
  /** Every so often a connection must have brought `minBytes`; a byte now and then is not enough. */
  readonly idleMs: number;
  readonly minBytes: number;
  /** The longest that one connection may last. */
  readonly maxConnectionMs: number;
  /** Files of one alarm, and the longest of them. */
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  /** All files of one alarm. */
  readonly maxAlarmBytes: number;
  /** Data of one stream packet; the standard has 64 KiB, and terminals send more. */
  readonly maxPacketBytes: number;
  /** Separate stretches of one file that are remembered. */
  readonly maxRanges: number;
  /** Wrong things on one connection before it is closed. */
  readonly maxFaults: number;
  /** Answers that the terminal does not take. */
  readonly maxUnsentBytes: number;
  /** How long `close` waits for what is being stored. */
  readonly shutdownMs: number;
}

export const ATTACHMENT_DEFAULTS: AttachmentLimits = {
  maxConnections: 512,
  maxConnectionsPerAddress: 256,
  introduceMs: 30_000,
  idleMs: 60_000,
  minBytes: 512,
  maxConnectionMs: 3_600_000,
  maxFiles: 32,
  maxFileBytes: 64 * 1024 * 1024,
  maxAlarmBytes: 256 * 1024 * 1024,
  maxPacketBytes: 1024 * 1024,
  maxRanges: 1_024,
  maxFaults: 20,
  maxUnsentBytes: 64 * 1024,
  shutdownMs: 10_000,
};
