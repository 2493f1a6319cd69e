import type { BoardingEvent } from '../../geo/boardings/boarding-event.ts';
import type { Expected, RiderRecord } from '../../geo/boardings/rider-record.ts';
import { runRecord } from '../../geo/boardings/run-record.ts';
import type { RunKey } from '../store/boarding-store.ts';
import type { OutboxWrite } from '../store/store.ts';

/** Topic of the outbox rows below. */
export const BOARDING_TOPIC = 'boarding';

/** What became of one child on one run. Ids and times; no name. */
export interface BoardingNote {
  readonly trip: string;
  readonly serviceDate: string;
  readonly rider: string;
  readonly state: RiderRecord['state'];
  /** When it happened, milliseconds since the epoch; null where the child is only expected again. */
  readonly at: number | null;
  readonly stop: string | null;
  readonly vehicle: string | null;
  /** At another stop than the child's own, or on no roster of this run. */
  readonly warnings: RiderRecord['warnings'];
  readonly conflicts: RiderRecord['conflicts'];
}

/** Outbox rows for every child of whom something else is true now. */
export function tellFamilies(
  run: RunKey,
  roster: ReadonlyMap<string, Expected>,
  before: readonly BoardingEvent[],
  after: readonly BoardingEvent[],
): OutboxWrite[] {
  const was = new Map(runRecord(before, roster).riders.map((record) => [record.rider, record]));
  return runRecord(after, roster).riders.flatMap((record) => {
    const known = was.get(record.rider);
    const same =
      (known?.state ?? 'expected') === record.state &&
      (known?.warnings.length ?? 0) === record.warnings.length;
    if (same) return [];
    const payload = noteOf(run, record);
    return [{ topic: BOARDING_TOPIC, key: `${run.serviceDate} ${run.trip} ${record.rider}`, payload }];
  });
}

function noteOf(run: RunKey, record: RiderRecord): BoardingNote {
  const mark = record.state === 'expected' ? null : record[record.state];
  const said = record.evidence.find(({ id }) => id === mark?.id);
  return {
    trip: run.trip,
    serviceDate: run.serviceDate,
    rider: record.rider,
    state: record.state,
    at: mark?.at ?? null,
    stop: mark?.stop ?? null,
    vehicle: said?.vehicle ?? null,
    warnings: record.warnings,
    conflicts: record.conflicts,
  };
}
