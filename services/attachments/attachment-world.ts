import type { QuietLog } from '../ingest/quiet-log.ts';
import type { MediaKeeper } from '../media/keep-media.ts';
import type { MediaCounts } from '../media/media-counts.ts';
import type { AttachmentLimits } from './attachment-limits.ts';

/** What every connection to the attachment port shares. */
export interface AttachmentWorld {
  readonly keeper: MediaKeeper;
  readonly counts: MediaCounts;
  readonly limits: AttachmentLimits;
  readonly log: QuietLog;
  /** Under which the alarm numbers prove themselves. */
  readonly key: Uint8Array;
  /** The vehicle of a terminal, as the ingest names it; null while the database cannot say. */
  readonly vehicleOf: (phone: string) => Promise<string | null>;
  readonly now: () => number;
}
