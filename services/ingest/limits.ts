/** Every limit of the ingest, each with its unit. The defaults suit one process for some ten thousand terminals. */
export interface IngestLimits {
  /** Connections open at once; one more is closed as it comes. */
  readonly maxConnections: number;
  /** From one address. High, since carriers put whole fleets behind one address. */
  readonly maxConnectionsPerAddress: number;
  /** A connection that has not authenticated by then is closed. */
  readonly authDeadlineMs: number;
  /** Wrong authentication codes, or frames sent without one, before the connection is closed. */
  readonly maxAuthFailures: number;
  /** A connection without one whole frame for so long is closed. A byte now and then does not count. */
  readonly idleMs: number;
  /** Header, body and checksum, escapes undone. JT/T 808 needs 1,045. */
  readonly maxFrameBytes: number;
  /** Over these the socket is not read until the second is over. */
  readonly maxFramesPerSecond: number;
  readonly maxBytesPerSecond: number;
  /** Seconds in a row over the rate before the connection is closed. */
  readonly maxSecondsOverRate: number;
  /** Undecodable frames on one connection before it is closed. */
  readonly maxFaults: number;
  /** Of one connection, over all messages that wait for missing packets. */
  readonly maxAssemblerBytes: number;
  /** After this without another packet the missing ones are asked for by 0x8003. */
  readonly missingPacketsMs: number;
  /** So often; then the message is given up. */
  readonly maxPacketRequests: number;
  /** Events of crews and schools under way at once; further ones are asked to come again. */
  readonly maxCrewEvents: number;
  /** Photos and recordings that one terminal sends at once, their longest, and the longest that one may take. */
  readonly maxMediaUploads: number;
  readonly maxMediaBytes: number;
  readonly maxMediaMs: number;
  /** Alarms a minute of one terminal whose files are asked for. */
  readonly maxAttachmentOrdersPerMinute: number;
  /** Reports and their bytes waiting for a commit, over all connections; above, no socket is read. */
  readonly maxPendingReports: number;
  readonly maxPendingBytes: number;
  /** Sockets are read again below this share of both. */
  readonly resumeShare: number;
  /** Reports of one vehicle that wait while it is judged again; above, its socket is not read. */
  readonly maxWaitingPerVehicle: number;
  /** Unsent bytes to one terminal; above, it does not read its answers and is closed. */
  readonly maxUnsentBytes: number;
  /** Longest wait for more reports before a commit, and the number that ends the wait. */
  readonly batchWaitMs: number;
  readonly batchReports: number;
  /** Commits under way at once, each of other vehicles. */
  readonly commitsSideBySide: number;
  /** Between tries while the database cannot be reached: first, and longest. */
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
  /** Vehicles a minute whose rows may be put aside as poisonous; more is an outage and is retried instead. */
  readonly maxPoisonedPerMinute: number;
  /** How far back, in event time, late reports are judged again; older ones are stored alone. */
  readonly rejudgeReachMs: number;
  /** The first wait for the answer to a command; the following are twice that, then three times the one before. */
  readonly commandAnswerMs: number;
  /** So often a command that is not answered is sent again. */
  readonly commandRepeats: number;
  /** Between two looks for commands that have expired, or that nobody told of. */
  readonly commandSweepMs: number;
  /** How long `close` waits for the last commits. */
  readonly shutdownMs: number;
}

export const DEFAULT_LIMITS: IngestLimits = {
  maxConnections: 20_000,
  maxConnectionsPerAddress: 10_000,
  authDeadlineMs: 30_000,
  maxAuthFailures: 3,
  idleMs: 300_000,
  maxFrameBytes: 1_045,
  maxFramesPerSecond: 200,
  maxBytesPerSecond: 128 * 1024,
  maxSecondsOverRate: 120,
  maxFaults: 20,
  maxAssemblerBytes: 1024 * 1024,
  missingPacketsMs: 5_000,
  maxPacketRequests: 5,
  maxCrewEvents: 1_000,
  maxMediaUploads: 4,
  maxMediaBytes: 16 * 1024 * 1024,
  maxMediaMs: 1_800_000,
  maxAttachmentOrdersPerMinute: 30,
  maxPendingReports: 20_000,
  maxPendingBytes: 32 * 1024 * 1024,
  resumeShare: 0.5,
  maxWaitingPerVehicle: 1_000,
  maxUnsentBytes: 256 * 1024,
  batchWaitMs: 5,
  batchReports: 2_000,
  commitsSideBySide: 1,
  retryFirstMs: 100,
  retryLongestMs: 5_000,
  maxPoisonedPerMinute: 10,
  rejudgeReachMs: 7 * 24 * 3_600_000,
  commandAnswerMs: 10_000,
  commandRepeats: 2,
  commandSweepMs: 5_000,
  shutdownMs: 10_000,
};
