import { Counter, Gauge, Histogram, type Registry } from '@platformatic/prom-client';
import { countedMetrics, Tally } from '../tally.ts';

/** What the ingest counts. Plain fields: they become metrics only when somebody asks for them. */
export interface IngestCounts {
  connections: number;
  authenticated: number;
  paused: number;
  pendingReports: number;
  pendingBytes: number;
  frames: number;
  bytes: number;
  acknowledged: number;
  commits: number;
  /** accepted, duplicate, late, not_positioned, absurd_position, too_late_to_judge */
  readonly reports: Tally;
  /** By the word of `FaultCode`, and for what the ingest itself finds wrong. */
  readonly faults: Tally;
  readonly quarantined: Tally;
  /** Connections closed, by reason. */
  readonly closed: Tally;
  /** opened, updated, closed, retracted, late */
  readonly findings: Tally;
  /** unavailable, poisoned, refused, rejudged, registered, registration_refused, authentication_refused, ... */
  readonly events: Tally;
  /** Commands to terminals: sent, sent_again, answered, answered_late, or why one failed. */
  readonly commands: Tally;
  readonly commitSeconds: Histogram;
  readonly batchReports: Histogram;
}

/** Registers the metrics of the ingest and returns what they are read from. */
export function ingestCounts(registry: Registry): IngestCounts {
  const registers = [registry];
  const counts: IngestCounts = {
    connections: 0,
    authenticated: 0,
    paused: 0,
    pendingReports: 0,
    pendingBytes: 0,
    frames: 0,
    bytes: 0,
    acknowledged: 0,
    commits: 0,
    reports: new Tally(),
    faults: new Tally(),
    quarantined: new Tally(),
    closed: new Tally(),
    findings: new Tally(),
    events: new Tally(),
    commands: new Tally(),
    commitSeconds: new Histogram({
      name: 'busguard_ingest_commit_seconds',
      help: 'Time of one commit of reports',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    batchReports: new Histogram({
      name: 'busguard_ingest_batch_reports',
      help: 'Reports in one commit',
      buckets: [1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000],
      registers,
    }),
  };
  const { plain, labelled } = countedMetrics(registry, 'busguard_ingest_');
  plain('connections', 'Connections open', Gauge, () => counts.connections);
  plain('terminals', 'Terminals authenticated and connected', Gauge, () => counts.authenticated);
  plain('sockets_paused', 'Sockets not read for the moment', Gauge, () => counts.paused);
  plain('pending_reports', 'Reports waiting for a commit', Gauge, () => counts.pendingReports);
  plain('pending_bytes', 'Bytes waiting for a commit', Gauge, () => counts.pendingBytes);
  plain('frames_total', 'Frames received', Counter, () => counts.frames);
  plain('bytes_total', 'Bytes received', Counter, () => counts.bytes);
  plain('acknowledged_total', 'Reports acknowledged', Counter, () => counts.acknowledged);
  plain('commits_total', 'Commits', Counter, () => counts.commits);
  labelled('reports_total', 'Reports by what became of them', 'outcome', counts.reports);
  labelled('faults_total', 'Frames that were wrong, by what was wrong', 'reason', counts.faults);
  labelled('quarantined_total', 'Frames kept aside, by reason', 'reason', counts.quarantined);
  labelled('closed_total', 'Connections closed, by reason', 'reason', counts.closed);
  labelled('findings_total', 'Findings by what happened to them', 'change', counts.findings);
  labelled('commands_total', 'Commands to terminals, by what happened', 'event', counts.commands);
  labelled('events_total', 'Other things worth counting', 'event', counts.events);
  return counts;
}
