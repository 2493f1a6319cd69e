/** How a terminal behaves; times in milliseconds. The first three can be set over the air (0x8103). */
export interface TerminalSettings {
  /** 0x0001: a heartbeat after this long without sending anything. */
  heartbeatMs: number;
  /** 0x0002: T(1), the wait for the first reply. */
  replyTimeoutMs: number;
  /** 0x0003: how often one message is sent again before the line is taken for dead. */
  retransmissions: number;
  /** Reports that may wait for their reply at the same time. */
  inFlight: number;
  /** Reports in one 0x0704; 15 of ours stay well under the 1023 bytes of one packet. */
  batchSize: number;
  /** Reports kept in memory while there is no line; the oldest are overwritten. */
  memory: number;
  connectTimeoutMs: number;
  /** Wait before connecting again: doubled from the first to the longest, times 0.5 to 1.5. */
  reconnectFirstMs: number;
  reconnectLongestMs: number;
}

export const DEFAULT_SETTINGS: TerminalSettings = {
  heartbeatMs: 30_000,
  replyTimeoutMs: 10_000,
  retransmissions: 3,
  inFlight: 1,
  batchSize: 15,
  memory: 20_000,
  connectTimeoutMs: 10_000,
  reconnectFirstMs: 1000,
  reconnectLongestMs: 30_000,
};

/**
 * How long to wait for a reply after the nth sending (from 1): T(n+1) = T(n) x (n+1), JT/T 808-2013 4.5.2, so that
 * the waits are T, 2T, 6T, 24T.
 */
export function replyWaitMs(firstMs: number, sending: number): number {
  let waitMs = firstMs;
  for (let n = 1; n < sending; n++) waitMs *= n + 1;
  return waitMs;
}

/** Before the nth attempt to connect again (from 0). `random` in [0, 1). */
export function reconnectWaitMs(settings: TerminalSettings, attempt: number, random: number): number {
  const waitMs = Math.min(
    settings.reconnectLongestMs,
    settings.reconnectFirstMs * 2 ** Math.min(attempt, 20),
  );
  return waitMs * (0.5 + random);
}
