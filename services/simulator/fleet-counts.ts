import { LatencyHistogram } from './latency-histogram.ts';

/** What all terminals of a fleet did together. */
export class FleetCounts {
  /** Terminals that were let in at least once. */
  connected = 0;
  /** Terminals whose line is up now. */
  online = 0;
  /** Reports sent, each counted once. */
  sent = 0;
  acknowledged = 0;
  /** Frames sent again for want of a reply, and reports sent again on a new connection. */
  retransmitted = 0;
  /** Of `sent`, those that went up as blind-area data (0x0704). */
  blind = 0;
  /** Reports that the platform answered with "message error" or "unsupported"; they are not sent again. */
  rejected = 0;
  /** Connections opened after the first of each terminal. */
  reconnects = 0;
  /** Registrations and authentications that the platform turned down. */
  refused = 0;
  /** Reports overwritten in a full memory. */
  overwritten = 0;
  /** Files of alarms that the platform has complete. */
  attachments = 0;
  /** Frames from the platform that could not be read. */
  faults = 0;
  /** From the first sending of a report to its 0x8001, milliseconds. */
  readonly ackLatency = new LatencyHistogram();
}
