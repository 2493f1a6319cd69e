import type { Handling } from '../api/views/alert-view.ts';
import type { LiveAlert } from '../ingest/live-events.ts';

/** Published by a web process on `handledSubject` when somebody acknowledged or resolved an alert. */
export interface HandledAlert extends LiveAlert {
  readonly handling: Handling;
}

export const handlingOf = (stored: Handling): Handling => ({
  state: stored.state,
  acknowledgedAt: stored.acknowledgedAt,
  acknowledgedBy: stored.acknowledgedBy,
  resolvedAt: stored.resolvedAt,
  resolvedBy: stored.resolvedBy,
  resolution: stored.resolution,
  note: stored.note,
  raisedAt: stored.raisedAt,
});

export const unhandled = (raisedAt: number): Handling => ({
  state: 'new',
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolvedBy: null,
  resolution: null,
  note: null,
  raisedAt,
});
