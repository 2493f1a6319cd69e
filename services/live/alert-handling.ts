import type { Handling } from '../api/views/alert-view.ts';
import { handledSubject } from '../bus/subjects.ts';
import type { LiveAlert } from '../ingest/live-events.ts';
import type { StoredFinding } from '../store/store.ts';

/** Published by a web process on `handledSubject` when something was done about an alert, by somebody or by time. */
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
  ...(stored.desk ? { desk: stored.desk } : {}),
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

/** What tells all viewers how the alert stands now. */
export function announcement(stored: StoredFinding): [string, HandledAlert] {
  const { finding, district, schoolIds, retracted } = stored;
  const handling = handlingOf(stored);
  const alert: HandledAlert = { finding, district, schoolIds, replaces: null, retracted, handling };
  return [handledSubject(district ?? '', finding.vehicle), alert];
}
