import { Counter, Gauge, type Registry } from '@platformatic/prom-client';
import { countedMetrics, Tally } from '../tally.ts';

/** What is counted of media, whichever way they come. */
export interface MediaCounts {
  /** Stored bytes. */
  bytes: number;
  /** Connections to the attachment port. */
  connections: number;
  /** stored, duplicate, store_failed, fault, incomplete, too_long, ... */
  readonly outcomes: Tally;
  /** Of the attachment port: connections closed, by reason. */
  readonly closed: Tally;
  /** Of the attachment port: what was wrong with what came. */
  readonly faults: Tally;
}

export function mediaCounts(registry: Registry, openUploads: () => number): MediaCounts {
  const counts: MediaCounts = {
    bytes: 0,
    connections: 0,
    outcomes: new Tally(),
    closed: new Tally(),
    faults: new Tally(),
  };
  const { plain, labelled } = countedMetrics(registry, 'busguard_');
  plain('media_bytes_total', 'Bytes of media stored', Counter, () => counts.bytes);
  plain('media_uploads', 'Uploads of media under way', Gauge, openUploads);
  plain(
    'attachments_connections',
    'Connections open to the attachment port',
    Gauge,
    () => counts.connections,
  );
  labelled('media_total', 'Media by what became of them', 'outcome', counts.outcomes);
  labelled(
    'attachments_closed_total',
    'Connections to the attachment port closed, by reason',
    'reason',
    counts.closed,
  );
  labelled('attachments_faults_total', 'What was wrong on the attachment port', 'reason', counts.faults);
  return counts;
}
