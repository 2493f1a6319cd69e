import type { FindingWrite, OutboxWrite } from '../store/store.ts';
import { causeRow } from './causes.ts';

/** The cause of a finding that has opened; null of those that nobody is told of. `backfill`: found in what came late. */
export function findingCause(write: FindingWrite, backfill: boolean): OutboxWrite | null {
  const { finding, district, schoolIds, incident, vehicleKey } = write;
  if (finding.late || finding.shadow || incident) return null;
  const { id, rule, severity, vehicle, trip, start, evidence } = finding;
  const stop = rule === 'skipped_stop' && typeof evidence.stop === 'string' ? evidence.stop : null;
  return causeRow(
    {
      topic: 'notify.finding',
      id,
      rule,
      severity,
      vehicle,
      trip,
      start,
      district,
      schoolIds,
      stop,
      backfill,
    },
    vehicleKey,
  );
}
